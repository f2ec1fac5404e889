import { Random } from '../../ts/env/random.js';
import type { Tensor } from '../../ts/graph.js';

/** Numbers of a size at which layers neither stay silent nor fire in every step. */
export class Weights {
  readonly #random: Random;
  readonly #onGrid: boolean;

  constructor(seed: number, onGrid: boolean) {
    this.#random = new Random(seed);
    this.#onGrid = onGrid;
  }

  weight(shape: readonly number[], fanIn: number): Tensor {
    const spread = 1.5 / Math.sqrt(fanIn);
    return this.#tensor(shape, -spread, 1.4 * spread, 2 ** Math.floor(Math.log2(spread) - 1));
  }

  bias(units: number): Tensor {
    return this.#tensor([units], -0.1, 0.3, 0.125);
  }

  thresholds(channels: number): Tensor {
    return this.#tensor([channels], 0.5, 1.5, 0.25);
  }

  /** Of scales and inputs, of either sign. */
  factors(channels: number): Tensor {
    return this.#tensor([channels], -0.4, 1.6, 0.25);
  }

  /** Potentials before the first step. */
  initials(channels: number): Tensor {
    return this.#tensor([channels], -0.5, 1.2, 0.25);
  }

  observations(count: number): Float64Array {
    return Float64Array.from({ length: count }, () => this.#uniform(-0.3, 1.3, 0.125));
  }

  /** Given spikes: mostly none or one, some bursts and some negative. */
  counts(count: number): Int8Array {
    return Int8Array.from({ length: count }, () => Math.floor(this.#random.uniform(-1.2, 2.3)));
  }

  #tensor(shape: readonly number[], low: number, high: number, grid: number): Tensor {
    const length = shape.reduce((product, size) => product * size, 1);
    return { shape, data: Float32Array.from({ length }, () => this.#uniform(low, high, grid)) };
  }

  #uniform(low: number, high: number, grid: number): number {
    const value = this.#random.uniform(low, high);
    // Adding 0 makes +0 of −0.
    return this.#onGrid ? Math.round(value / grid) * grid + 0 : value;
  }
}
