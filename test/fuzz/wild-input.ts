import { Random } from '../../ts/env/random.js';

const wildNumbers = [
  0,
  -0,
  1,
  -1,
  0.5,
  2,
  1e-45,
  -1e-45,
  1e-38,
  3.4e38,
  -3.4e38,
  1e300,
  1e-300,
  NaN,
  Infinity,
  -Infinity,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
];
const wildThings = [
  undefined,
  null,
  true,
  '',
  'x',
  '1',
  5n,
  Symbol('wild'),
  () => 1,
  {},
  [],
  [1],
  new Map(),
  new Date(0),
  new Float32Array(2),
  new Float64Array(2),
  new Uint8Array(3),
  new ArrayBuffer(8),
  'relu',
  'dense',
  'spikes',
];

/** Draws what a careless or hostile caller might pass. */
export class Wild {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  below(limit: number): number {
    return this.#random.uint32() % limit;
  }

  chance(probability: number): boolean {
    return this.#random.uniform(0, 1) < probability;
  }

  uniform(low: number, high: number): number {
    return this.#random.uniform(low, high);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Anything at all, numbers half of the time. */
  thing(): unknown {
    return this.chance(0.5) ? this.pick<unknown>(wildNumbers) : this.pick<unknown>(wildThings);
  }

  /** Mostly a number of everyday size, now and then one from the edges of float32; not finite only on request. */
  weights(count: number, sound: boolean): Float32Array {
    const edges = wildNumbers.filter((value) => !sound || Number.isFinite(Math.fround(value)));
    const wildness = this.chance(0.5) ? 0 : 0.2;
    return Float32Array.from({ length: count }, () =>
      this.chance(wildness) ? this.pick(edges) : this.uniform(-1, 1.5),
    );
  }

  shuffled<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i -= 1) {
      const j = this.below(i + 1);
      [copy[i], copy[j]] = [copy[j]!, copy[i]!];
    }
    return copy;
  }
}
