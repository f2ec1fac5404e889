import { mismatch, phrase } from '../../errors.js';
import type { BoxSpace, Environment, Saved, StepResult } from '../env.js';
import { Wrapper } from './wrapper.js';

/** What an agent is to see of an observation: as many numbers as the new space has. */
export type ObservationFunction = (observation: Float32Array) => ArrayLike<number>;

/** The same task seen otherwise; `space` is what is seen, the environment's own space if left out. */
export function withObservation(
  environment: Environment,
  observe: ObservationFunction,
  space: BoxSpace = environment.observationSpace,
): Environment {
  return new ObservationWrapper(environment, observe, space);
}

class ObservationWrapper extends Wrapper {
  readonly #function: ObservationFunction;
  readonly #seen: Float32Array;

  constructor(inner: Environment, observe: ObservationFunction, space: BoxSpace) {
    super(inner, space);
    this.#function = observe;
    this.#seen = new Float32Array(space.size);
  }

  reset(seed?: number): Float32Array {
    return this.#observe(this.inner.reset(seed));
  }

  step(action: number): StepResult {
    const result = this.inner.step(action);
    return { ...result, observation: this.#observe(result.observation) };
  }

  protected restoreOwn(_own: Saved, observation: Float32Array): Float32Array {
    return this.#observe(observation);
  }

  #observe(observation: Float32Array): Float32Array {
    const seen = this.#function(observation);
    if (seen.length !== this.#seen.length) {
      const expected = `${this.#seen.length} values`;
      throw mismatch('E_SHAPE', 'result of observe', expected, phrase(`${seen.length}`));
    }
    this.#seen.set(seen);
    return this.#seen;
  }
}
