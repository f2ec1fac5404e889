import type { RequestOptions } from '../wire/client.js';
import { WorkerError } from '../wire/errors.js';
import type { WireBody, WireMessage, WireTensor } from '../wire/message.js';
import { WorkerProcess, type WorkerOptions } from '../wire/worker.js';
import type { BuildMessage } from './build-message.js';
import { readBuilt, type Built } from './replies.js';
import { Turns } from './turns.js';

/** What a lane builds, and builds again when its worker was started anew. */
export interface LaneNet {
  readonly name: string;
  readonly message: BuildMessage;
  readonly layers: number;
}

/** One worker of a pool with the networks that it holds; requests take turns. */
export class Lane {
  readonly #nets = new Map<string, LaneNet>();
  readonly #turns = new Turns();
  #worker!: WorkerProcess;
  #broken = false;

  private constructor(private readonly buildDeadlineMs: number) {}

  static async start(
    options: WorkerOptions,
    buildDeadlineMs: number,
    onRestart: ((reason: WorkerError) => void) | undefined,
  ): Promise<Lane> {
    const lane = new Lane(buildDeadlineMs);
    lane.#worker = await WorkerProcess.start({
      ...options,
      onRestart: async (_, reason) => {
        onRestart?.(reason);
        lane.#broken = false;
        for (const net of lane.#nets.values()) await lane.#send(net);
      },
    });
    return lane;
  }

  get worker(): WorkerProcess {
    return this.#worker;
  }

  /** Requests that wait or are under way. */
  get load(): number {
    return this.#turns.length;
  }

  async build(net: LaneNet, signal?: AbortSignal): Promise<Built> {
    const built = await this.#turns.take(
      async () => this.#worker.insist(async () => this.#send(net, signal)),
      signal,
    );
    this.#nets.set(net.name, net);
    return built;
  }

  /** Sends a request; after an end of the worker again, to one that has been brought back. */
  async ask(
    type: string,
    body: WireBody,
    tensors: ReadonlyMap<string, WireTensor>,
    options: RequestOptions,
  ): Promise<WireMessage> {
    const work = async (): Promise<WireMessage> => {
      await this.#mend();
      try {
        return await this.#worker.ask(type, body, tensors, options);
      } catch (error) {
        // The back end broke off in no known state, its process has not ended.
        this.#broken = error instanceof WorkerError && error.state === 'broken';
        throw error;
      }
    };
    return this.#turns.take(async () => this.#worker.insist(work), options.signal);
  }

  async destroy(name: string): Promise<void> {
    if (!this.#nets.delete(name)) return;
    await this.#turns.take(async () => {
      // A worker that has ended holds nothing any more.
      if (this.#worker.crashed === undefined) await this.#worker.ask('sim.destroy', { net: name });
    });
  }

  async close(): Promise<void> {
    await this.#worker.close();
  }

  /** A back end that has failed in a call starts from nothing: nobody knows what its networks hold. */
  async #mend(): Promise<void> {
    if (!this.#broken || this.#worker.crashed !== undefined) return;
    await this.#worker.restart();
    for (const net of this.#nets.values()) await this.#send(net);
    this.#broken = false;
  }

  async #send({ name, message, layers }: LaneNet, signal?: AbortSignal): Promise<Built> {
    const options = { deadlineMs: this.buildDeadlineMs, ...(signal && { signal, graceMs: grace }) };
    const body = { net: name, ...message.body };
    return readBuilt(await this.#worker.ask('sim.build', body, message.tensors, options), layers);
  }
}

/** Milliseconds that a worker gets to break off what was cancelled. */
export const grace = 500;
