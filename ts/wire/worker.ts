import { randomBytes } from 'node:crypto';
import { workerBackends } from './backends.js';
import { throwIfCancelled, type RequestOptions } from './client.js';
import type { WorkerError } from './errors.js';
import { WorkerLife, closed, type Life, type LifeOptions } from './life.js';
import {
  isRecord,
  type WireArray,
  type WireBody,
  type WireMessage,
  type WireTensor,
} from './message.js';
import { findWorkerPython, type PythonChoice } from './python.js';
import { RemoteLife, type RemoteWorker } from './remote-life.js';
import { Restarts } from './restarts.js';

type StartLife = (signal?: AbortSignal) => Promise<Life>;

export interface WorkerOptions extends Omit<LifeOptions, 'python'>, PythonChoice {
  /** A worker that runs already, in place of one that is started. */
  readonly remote?: RemoteWorker;
  /** Stops the start, not the worker that has started. */
  readonly signal?: AbortSignal;
  /** Puts back what the worker held, after an end that nobody asked for; `insist` waits for it. */
  readonly onRestart?: (worker: WorkerProcess, reason: WorkerError) => Promise<void>;
}

export interface WorkerReply {
  readonly type: string;
  readonly body: WireBody;
  readonly tensors: ReadonlyMap<string, WireArray>;
}

const noTensors: ReadonlyMap<string, WireArray> = new Map();

/** A Python process that answers requests, and ends when it is closed or when Node.js does. */
export class WorkerProcess {
  readonly #start: StartLife;
  readonly #restarts: Restarts;
  readonly #stop = new AbortController();
  #life: Life;

  private constructor(life: Life, start: StartLife, { onRestart }: WorkerOptions) {
    this.#life = life;
    this.#start = start;
    this.#restarts = new Restarts(async (reason) => {
      await this.restart();
      await onRestart?.(this, reason);
    });
  }

  static async start(options: WorkerOptions): Promise<WorkerProcess> {
    throwIfCancelled(options.signal);
    const start = options.remote ? connecting(options.remote) : await spawning(options);
    return new WorkerProcess(await start(options.signal), start, options);
  }

  get pid(): number {
    return this.#life.pid;
  }

  /** Of Python, numpy and the packages that the worker uses. */
  get versions(): Readonly<Record<string, string>> {
    const { python, numpy, versions } = this.#life.welcome;
    const packages = isRecord(versions) ? versions : {};
    return { python, numpy, ...packages } as Record<string, string>;
  }

  /** What the worker said of itself. */
  get welcome(): WireBody {
    return this.#life.welcome;
  }

  /** Why the process ended by itself, if it did. */
  get crashed(): WorkerError | undefined {
    return this.#life.crash;
  }

  /** How often `insist` has started it again. */
  get restarts(): number {
    return this.#restarts.count;
  }

  get stderrTail(): string {
    return this.#life.stderrTail;
  }

  async request(
    type: string,
    body: WireBody,
    tensors: ReadonlyMap<string, WireArray> = noTensors,
    options: RequestOptions = {},
  ): Promise<WorkerReply> {
    const shaped = new Map(
      [...tensors].map(([name, data]) => [name, { data, shape: [data.length] }]),
    );
    const reply = await this.ask(type, body, shaped, options);
    const flat = new Map([...reply.tensors].map(([name, { data }]) => [name, data]));
    return { type: reply.type, body: reply.body, tensors: flat };
  }

  /** `request` with tensors of any shape. */
  async ask(
    type: string,
    body: WireBody,
    tensors: ReadonlyMap<string, WireTensor> = new Map(),
    options: RequestOptions = {},
  ): Promise<WireMessage> {
    return this.#life.client.request(type, body, tensors, options);
  }

  /** Does `work`, and again after a crash or a timeout, in a process started anew and brought back by `onRestart`. */
  async insist<T>(work: () => Promise<T>): Promise<T> {
    return this.#restarts.insist(work);
  }

  /** Ends the process, if it has not ended, and starts another one, which knows nothing of what the first one held. */
  async restart(): Promise<void> {
    await this.#life.end('at once');
    if (this.#stop.signal.aborted) throw closed();
    this.#life = await this.#start(this.#stop.signal);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#restarts.stop(closed());
    await this.#life.end('in peace');
  }
}

async function spawning(options: WorkerOptions): Promise<StartLife> {
  const { backend, region, memoryBytes, transport } = options;
  const chosen: LifeOptions = {
    backend,
    python: await findWorkerPython({ profile: workerBackends[backend].profile, ...options }),
    ...(transport === undefined ? {} : { transport }),
    ...(region === undefined ? {} : { region }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
  return async (signal) => WorkerLife.start(chosen, signal);
}

function connecting(remote: RemoteWorker): StartLife {
  const identity = randomBytes(8).toString('hex');
  return async (signal) => RemoteLife.start(remote, identity, signal);
}
