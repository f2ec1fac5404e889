import type { Environment, Saved, StepResult } from '../env.js';
import { Wrapper } from './wrapper.js';

/** What else a reward may depend on. */
export interface RewardInfo {
  /** The observation that the action answered. */
  readonly previous: Float32Array;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly lifeLost: boolean;
}

/** A reward in place of the environment's own; `observation` is what the action led to. */
export type RewardFunction = (
  reward: number,
  observation: Float32Array,
  action: number,
  info: RewardInfo,
) => number;

/** The same task for other rewards. */
export function withReward(environment: Environment, reward: RewardFunction): Environment {
  return new RewardWrapper(environment, reward);
}

class RewardWrapper extends Wrapper {
  readonly #reward: RewardFunction;
  readonly #previous: Float32Array;

  constructor(inner: Environment, reward: RewardFunction) {
    super(inner);
    this.#reward = reward;
    this.#previous = new Float32Array(inner.observationSpace.size);
  }

  reset(seed?: number): Float32Array {
    return this.#remember(this.inner.reset(seed));
  }

  step(action: number): StepResult {
    const result = this.inner.step(action);
    const { observation, terminated, truncated, lifeLost = false } = result;
    const info = { previous: this.#previous, terminated, truncated, lifeLost };
    const reward = this.#reward(result.reward, observation, action, info);
    this.#remember(observation);
    return { ...result, reward };
  }

  protected restoreOwn(_own: Saved, observation: Float32Array): Float32Array {
    return this.#remember(observation);
  }

  #remember(observation: Float32Array): Float32Array {
    this.#previous.set(observation);
    return observation;
  }
}
