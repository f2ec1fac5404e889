import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { SpiqError } from '../errors.js';
import { workerBackends, type Transport, type WorkerBackend } from './backends.js';
import { WireClient } from './client.js';
import { openEndpoint } from './endpoint.js';
import { WorkerError } from './errors.js';
import { greet } from './greeting.js';
import { Line } from './line.js';
import type { WireBody } from './message.js';
import { OutputTail } from './output-tail.js';
import { workerPath } from './python.js';
import { connectDealer } from './socket.js';

export interface LifeOptions {
  readonly backend: WorkerBackend;
  readonly python: string;
  /** Default `ipc`, but on Windows, which has none. */
  readonly transport?: Transport;
  /** A file that the worker shares, by its descriptor. */
  readonly region?: { readonly fd: number };
  /** Limit of the worker's address space. */
  readonly memoryBytes?: number;
}

const defaultTransport: Transport = process.platform === 'win32' ? 'tcp' : 'ipc';
/** Milliseconds that a worker gets to end by itself. */
const endDeadline = 2_000;
/** Milliseconds for the last words of a worker that has ended; processes of its own may hold its pipes open. */
const lastWords = 200;
/** Descriptors that a worker gets beside its standard ones. */
const lineDescriptor = 3;
const regionDescriptor = 4;

/** A worker as long as it can be spoken to. */
export interface Life {
  readonly client: WireClient;
  readonly pid: number;
  /** What it said of itself. */
  readonly welcome: WireBody;
  /** Why it ended by itself, or had to be ended. */
  readonly crash: WorkerError | undefined;
  readonly stderrTail: string;
  end(how: 'at once' | 'in peace'): Promise<void>;
}

/** One Python process, from its start to its end. */
export class WorkerLife implements Life {
  readonly client: WireClient;
  readonly #child: ChildProcess;
  readonly #output = new OutputTail();
  readonly #line: Line | undefined;
  readonly #ended: Promise<void>;
  #welcome: WireBody = {};
  #ending = false;
  #crash: WorkerError | undefined;

  private constructor(child: ChildProcess, socket: Awaited<ReturnType<typeof connectDealer>>) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) this.#output.watch(stream);
    }
    this.client = new WireClient(
      socket,
      () => this.#output.text,
      (overdue) => {
        this.#crash = overdue;
        child.kill('SIGKILL');
      },
    );
    const pair = child.stdio[lineDescriptor] as Socket | null;
    this.#line = pair === null ? undefined : new Line(pair);
    this.#ended = this.#watchEnd();
    unreference(child);
  }

  static async start(options: LifeOptions, signal?: AbortSignal): Promise<WorkerLife> {
    const { backend, transport = defaultTransport } = options;
    const endpoint = await openEndpoint(transport);
    try {
      const socket = await connectDealer(endpoint.address);
      const token = randomBytes(16).toString('hex');
      let child: ChildProcess;
      try {
        child = await spawnPython(endpoint.address, token, options);
      } catch (cause) {
        socket.close();
        throw cause;
      }
      const life = new WorkerLife(child, socket);
      await life.#greet(token, workerBackends[backend].startMs, signal);
      return life;
    } finally {
      // Both ends have the socket open by now: its name is not needed, and so it cannot be left over.
      endpoint.release();
    }
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get welcome(): WireBody {
    return this.#welcome;
  }

  get crash(): WorkerError | undefined {
    return this.#crash;
  }

  get stderrTail(): string {
    return this.#output.text;
  }

  /** Ends the process, at once or when it has answered what it was asked last. */
  async end(how: 'at once' | 'in peace'): Promise<void> {
    this.#ending = true;
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.client.failAll(closed());
      this.#child.ref();
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), endDeadline);
      if (how === 'at once') this.#child.kill('SIGKILL');
      else this.#child.stdin?.end();
      await this.#ended;
      clearTimeout(timer);
    }
    await this.#ended;
    this.client.close(closed());
  }

  async #greet(token: string, deadlineMs: number, signal: AbortSignal | undefined): Promise<void> {
    const options = { deadlineMs, ...(signal === undefined ? {} : { signal }) };
    try {
      this.#welcome = await greet(this.client, token, options);
      // A worker that lets go of the line cannot be spoken to: it ends, or is ended.
      if (this.#line !== undefined && this.#welcome.line === true) {
        this.client.useLine(this.#line, () => this.#child.kill('SIGKILL'));
      }
    } catch (error) {
      await this.end('at once');
      throw error;
    }
  }

  async #watchEnd(): Promise<void> {
    const [code, signal] = await endOf(this.#child);
    if (!this.#ending) this.#crash ??= crashOf(this.#output.text, code, signal);
    this.client.close(this.#crash ?? closed());
  }
}

async function endOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const tell = (): void => {
        clearTimeout(timer);
        resolve([code, signal]);
      };
      const timer = setTimeout(tell, lastWords);
      child.once('close', tell);
    });
  });
}

async function spawnPython(
  endpoint: string,
  token: string,
  { python, backend, transport = defaultTransport, region, memoryBytes }: LifeOptions,
): Promise<ChildProcess> {
  const args = ['-X', 'faulthandler', '-m', 'spiq_worker', '--endpoint', endpoint];
  args.push('--backend', backend);
  if (transport === 'ipc') args.push('--line-fd', String(lineDescriptor));
  if (region !== undefined) args.push('--region-fd', String(regionDescriptor));
  if (memoryBytes !== undefined) args.push('--memory', String(memoryBytes));
  const { PYTHONPATH } = process.env;
  const searched = PYTHONPATH ? `${workerPath}${path.delimiter}${PYTHONPATH}` : workerPath;
  const child = spawn(python, args, {
    stdio: [
      ...(['pipe', 'pipe', 'pipe'] as const),
      transport === 'ipc' ? 'pipe' : 'ignore',
      region?.fd ?? 'ignore',
    ],
    env: { ...process.env, PYTHONPATH: searched, SPIQ_WORKER_TOKEN: token },
    windowsHide: true,
  });
  try {
    await once(child, 'spawn');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const text = `worker process: expected a Python that starts, received '${reason}'`;
    throw new WorkerError('E_NO_PYTHON', text, { cause });
  }
  // Its end is told by 'exit'; what is written to it afterwards is nobody's loss.
  child.stdin?.on('error', () => undefined);
  return child;
}

/** An idle worker is no reason for Node.js to stay. */
function unreference(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    (stream as (Readable & { unref?: () => void }) | null)?.unref?.();
  }
}

function crashOf(output: string, exitCode: number | null, signal: string | null): WorkerError {
  const details = { stderrTail: output, exitCode, signal, state: 'broken' as const };
  const missing = /^(?:ModuleNotFoundError|ImportError): (.+)$/m.exec(output)?.[1];
  if (missing !== undefined && exitCode === 1) {
    const text = `worker process: expected a Python with the modules it needs, received '${missing}'`;
    return new WorkerError('E_IMPORT', text, details);
  }
  const how = signal === null ? `exit code ${String(exitCode)}` : `signal ${signal}`;
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  const said = last === '' ? '' : `; its last words: ${last.slice(0, 200)}`;
  const text = `worker process: expected it to run, received its end with ${how}${said}`;
  return new WorkerError('E_CRASH', text, { ...details, retryable: true });
}

export function closed(): SpiqError {
  return new SpiqError('E_STATE', 'worker process: expected one that runs, received a closed one');
}
