import { throwIfCancelled, type RequestOptions } from './client.js';
import type { WorkerError } from './errors.js';
import { WorkerLife, closed, type LifeOptions } from './life.js';
import { isRecord, type WireArray, type WireBody } from './message.js';
import { findWorkerPython, type PythonChoice } from './python.js';
import { Restarts } from './restarts.js';

export interface WorkerOptions extends Omit<LifeOptions, 'python'>, PythonChoice {
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
  readonly #options: LifeOptions;
  readonly #restarts: Restarts;
  readonly #stop = new AbortController();
  #life: WorkerLife;

  private constructor(life: WorkerLife, options: LifeOptions, { onRestart }: WorkerOptions) {
    this.#life = life;
    this.#options = options;
    this.#restarts = new Restarts(async (reason) => {
      await this.restart();
      await onRestart?.(this, reason);
    });
  }

  static async start(options: WorkerOptions): Promise<WorkerProcess> {
    throwIfCancelled(options.signal);
    const { backend, region, memoryBytes } = options;
    const chosen: LifeOptions = {
      backend,
      python: await findWorkerPython(options),
      ...(region === undefined ? {} : { region }),
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
    };
    const life = await WorkerLife.start(chosen, options.signal);
    return new WorkerProcess(life, chosen, options);
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
    const reply = await this.#life.client.request(type, body, shaped, options);
    const flat = new Map([...reply.tensors].map(([name, { data }]) => [name, data]));
    return { type: reply.type, body: reply.body, tensors: flat };
  }

  /** Does `work`, and again after a crash or a timeout, in a process started anew and brought back by `onRestart`. */
  async insist<T>(work: () => Promise<T>): Promise<T> {
    return this.#restarts.insist(work);
  }

  /** Ends the process, if it has not ended, and starts another one, which knows nothing of what the first one held. */
  async restart(): Promise<void> {
    await this.#life.end('at once');
    if (this.#stop.signal.aborted) throw closed();
    const life = await WorkerLife.start(this.#options, this.#stop.signal);
    this.#life = life;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#restarts.stop(closed());
    await this.#life.end('in peace');
  }
}
