import type { Dealer } from 'zeromq';
import { WireClient } from './client.js';
import type { WorkerError } from './errors.js';
import { greet } from './greeting.js';
import { closed, type Life } from './life.js';
import type { WireBody } from './message.js';
import { connectDealer, stopWatching, type CurveKeys } from './socket.js';

/** A worker that somebody started by hand, here or on another machine. */
export interface RemoteWorker {
  /** As `tcp://host:5555`. */
  readonly endpoint: string;
  /** What the worker got as SPIQ_WORKER_TOKEN. */
  readonly token: string;
  /** Needed wherever the worker is not on this machine. */
  readonly curve?: CurveKeys;
}

/** Milliseconds to its welcome: it runs already. */
const greetingDeadline = 10_000;

/** A connection to a worker that goes on without it. */
export class RemoteLife implements Life {
  readonly client: WireClient;
  /** What it writes stays where it runs. */
  readonly stderrTail = '';
  #welcome: WireBody = {};
  #crash: WorkerError | undefined;

  private constructor(private readonly socket: Dealer) {
    this.client = new WireClient(
      socket,
      () => '',
      (overdue) => {
        this.#fail(overdue);
      },
    );
  }

  static async start(
    { endpoint, token, curve }: RemoteWorker,
    identity: string,
    signal?: AbortSignal,
  ): Promise<RemoteLife> {
    const socket = await connectDealer(endpoint, {
      identity,
      ...(curve && { curve }),
      onRefused: (error) => {
        life.#fail(error);
      },
    });
    const life = new RemoteLife(socket);
    try {
      const options = { deadlineMs: greetingDeadline, ...(signal && { signal }) };
      life.#welcome = await greet(life.client, token, options);
      return life;
    } catch (error) {
      life.#close(closed());
      throw life.#crash ?? error;
    } finally {
      stopWatching(socket);
    }
  }

  get pid(): number {
    return typeof this.#welcome.pid === 'number' ? this.#welcome.pid : 0;
  }

  get welcome(): WireBody {
    return this.#welcome;
  }

  get crash(): WorkerError | undefined {
    return this.#crash;
  }

  end(): Promise<void> {
    this.#close(closed());
    return Promise.resolve();
  }

  #fail(error: WorkerError): void {
    this.#crash = error;
    this.#close(error);
  }

  /** In this order: a socket that is closed while it is watched makes later ones of this process hang. */
  #close(error: Error): void {
    stopWatching(this.socket);
    this.client.close(error);
  }
}
