import type { NpyArray } from './npy.js';

export interface Converted<Data> {
  readonly data: Data;
  /** False when some value had to be rounded. */
  readonly exact: boolean;
}

/** Shares memory with an array that already is float32. */
export function toFloat32(array: NpyArray): Converted<Float32Array> {
  if (array.data instanceof Float32Array) return { data: array.data, exact: true };
  const { data } = toFloat64(array);
  const rounded = Float32Array.from(data);
  const kept = data.every((value, index) => Object.is(value, rounded[index]));
  return { data: rounded, exact: kept && isExactInFloat64(array) };
}

/** Shares memory with an array that already is float64. */
export function toFloat64(array: NpyArray): Converted<Float64Array> {
  if (array.data instanceof Float64Array) return { data: array.data, exact: true };
  return { data: Float64Array.from(array.data, Number), exact: isExactInFloat64(array) };
}

function isExactInFloat64(array: NpyArray): boolean {
  const { data } = array;
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return true;
  return data.every((value) => BigInt(Number(value)) === value);
}
