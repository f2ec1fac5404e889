import { existsSync } from 'node:fs';
import { mismatch } from '../errors.js';
import { readNpzFile, selectArray, toFloat32, toFloat64 } from '../formats/npz/index.js';
import type { NpyArray } from '../formats/npz/index.js';
import type { Precision } from '../network.js';

/** The array that `FILE[:key]` names. */
export function readArray(reference: string): NpyArray {
  const colon = reference.lastIndexOf(':');
  const hasKey = colon > 0 && !existsSync(reference);
  const file = hasKey ? reference.slice(0, colon) : reference;
  return selectArray(readNpzFile(file), hasKey ? reference.slice(colon + 1) : undefined);
}

/** Observations as rows of `width` values: [rows, …] or one bare observation. */
export function readObservations(
  reference: string,
  width: number,
  precision: Precision,
  notes: (text: string) => void,
): Float32Array | Float64Array {
  const array = readArray(reference);
  const count = array.shape.reduce((product, size) => product * size, 1);
  const perRow = count / (array.shape[0] ?? 1);
  // [2, 2] is two observations of two values even where the network takes four.
  const single = count === width && array.shape.length !== 2;
  if (count === 0 || (!single && perRow !== width)) {
    throw mismatch(
      'E_SHAPE',
      `observations in ${reference}`,
      `shape [rows, ${width}] of at least one row`,
      array.shape,
    );
  }
  if (precision === 'float64') return toFloat64(array).data;
  const { data, exact } = toFloat32(array);
  if (!exact) notes(`observations in ${reference} were rounded to float32`);
  return data;
}

export interface InputSpikes {
  readonly spikes: Int8Array;
  readonly rows: number;
}

/** Input spikes: [steps, rows, inputs], or [steps, inputs] for one observation; whole numbers −128 … 127. */
export function readSpikes(reference: string): InputSpikes {
  const array = readArray(reference);
  if (array.shape.length !== 3 && array.shape.length !== 2) {
    throw mismatch(
      'E_SHAPE',
      `input spikes in ${reference}`,
      'shape [steps, rows, inputs]',
      array.shape,
    );
  }
  const { data } = toFloat64(array);
  const spikes = Int8Array.from(data);
  const wrong = spikes.findIndex((value, index) => value !== data[index]);
  if (wrong >= 0) {
    const what = `input spikes in ${reference}, element ${wrong}`;
    throw mismatch('E_RANGE', what, 'a whole number from -128 to 127', data[wrong]);
  }
  return { spikes, rows: array.shape.length === 3 ? array.shape[1]! : 1 };
}
