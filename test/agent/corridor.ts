import type { Environment, StepResult } from '../../ts/env/env.js';
import { Random } from '../../ts/env/random.js';

const length = 6;

/** Six places in a row; left is where it begins, right where it ends. Reward −1 a step. An environment of a user's own. */
export class Corridor implements Environment {
  readonly observationSpace = {
    kind: 'box',
    size: length,
    low: new Array<number>(length).fill(0),
    high: new Array<number>(length).fill(1),
  } as const;
  readonly actionSpace = { kind: 'discrete', count: 2 } as const;
  readonly #observation = new Float32Array(length);
  #random = new Random(0);
  #place = 0;
  #steps = 0;

  constructor(private readonly maxSteps: number) {}

  reset(seed?: number): Float32Array {
    if (seed !== undefined) this.#random = new Random(seed);
    [this.#place, this.#steps] = [0, 0];
    return this.#observe();
  }

  step(action: number): StepResult {
    // One step in twenty slips.
    const slips = this.#random.uniform(0, 1) < 0.05;
    const right = (action === 1) !== slips;
    this.#place = Math.max(0, this.#place + (right ? 1 : -1));
    this.#steps += 1;
    const terminated = this.#place === length - 1;
    const truncated = this.#steps >= this.maxSteps;
    return { observation: this.#observe(), reward: -1, terminated, truncated };
  }

  #observe(): Float32Array {
    this.#observation.fill(0);
    this.#observation[this.#place] = 1;
    return this.#observation;
  }
}
