import { SpiqError } from '../../errors.js';
import { widenHalf } from '../half.js';

/** The element types spiq keeps; float16 is widened to f4 when read. */
export type Dtype = 'f4' | 'f8' | 'i1' | 'i2' | 'i4' | 'i8' | 'u1' | 'u2' | 'u4' | 'u8' | 'bool';

export type NpyData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

type Decode = (buffer: ArrayBuffer) => NpyData;

interface StoredType {
  readonly dtype: Dtype;
  readonly itemBytes: number;
  /** Takes little-endian bytes in a buffer of their own. */
  readonly decode: Decode;
}

const storedTypes: Readonly<Record<string, StoredType>> = {
  f2: { dtype: 'f4', itemBytes: 2, decode: (buffer) => widenHalf(new Uint16Array(buffer)) },
  f4: { dtype: 'f4', itemBytes: 4, decode: (buffer) => new Float32Array(buffer) },
  f8: { dtype: 'f8', itemBytes: 8, decode: (buffer) => new Float64Array(buffer) },
  i1: { dtype: 'i1', itemBytes: 1, decode: (buffer) => new Int8Array(buffer) },
  i2: { dtype: 'i2', itemBytes: 2, decode: (buffer) => new Int16Array(buffer) },
  i4: { dtype: 'i4', itemBytes: 4, decode: (buffer) => new Int32Array(buffer) },
  i8: { dtype: 'i8', itemBytes: 8, decode: (buffer) => new BigInt64Array(buffer) },
  u1: { dtype: 'u1', itemBytes: 1, decode: (buffer) => new Uint8Array(buffer) },
  u2: { dtype: 'u2', itemBytes: 2, decode: (buffer) => new Uint16Array(buffer) },
  u4: { dtype: 'u4', itemBytes: 4, decode: (buffer) => new Uint32Array(buffer) },
  u8: { dtype: 'u8', itemBytes: 8, decode: (buffer) => new BigUint64Array(buffer) },
  b1: { dtype: 'bool', itemBytes: 1, decode: (buffer) => new Uint8Array(buffer) },
};

export interface Descriptor extends StoredType {
  readonly bigEndian: boolean;
}

/** Reads numpy's `descr`, for example '<f4' or '|b1'. */
export function parseDescriptor(descr: string, what: string): Descriptor {
  const match = /^([<>|=])([a-zA-Z]\d+)$/.exec(descr);
  const stored = match?.[2] === undefined ? undefined : storedTypes[match[2]];
  if (match === null || stored === undefined) {
    throw new SpiqError(
      'E_UNSUPPORTED',
      `${what}: expected a dtype of f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 or bool, received '${descr}'`,
    );
  }
  return { ...stored, bigEndian: match[1] === '>' };
}

/** The descriptor numpy would write for this type on a little-endian machine. */
export function descriptorOf(dtype: Dtype | 'f2'): string {
  if (dtype === 'bool') return '|b1';
  return dtype.endsWith('1') ? `|${dtype}` : `<${dtype}`;
}

export function itemBytesOf(dtype: Dtype | 'f2'): number {
  return dtype === 'bool' ? 1 : Number(dtype.slice(1));
}
