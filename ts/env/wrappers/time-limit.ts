import { mismatch } from '../../errors.js';
import { Fields } from '../../formats/fields.js';
import type { Environment, Saved, StepResult } from '../env.js';
import { notRunning } from '../rules.js';
import { Wrapper } from './wrapper.js';

/** Truncates an episode after so many steps, on top of the environment's own limit. */
export function withTimeLimit(environment: Environment, maxSteps: number): Environment {
  if (!Number.isSafeInteger(maxSteps) || maxSteps < 1) {
    throw mismatch('E_RANGE', 'maxSteps', 'a whole number of at least 1', maxSteps);
  }
  return new TimeLimitWrapper(environment, maxSteps);
}

class TimeLimitWrapper extends Wrapper {
  readonly #maxSteps: number;
  #elapsed = 0;

  constructor(inner: Environment, maxSteps: number) {
    super(inner);
    this.#maxSteps = maxSteps;
  }

  reset(seed?: number): Float32Array {
    const observation = this.inner.reset(seed);
    this.#elapsed = 0;
    return observation;
  }

  step(action: number): StepResult {
    // The inner episode may go on for ever: only the wrapper knows that it is over.
    if (this.#elapsed >= this.#maxSteps) throw notRunning('an episode that has ended');
    const result = this.inner.step(action);
    this.#elapsed += 1;
    return this.#elapsed < this.#maxSteps ? result : { ...result, truncated: true };
  }

  protected override saveOwn(): Saved {
    return { elapsed: this.#elapsed };
  }

  protected restoreOwn(own: Saved, observation: Float32Array): Float32Array {
    const fields = new Fields(own, 'saved time limit');
    const elapsed = fields.count('elapsed');
    fields.done();
    this.#elapsed = elapsed;
    return observation;
  }
}
