import { mismatch, phrase } from '../errors.js';

/** Index of the largest value; of several equal ones the first. NaN never wins, and nothing but NaN gives 0. */
export function argmax(values: ArrayLike<number>): number {
  return largestBetween(values, 0, values.length);
}

/** The argmax of each of `rows` equally long rows that lie one after the other. */
export function argmaxRows(values: ArrayLike<number>, rows: number): Int32Array {
  const width = values.length / rows;
  if (!Number.isSafeInteger(rows) || rows < 1 || !Number.isSafeInteger(width) || width < 1) {
    throw mismatch(
      'E_SHAPE',
      'values',
      `${rows} rows of equal length`,
      phrase(`${values.length} values`),
    );
  }
  const result = new Int32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    result[row] = largestBetween(values, row * width, (row + 1) * width);
  }
  return result;
}

/** Place of the largest of the values from `start` to `end`, counted from `start`; of equal ones the first. */
export function largestBetween(values: ArrayLike<number>, start: number, end: number): number {
  let best = start;
  for (let k = start + 1; k < end; k += 1) {
    const value = values[k]!;
    const leader = values[best]!;
    if (value > leader || (Number.isNaN(leader) && !Number.isNaN(value))) best = k;
  }
  return best - start;
}
