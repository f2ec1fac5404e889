import { SpiqError } from '../errors.js';

/** The longest that training keeps the event loop from serving timers and signals, but for a single update. */
const longestMilliseconds = 4;

/** Lets the event loop run now and then; the clock decides when, and nothing that is computed depends on it. */
export class Breath {
  #last = performance.now();

  get due(): boolean {
    return performance.now() - this.#last > longestMilliseconds;
  }

  async take(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#last = performance.now();
  }
}

export function refuseIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const message = 'training: expected to finish, received an abort signal';
  throw new SpiqError('E_CANCELLED', message, { cause: signal.reason });
}
