export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('no values to summarise');
  const sorted = [...values].sort((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const lower = Math.ceil(sorted.length / 2) - 1;
  return {
    median: (sorted[lower]! + sorted[upper]!) / 2,
    low: sorted[0]!,
    high: sorted.at(-1)!,
  };
}

/** Seconds of a call as calls a second, `each` results in a call: the slowest call is the lowest rate. */
export function rates({ median, low, high }: Spread, each: number): Spread {
  return { median: each / median, low: each / high, high: each / low };
}

/** The exponent p of y ∝ x^p, by least squares on logarithms: 1 is growth in proportion. */
export function growth(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length;
  const above = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const below = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return above / below;
}
