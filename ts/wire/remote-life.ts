import type { Dealer } from 'zeromq';
import { WireClient } from './client.js';
import { WorkerError } from './errors.js';
import { greet } from './greeting.js';
import { closed, type Life } from './life.js';
import type { WireBody } from './message.js';
import { connectDealer, type CurveKeys } from './socket.js';

/** A worker that somebody started by hand, here or on another machine. */
export interface RemoteWorker {
  /** As `tcp://host:5555`. */
  readonly endpoint: string;
  /** What the worker got as SPIQ_WORKER_TOKEN. */
  readonly token: string;
  /** Needed wherever the worker is not on this machine. */
  readonly curve?: CurveKeys;
}

/**
 * Milliseconds to its welcome: it runs already. Keys that do not fit are met with silence, and libzmq's monitors, which tell
 * more, at times made later sockets of the process hang.
 */
const greetingDeadline = 5000;

/** A connection to a worker that goes on without it. */
export class RemoteLife implements Life {
  readonly client: WireClient;
  /** What it writes stays where it runs. */
  readonly stderrTail = '';
  #welcome: WireBody = {};
  #crash: WorkerError | undefined;

  private constructor(socket: Dealer) {
    this.client = new WireClient(
      socket,
      () => '',
      (overdue) => {
        this.#crash = overdue;
        this.client.close(overdue);
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
    });
    const life = new RemoteLife(socket);
    try {
      const options = { deadlineMs: greetingDeadline, ...(signal && { signal }) };
      life.#welcome = await greet(life.client, token, options);
      return life;
    } catch (error) {
      life.client.close(closed());
      const silent = error instanceof WorkerError && error.code === 'E_TIMEOUT';
      throw silent ? unanswered(error) : error;
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
    this.client.close(closed());
    return Promise.resolve();
  }
}

function unanswered(cause: WorkerError): WorkerError {
  const expected = `an answer within ${greetingDeadline} ms, from a worker that knows this client's key and has the one given for it`;
  return new WorkerError(
    'E_AUTH',
    `keys of the worker process: expected ${expected}, received none`,
    {
      cause,
    },
  );
}
