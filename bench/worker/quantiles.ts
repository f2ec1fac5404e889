/** The least of many short times is the odd one, such as a step that ends its game: a tenth of them are at most `tenth`. */
export interface Quantiles {
  readonly median: number;
  readonly tenth: number;
}

export function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
  return { median: at(0.5), tenth: at(0.1) };
}
