import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { SpiqError } from '../errors.js';
import { fileError } from '../formats/files.js';

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, by the system's own count; empty where the system does not tell. */
  readonly begun: string;
}

export const lockFile = 'lock';
/** Two processes that find the same stale lock at once come to an end after so many tries. */
const mostTries = 5;

/** At most one process writes a run. A lock whose process is gone is taken over. */
export class RunLock {
  readonly #file: string;
  #held = true;

  private constructor(file: string) {
    this.#file = file;
  }

  static take(folder: string): RunLock {
    const file = path.join(folder, lockFile);
    for (let attempt = 0; attempt < mostTries; attempt += 1) {
      if (create(file)) return new RunLock(file);
      const owner = readOwner(file);
      if (owner !== undefined && isAlive(owner)) throw taken(folder, owner);
      removeStale(file, folder);
    }
    throw new SpiqError(
      'E_STATE',
      `run '${folder}': expected its lock to be free, received others that take it`,
    );
  }

  release(): void {
    if (this.#held) rmSync(this.#file, { force: true });
    this.#held = false;
  }
}

/** The lock appears with its content at once, so that nobody reads half of it. */
function create(file: string): boolean {
  const partial = `${file}.${process.pid}.partial`;
  try {
    writeFileSync(partial, JSON.stringify(thisProcess()));
    linkSync(partial, file);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw fileError(file, 'write', cause);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Of several that find a lock stale one renames it; who comes later may hold a fresh one, and puts it back. */
function removeStale(file: string, folder: string): void {
  const stale = `${file}.${process.pid}.stale.partial`;
  try {
    renameSync(file, stale);
    const owner = readOwner(stale);
    if (owner === undefined || !isAlive(owner)) return;
    linkSync(stale, file);
    throw taken(folder, owner);
  } catch (cause) {
    if (cause instanceof SpiqError) throw cause;
    if (codeOf(cause) !== 'ENOENT') throw fileError(file, 'remove', cause);
  } finally {
    rmSync(stale, { force: true });
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

function taken(folder: string, { pid, host }: Owner): SpiqError {
  const who = host === hostname() ? `process ${pid}` : `process ${pid} of ${host}`;
  return new SpiqError(
    'E_STATE',
    `run '${folder}': expected nobody to write it, received ${who} (its file '${lockFile}' says so)`,
  );
}

const thisProcess = (): Owner => ({
  pid: process.pid,
  host: hostname(),
  begun: beginOf(process.pid),
});

/** Undefined where there is none, or one that no spiq wrote. */
function readOwner(file: string): Owner | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  try {
    const { pid, host, begun } = JSON.parse(text) as Partial<Owner>;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof begun !== 'string') return;
    return { pid, host, begun };
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) return undefined;
    throw cause;
  }
}

/** A process of another machine counts as alive: nobody here can tell. */
function isAlive({ pid, host, begun }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  // The number may have been given to another process since.
  return begun === '' || begun === beginOf(pid);
}

/** Field 22 of Linux' /proc/PID/stat, counted behind the name, which may hold blanks. */
function beginOf(pid: number): string {
  const text = readIfThere(`/proc/${pid}/stat`) ?? '';
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ESRCH') return undefined;
    throw fileError(file, 'read', cause);
  }
}
