/** One line of one run, x ascending. */
export interface Trace {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Rows without a value left out; in ascending order of x, of several with the same x the last. */
export function trace(x: Float64Array, y: Float64Array): Trace {
  const rows = new Map<number, number>();
  x.forEach((at, row) => {
    const value = y[row]!;
    if (Number.isFinite(at) && Number.isFinite(value)) rows.set(at, value);
  });
  const sorted = [...rows].sort(([a], [b]) => a - b);
  return {
    x: Float64Array.from(sorted, ([at]) => at),
    y: Float64Array.from(sorted, ([, value]) => value),
  };
}

/** Each value the mean of itself and the `window` − 1 before it, or as many as there are. */
export function smooth({ x, y }: Trace, window: number): Trace {
  if (window <= 1) return { x, y };
  // Summed anew for each value: a running sum would carry its rounding along.
  const means = y.map((_, row) => {
    const part = y.subarray(Math.max(0, row + 1 - window), row + 1);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  return { x, y: means };
}

/** The value at `at` on the straight lines between the points; undefined outside them. */
export function valueAt({ x, y }: Trace, at: number): number | undefined {
  let [low, high] = [0, x.length - 1];
  if (high < 0 || at < x[0]! || at > x[high]!) return undefined;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle;
    else high = middle;
  }
  if (at === x[low]) return y[low];
  const share = (at - x[low]!) / (x[high]! - x[low]!);
  return y[low]! + share * (y[high]! - y[low]!);
}
