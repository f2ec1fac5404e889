import { mismatch, phrase } from '../errors.js';
import { Fields } from '../formats/fields.js';
import type { BoxSpace, DiscreteSpace, Environment, Saved, VectorEnvironment } from './env.js';
import { restoreTo, saveOf } from './optional.js';
import { checkSeed } from './random.js';
import { checkAction, notRunning } from './rules.js';

/**
 * `count` copies of any environment; copy k gives the trajectory of one environment with the same seed, reset
 * whenever its episode ends.
 */
export class Vectorised implements VectorEnvironment {
  readonly count: number;
  readonly observationSpace: BoxSpace;
  readonly actionSpace: DiscreteSpace;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly livesLost: Uint8Array;
  readonly #copies: readonly Environment[];
  #started = false;

  constructor(environment: () => Environment, count: number) {
    if (!Number.isSafeInteger(count) || count < 1) {
      throw mismatch('E_RANGE', 'count', 'a whole number of at least 1', count);
    }
    this.#copies = Array.from({ length: count }, environment);
    this.count = count;
    this.observationSpace = this.#copies[0]!.observationSpace;
    this.actionSpace = this.#copies[0]!.actionSpace;
    this.observations = new Float32Array(count * this.observationSpace.size);
    this.finalObservations = new Float32Array(count * this.observationSpace.size);
    this.rewards = new Float64Array(count);
    this.terminated = new Uint8Array(count);
    this.truncated = new Uint8Array(count);
    this.livesLost = new Uint8Array(count);
  }

  reset(seeds?: readonly number[]): void {
    if (seeds !== undefined) this.#checkSeeds(seeds);
    this.#copies.forEach((copy, k) => {
      // Copies never seeded must still differ from each other.
      const seed = seeds?.[k] ?? (this.#started ? undefined : k);
      this.#put(this.observations, k, copy.reset(seed));
    });
    this.#started = true;
    this.#forgetStep();
  }

  step(actions: ArrayLike<number>): void {
    if (!this.#started) throw notRunning('an environment never reset');
    if (actions.length !== this.count) {
      throw mismatch('E_SHAPE', 'actions', `${this.count} of them`, phrase(`${actions.length}`));
    }
    // All are checked before any copy moves, so that a refused call changes nothing.
    for (let k = 0; k < this.count; k += 1) checkAction(this.actionSpace, actions[k]);
    for (let k = 0; k < this.count; k += 1) {
      const copy = this.#copies[k]!;
      const result = copy.step(actions[k]!);
      this.rewards[k] = result.reward;
      this.terminated[k] = result.terminated ? 1 : 0;
      this.truncated[k] = result.truncated ? 1 : 0;
      this.livesLost[k] = result.lifeLost === true ? 1 : 0;
      this.#put(this.finalObservations, k, result.observation);
      const ended = result.terminated || result.truncated;
      this.#put(this.observations, k, ended ? copy.reset() : result.observation);
    }
  }

  save(): Saved {
    return { started: this.#started, copies: this.#copies.map(saveOf) };
  }

  restore(saved: Saved): void {
    const what = 'saved copies of an environment';
    const fields = new Fields(saved, what);
    const started = fields.boolean('started');
    const copies = fields.list('copies') as readonly Saved[];
    fields.done();
    if (copies.length !== this.count) {
      throw mismatch('E_FORMAT', what, `${this.count} of them`, phrase(`${copies.length}`));
    }
    const before = this.save() as { readonly copies: readonly Saved[] };
    try {
      this.#restoreCopies(copies);
    } catch (error) {
      this.#restoreCopies(before.copies);
      throw error;
    }
    this.#started = started;
    this.#forgetStep();
  }

  #restoreCopies(saved: readonly Saved[]): void {
    this.#copies.forEach((copy, k) => {
      this.#put(this.observations, k, restoreTo(copy, saved[k]!));
    });
  }

  #put(rows: Float32Array, k: number, observation: Float32Array): void {
    const { size } = this.observationSpace;
    if (observation.length !== size) {
      const came = phrase(`${observation.length}`);
      throw mismatch('E_SHAPE', `observation of copy ${k}`, `${size} values`, came);
    }
    rows.set(observation, k * size);
  }

  #forgetStep(): void {
    this.finalObservations.set(this.observations);
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.livesLost.fill(0);
  }

  #checkSeeds(seeds: readonly number[]): void {
    if (seeds.length !== this.count) {
      throw mismatch('E_SHAPE', 'seeds', `${this.count} of them`, phrase(`${seeds.length}`));
    }
    seeds.forEach(checkSeed);
  }
}

/** A vector environment of copies of any environment: `factory` is called once for each. */
export function vectorise(factory: () => Environment, count: number): Vectorised {
  return new Vectorised(factory, count);
}
