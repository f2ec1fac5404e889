import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readNpzFile } from '../../ts/formats/npz/index.js';
import type { Npz } from '../../ts/formats/npz/index.js';
import type { Contender } from '../race.js';

interface Answer {
  readonly error?: string;
  readonly version?: string;
  readonly out?: readonly number[];
  readonly seconds?: number;
}

const keptErrorCharacters = 2000;
const server = fileURLToPath(new URL('../../../bench/peers/serve.py', import.meta.url));

/** A module of a group's folder, and the file that it is to read. */
export interface PeerProgram {
  readonly folder: string;
  readonly module: string;
  readonly file: string;
  readonly threads: number;
  /** Further folders with modules. */
  readonly paths?: readonly string[];
}

/** A peer in a process of its own, see `bench/peers/serve.py`; it waits while others are timed. */
export class PythonPeer implements Contender {
  readonly name: string;
  version = '';
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string, undefined>;
  #stderr = '';

  constructor(
    name: string,
    python: string,
    { folder, module, file, threads, paths = [] }: PeerProgram,
  ) {
    this.name = name;
    const numpyThreads = String(threads);
    this.#child = spawn(python, [server, folder, module, file], {
      env: {
        ...process.env,
        OMP_NUM_THREADS: numpyThreads,
        OPENBLAS_NUM_THREADS: numpyThreads,
        PYTHONPATH: paths.join(path.delimiter),
        PYTHONDONTWRITEBYTECODE: '1',
      },
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-keptErrorCharacters);
    });
    // The end of the answers tells of a process that is gone.
    this.#child.stdin.on('error', () => undefined);
    this.#lines = createInterface({ input: this.#child.stdout })[
      Symbol.asyncIterator
    ]() as AsyncIterator<string, undefined>;
  }

  /** Waits until it is ready; rejects with its error if it cannot run. */
  async start(): Promise<void> {
    this.version = (await this.#answer()).version ?? 'unknown';
  }

  async outputs(): Promise<readonly number[]> {
    return (await this.#ask('check')).out ?? [];
  }

  /** What the peers of a group save besides their numbers. */
  async saved(file: string): Promise<Npz> {
    await this.#ask(`save ${file}`);
    return readNpzFile(file);
  }

  async warm(seconds: number): Promise<number> {
    return (await this.#ask(`warm ${seconds}`)).seconds!;
  }

  async time(calls: number): Promise<number> {
    return (await this.#ask(`time ${calls}`)).seconds!;
  }

  end(): void {
    this.#child.stdin.end();
    this.#child.kill();
  }

  async #ask(line: string): Promise<Answer> {
    this.#child.stdin.write(`${line}\n`);
    return this.#answer();
  }

  async #answer(): Promise<Answer> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`ended without an answer: ${this.#stderr.trim()}`);
    const answer = JSON.parse(value) as Answer;
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }
}
