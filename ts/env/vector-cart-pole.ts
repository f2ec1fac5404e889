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
import type { VectorEnvironment } from './env.js';
import { Random } from './random.js';

/** `count` CartPoles; copy k gives the trajectory of one CartPole with the same seed, reset whenever it ends. */
export class VectorCartPole implements VectorEnvironment {
  readonly count: number;
  readonly observationSpace = observationSpace;
  readonly actionSpace = actionSpace;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly #maxSteps: number;
  readonly #states: Float64Array[];
  readonly #elapsed: Uint32Array;
  #randoms: Random[];
  #started = false;

  constructor(count: number, options: CartPoleOptions = {}) {
    if (!Number.isSafeInteger(count) || count < 1) {
      throw mismatch('E_RANGE', 'count', 'a whole number of at least 1', count);
    }
    this.count = count;
    this.#maxSteps = readMaxSteps(options);
    this.observations = new Float32Array(count * stateSize);
    this.finalObservations = new Float32Array(count * stateSize);
    this.rewards = new Float64Array(count);
    this.terminated = new Uint8Array(count);
    this.truncated = new Uint8Array(count);
    this.#states = Array.from({ length: count }, () => new Float64Array(stateSize));
    this.#elapsed = new Uint32Array(count);
    // Copies never seeded must still differ from each other.
    this.#randoms = Array.from({ length: count }, (_, copy) => new Random(copy));
  }

  reset(seeds?: readonly number[]): void {
    if (seeds !== undefined) {
      if (seeds.length !== this.count) {
        throw mismatch('E_SHAPE', 'seeds', `${this.count} of them`, phrase(`${seeds.length}`));
      }
      this.#randoms = seeds.map((seed) => new Random(seed));
    }
    this.#states.forEach((state, copy) => this.#begin(state, copy));
    this.finalObservations.set(this.observations);
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.#started = true;
  }

  step(actions: ArrayLike<number>): void {
    if (!this.#started) {
      throw new SpiqError(
        'E_STATE',
        'step: expected running episodes, received an environment never reset: call reset',
      );
    }
    if (actions.length !== this.count) {
      throw mismatch('E_SHAPE', 'actions', `${this.count} of them`, phrase(`${actions.length}`));
    }
    // All are checked before any copy moves, so that a refused call changes nothing.
    for (let copy = 0; copy < this.count; copy += 1) checkAction(actions[copy]);
    this.#states.forEach((state, copy) => this.#stepCopy(state, copy, actions[copy]!));
  }

  #stepCopy(state: Float64Array, copy: number, action: number): void {
    const terminated = advance(state, action);
    const elapsed = this.#elapsed[copy]! + 1;
    const truncated = elapsed >= this.#maxSteps;
    this.#elapsed[copy] = elapsed;
    this.rewards[copy] = 1;
    this.terminated[copy] = terminated ? 1 : 0;
    this.truncated[copy] = truncated ? 1 : 0;
    this.finalObservations.set(state, copy * stateSize);
    if (terminated || truncated) this.#begin(state, copy);
    else this.observations.set(state, copy * stateSize);
  }

  #begin(state: Float64Array, copy: number): void {
    drawInitialState(state, this.#randoms[copy]!);
    this.#elapsed[copy] = 0;
    this.observations.set(state, copy * stateSize);
  }
}
