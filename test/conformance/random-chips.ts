import { Random } from '../../ts/env/random.js';
import type { ChipLayer, ChipNetwork } from '../../ts/fixed.js';

export interface RandomChipOptions {
  readonly seed: number;
  /** Hidden weights are multiples of this; 0 for any. */
  readonly grid?: number;
  readonly spread?: number;
  readonly layer?: Partial<ChipLayer>;
}

/** The first layer's numbers are multiples of 1/64, so that every order of its sums gives the same. */
export function randomChip(sizes: readonly number[], options: RandomChipOptions): ChipNetwork {
  const { seed, grid = 0, spread = 1.2, layer = {} } = options;
  const random = new Random(seed);
  const draw = (count: number, low: number, high: number, step: number): Float64Array =>
    Float64Array.from({ length: count }, () => {
      const value = random.uniform(low, high);
      return step === 0 ? value : Math.round(value / step) * step;
    });
  const layers = sizes.slice(1).map((units, l): ChipLayer => {
    const step = l === 0 ? 1 / 64 : grid;
    return {
      units,
      weight: draw(units * sizes[l]!, -spread, 1.2 * spread, step),
      bias: draw(units, -0.4, 0.4, step),
      ...(random.uniform(0, 1) < 0.5 ? { threshold: draw(units, 0.25, 1.5, 1 / 8) } : {}),
      ...(l > 0 ? layer : {}),
    };
  });
  return { inputs: sizes[0]!, layers };
}

export function randomRows(rows: number, inputs: number, seed: number): number[][] {
  const random = new Random(seed);
  const value = (): number => Math.round(random.uniform(-64, 80)) / 64;
  return Array.from({ length: rows }, () => Array.from({ length: inputs }, value));
}
