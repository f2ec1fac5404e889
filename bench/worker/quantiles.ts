import { quantilesOf } from '../statistics.js';

/** The least of many short times is the odd one, such as a step that ends its game: a tenth of them are at most `tenth`. */
export interface Quantiles {
  readonly median: number;
  readonly tenth: number;
}

export function quantiles(values: readonly number[]): Quantiles {
  const at = quantilesOf(values);
  return { median: at(0.5), tenth: at(0.1) };
}
