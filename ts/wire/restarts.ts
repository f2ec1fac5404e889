import { setTimeout as sleep } from 'node:timers/promises';
import { WorkerError } from './errors.js';

/** Milliseconds before each new start for one call; after the last of them it is given up. */
export const restartDelays: readonly number[] = [250, 1000, 4000];

/** When a worker that has ended by itself is started again. */
export class Restarts {
  readonly #restart: (reason: WorkerError) => Promise<void>;
  readonly #stop = new AbortController();
  #count = 0;
  #underWay: Promise<number> | undefined;
  #lost: Error | undefined;

  /** `restart` brings the worker back to where it was. */
  constructor(restart: (reason: WorkerError) => Promise<void>) {
    this.#restart = restart;
  }

  get count(): number {
    return this.#count;
  }

  /** Does `work`, and does it again in a worker started anew as long as the worker ends on the way and tries are left. */
  async insist<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 0; ;) {
      await this.#underWay?.catch(() => undefined);
      if (this.#lost !== undefined) throw this.#lost;
      const seen = this.#count;
      try {
        return await work();
      } catch (error) {
        if (!isInterruption(error) || this.#stop.signal.aborted) throw error;
        // One end interrupts all calls that are under way; the first of them sees to it.
        if (seen === this.#count && this.#underWay === undefined) {
          this.#underWay = this.#startAgain(error, tries).finally(() => {
            this.#underWay = undefined;
          });
        }
        tries = this.#underWay === undefined ? tries + 1 : await this.#underWay;
      }
    }
  }

  /** From now on nothing is started again; calls that wait for that fail with this error. */
  async stop(error: Error): Promise<void> {
    this.#lost = error;
    this.#stop.abort();
    await this.#underWay?.catch(() => undefined);
  }

  async #startAgain(interruption: WorkerError, triesBefore: number): Promise<number> {
    let reason = interruption;
    for (let tries = triesBefore; ; tries += 1) {
      const delay = restartDelays[tries];
      if (delay === undefined) throw (this.#lost = givenUp(reason, tries));
      await sleep(delay, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      if (this.#stop.signal.aborted) throw this.#lost ?? reason;
      try {
        await this.#restart(reason);
        this.#count += 1;
        return tries + 1;
      } catch (error) {
        if (!isInterruption(error)) throw (this.#lost ??= error as Error);
        reason = error;
      }
    }
  }
}

/** The worker ended, or was ended because it did not answer; what it was asked may be asked again. */
function isInterruption(error: unknown): error is WorkerError {
  return error instanceof WorkerError && (error.code === 'E_CRASH' || error.code === 'E_TIMEOUT');
}

function givenUp(reason: WorkerError, restarts: number): WorkerError {
  const text = `${reason.message}; given up after ${restarts} restarts`;
  const { code, stderrTail, exitCode, signal, state } = reason;
  return new WorkerError(code, text, { stderrTail, exitCode, signal, state, cause: reason });
}
