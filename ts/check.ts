import { mismatch, phrase } from './errors.js';

/** Refuses names that an options object should not have, misspelt ones above all. */
export function checkNames(options: object, known: readonly string[], what: string): void {
  if (typeof (options as unknown) !== 'object' || (options as unknown) === null) {
    throw mismatch('E_ARGUMENT', what, 'an object', options);
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw mismatch('E_ARGUMENT', what, `only the names ${known.join(', ')}`, name);
    }
  }
}

/** Number of whole rows of `width` values in `values`. */
export function rowsOf(values: { readonly length: number }, width: number, what: string): number {
  const rows = values.length / width;
  if (!Number.isInteger(rows) || rows < 1) {
    throw mismatch(
      'E_SHAPE',
      what,
      `one or more rows of ${width} values`,
      phrase(`${values.length} values`),
    );
  }
  return rows;
}

export function checkFloatArray(
  value: unknown,
  what: string,
): asserts value is Float32Array | Float64Array {
  if (!(value instanceof Float32Array) && !(value instanceof Float64Array)) {
    throw mismatch('E_ARGUMENT', what, 'a Float32Array or a Float64Array', value);
  }
}
