/** The class of each row of `size` logits: the largest, or for a single one 1 where it is positive. */
export function classesOf(logits: ArrayLike<number>, size: number): number[] {
  return Array.from({ length: logits.length / size }, (_, row) => {
    if (size === 1) return logits[row]! > 0 ? 1 : 0;
    let best = 0;
    for (let unit = 1; unit < size; unit += 1) {
      if (logits[row * size + unit]! > logits[row * size + best]!) best = unit;
    }
    return best;
  });
}

export function agreementOf(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length || a.length === 0) throw new Error(`${a.length} and ${b.length} rows`);
  return a.filter((label, row) => label === b[row]).length / a.length;
}

export function meanError(computed: ArrayLike<number>, truth: ArrayLike<number>): number {
  return (
    Array.from(truth).reduce((sum, value, i) => sum + Math.abs(value - computed[i]!), 0) /
    truth.length
  );
}

/** Root of the squared error over the squared truth, about each output's mean over the rows. */
export function relativeError(
  computed: ArrayLike<number>,
  truth: ArrayLike<number>,
  size: number,
): number {
  const rows = truth.length / size;
  let error = 0;
  let spread = 0;
  for (let unit = 0; unit < size; unit += 1) {
    const values = Array.from({ length: rows }, (_, row) => truth[row * size + unit]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / rows;
    values.forEach((value, row) => {
      error += (computed[row * size + unit]! - value) ** 2;
      spread += (value - mean) ** 2;
    });
  }
  return Math.sqrt(error / spread);
}
