import { SpiqError } from '../errors.js';

/** One piece of work at a time, in the order in which they came: deadlines begin when a request is really sent. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Pieces that wait or are under way. */
  get length(): number {
    return this.#waiting;
  }

  async take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#waiting += 1;
    const before = this.#last;
    const own = before.then(async () => {
      if (signal?.aborted === true) throw cancelled(signal);
      return work();
    });
    this.#last = own.catch(() => undefined);
    void this.#last.then(() => (this.#waiting -= 1));
    return signal === undefined ? own : await whileWaiting(before, own, signal);
  }
}

/** Whoever is cancelled while others have their turn need not wait for theirs. */
async function whileWaiting<T>(
  before: Promise<unknown>,
  own: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  own.catch(() => undefined);
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      reject(cancelled(signal));
    };
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    await Promise.race([before, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
  return own;
}

export function cancelled(signal: AbortSignal): SpiqError {
  return new SpiqError('E_CANCELLED', 'the call was cancelled', { cause: signal.reason });
}
