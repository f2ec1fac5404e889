import { SpiqError, mismatch, phrase } from '../errors.js';
import {
  actionSpace,
  advance,
  checkAction,
  drawInitialState,
  observationSpace,
  readMaxSteps,
  stateSize,
  type CartPoleOptions,
} from './cart-pole-dynamics.js';
import type { Environment, StepResult } from './env.js';
import { Random } from './random.js';

/** Gymnasium's CartPole-v1: reward 1 for every step, the last one included. */
export class CartPole implements Environment {
  readonly observationSpace = observationSpace;
  readonly actionSpace = actionSpace;
  readonly #maxSteps: number;
  readonly #state = new Float64Array(stateSize);
  readonly #observation = new Float32Array(stateSize);
  #random = new Random(0);
  #elapsed = 0;
  #phase: 'not reset' | 'running' | 'ended' = 'not reset';

  constructor(options: CartPoleOptions = {}) {
    this.#maxSteps = readMaxSteps(options);
  }

  /** The float64 state behind the float32 observation; a copy. */
  get state(): Float64Array {
    return this.#state.slice();
  }

  /** Steps taken in this episode. */
  get elapsed(): number {
    return this.#elapsed;
  }

  reset(seed?: number): Float32Array {
    if (seed !== undefined) this.#random = new Random(seed);
    drawInitialState(this.#state, this.#random);
    this.#elapsed = 0;
    this.#phase = 'running';
    return this.#observe();
  }

  /**
   * Puts the episode into a given state, as if `elapsed` steps had been taken, and returns the observation.
   * The next `step` is then Gymnasium's step from that state; the generator is left as it is.
   */
  setState(state: ArrayLike<number>, elapsed = 0): Float32Array {
    if (state.length !== stateSize) {
      throw mismatch('E_SHAPE', 'state', `${stateSize} numbers`, phrase(`${state.length} numbers`));
    }
    for (let k = 0; k < stateSize; k += 1) {
      if (!Number.isFinite(state[k])) {
        throw mismatch('E_NOT_FINITE', `state[${k}]`, 'a finite number', state[k]);
      }
    }
    if (!Number.isSafeInteger(elapsed) || elapsed < 0 || elapsed >= this.#maxSteps) {
      const permitted = `a whole number from 0 to ${this.#maxSteps - 1}`;
      throw mismatch('E_RANGE', 'elapsed', permitted, elapsed);
    }
    this.#state.set(state);
    this.#elapsed = elapsed;
    this.#phase = 'running';
    return this.#observe();
  }

  step(action: number): StepResult {
    checkAction(action);
    if (this.#phase !== 'running') {
      const came =
        this.#phase === 'ended' ? 'an episode that has ended' : 'an environment never reset';
      throw new SpiqError(
        'E_STATE',
        `step: expected a running episode, received ${came}: call reset`,
      );
    }
    const terminated = advance(this.#state, action);
    this.#elapsed += 1;
    const truncated = this.#elapsed >= this.#maxSteps;
    if (terminated || truncated) this.#phase = 'ended';
    return { observation: this.#observe(), reward: 1, terminated, truncated };
  }

  #observe(): Float32Array {
    this.#observation.set(this.#state);
    return this.#observation;
  }
}
