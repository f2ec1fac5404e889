/** What an HDF5 file holds, as far as NIR needs it; plain data that can pass between threads. */
export interface Hdf5Group {
  readonly kind: 'group';
  readonly members: ReadonlyMap<string, Hdf5Value>;
}

export interface Hdf5Numbers {
  readonly kind: 'numbers';
  readonly shape: readonly number[];
  readonly type: 'f4' | 'f8' | 'i8';
  readonly data: Float32Array | Float64Array;
}

export interface Hdf5Text {
  readonly kind: 'text';
  readonly shape: readonly number[];
  readonly data: readonly string[];
}

/** Something else, of which only the type is told. */
export interface Hdf5Other {
  readonly kind: 'other';
  readonly type: string;
}

export type Hdf5Value = Hdf5Group | Hdf5Numbers | Hdf5Text | Hdf5Other;

export function group(members: Readonly<Record<string, Hdf5Value | undefined>>): Hdf5Group {
  const present = Object.entries(members).filter(
    (member): member is [string, Hdf5Value] => member[1] !== undefined,
  );
  return { kind: 'group', members: new Map(present) };
}

export function floats(shape: readonly number[], data: Float32Array): Hdf5Numbers {
  return { kind: 'numbers', shape, type: 'f4', data };
}

export function double(value: number): Hdf5Numbers {
  return { kind: 'numbers', shape: [], type: 'f8', data: Float64Array.of(value) };
}

/** Whole numbers, in one dimension or, without `shape`, none. */
export function integers(values: readonly number[], shape: readonly number[]): Hdf5Numbers {
  return { kind: 'numbers', shape, type: 'i8', data: Float64Array.from(values) };
}

export function text(value: string): Hdf5Text {
  return { kind: 'text', shape: [], data: [value] };
}
