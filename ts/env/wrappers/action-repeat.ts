import { mismatch } from '../../errors.js';
import type { Environment, Saved, StepResult } from '../env.js';
import { Wrapper } from './wrapper.js';

/** Takes each action `count` times, or until the episode ends: rewards are added, the last observation counts. */
export function withActionRepeat(environment: Environment, count: number): Environment {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw mismatch('E_RANGE', 'count', 'a whole number of at least 1', count);
  }
  return new ActionRepeatWrapper(environment, count);
}

class ActionRepeatWrapper extends Wrapper {
  readonly #count: number;

  constructor(inner: Environment, count: number) {
    super(inner);
    this.#count = count;
  }

  reset(seed?: number): Float32Array {
    return this.inner.reset(seed);
  }

  step(action: number): StepResult {
    let result = this.inner.step(action);
    let { reward, lifeLost = false } = result;
    for (let k = 1; k < this.#count && !result.terminated && !result.truncated; k += 1) {
      result = this.inner.step(action);
      reward += result.reward;
      lifeLost ||= result.lifeLost === true;
    }
    return { ...result, reward, lifeLost };
  }

  protected restoreOwn(_own: Saved, observation: Float32Array): Float32Array {
    return observation;
  }
}
