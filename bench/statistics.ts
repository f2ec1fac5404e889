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

export interface Line {
  readonly offset: number;
  readonly slope: number;
  /** The largest distance of a point from the line, as a share of the largest value. */
  readonly deviation: number;
}

/** The straight line of least squares through the points. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const slope =
    mean(points.map(([x, y]) => (x - meanX) * (y - meanY))) /
    mean(points.map(([x]) => (x - meanX) ** 2));
  const offset = meanY - slope * meanX;
  const distances = points.map(([x, y]) => Math.abs(y - offset - slope * x));
  const deviation = Math.max(...distances) / Math.max(...points.map(([, y]) => Math.abs(y)));
  return { offset, slope, deviation };
}

/** The value that a share of them stays at or below. */
export function quantilesOf(values: ArrayLike<number>): (share: number) => number {
  const sorted = Float64Array.from(values).sort();
  return (share) => sorted[Math.floor(share * (sorted.length - 1))]!;
}
