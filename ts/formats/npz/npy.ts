import { mismatch, show } from '../../errors.js';
import { descriptorOf, itemBytesOf, parseDescriptor } from './dtype.js';
import type { Descriptor, Dtype, NpyData } from './dtype.js';
import { npyMagic, readNpyHeader } from './npy-header.js';

/** Always in C order and the machine's byte order, whatever the file held. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly data: NpyData;
}

/** What can be written: float16 too, which becomes float32 again when it is read. */
export type WrittenArray =
  | NpyArray
  | { readonly shape: readonly number[]; readonly dtype: 'f2'; readonly data: Uint16Array };

export function readNpy(bytes: Uint8Array, what: string): NpyArray {
  const header = readNpyHeader(bytes, what);
  const descriptor = parseDescriptor(header.descr, what);
  const { itemBytes } = descriptor;
  const expectedBytes = elementCount(header.shape, what) * itemBytes;
  const present = bytes.length - header.dataOffset;
  if (present !== expectedBytes) {
    const expected = `${expectedBytes} bytes of data for shape ${show(header.shape)} of ${header.descr}`;
    throw mismatch('E_FORMAT', what, expected, present);
  }
  // A copy: the data may lie at an odd offset, and the array must not change with the file's buffer.
  let data = new Uint8Array(expectedBytes);
  data.set(bytes.subarray(header.dataOffset));
  if (descriptor.bigEndian) reverseItems(data, itemBytes);
  if (header.fortranOrder && header.shape.length > 1) {
    data = fortranToRowMajor(data, header.shape, itemBytes);
  }
  return {
    shape: header.shape,
    dtype: descriptor.dtype,
    data: descriptor.decode(data.buffer),
  };
}

export function writeNpy(array: WrittenArray, what: string): Uint8Array {
  const count = elementCount(array.shape, what);
  const { data } = array;
  const itemBytes = itemBytesOf(array.dtype);
  if (data.length !== count || data.BYTES_PER_ELEMENT !== itemBytes) {
    const expected = `${count} elements of ${array.dtype} for shape ${show(array.shape)}`;
    throw mismatch('E_SHAPE', what, expected, data);
  }
  const header = encodeHeader(array);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}

/** Numpy 2 allows no more dimensions than this. */
const mostDimensions = 64;

export function elementCount(shape: readonly number[], what: string): number {
  if (shape.length > mostDimensions) {
    throw mismatch('E_FORMAT', `${what}: dimensions`, `at most ${mostDimensions}`, shape.length);
  }
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (!Number.isSafeInteger(size) || size < 0 || count > Number.MAX_SAFE_INTEGER / 8) {
      throw mismatch('E_FORMAT', `${what}: shape`, 'sizes whose product can be addressed', shape);
    }
  }
  return count;
}

function encodeHeader(array: WrittenArray): Uint8Array {
  const { shape } = array;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const descr = descriptorOf(array.dtype);
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Magic, version and length take 10 bytes; numpy pads so that the data starts at a multiple of 64.
  const total = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const header = Buffer.alloc(total, ' ');
  header.set(npyMagic);
  header.set([1, 0], 6);
  header.writeUInt16LE(total - 10, 8);
  header.write(dictionary, 10, 'latin1');
  header.write('\n', total - 1, 'latin1');
  return header;
}

/** Of bytes in C order that nothing else uses: float32 where that holds every value of the type, else float64. */
export function itemsOf(
  bytes: Uint8Array<ArrayBuffer>,
  { bigEndian, itemBytes, decode }: Descriptor,
): Float32Array | Float64Array {
  if (bigEndian) reverseItems(bytes, itemBytes);
  const items = decode(bytes.buffer);
  if (items instanceof Float32Array || items instanceof Float64Array) return items;
  const small = items.BYTES_PER_ELEMENT <= 2;
  return small ? Float32Array.from(items, Number) : Float64Array.from(items, Number);
}

function reverseItems(bytes: Uint8Array, itemBytes: number): void {
  for (let start = 0; start < bytes.length; start += itemBytes) {
    bytes.subarray(start, start + itemBytes).reverse();
  }
}

/** Walks the file in order while counting the row-major index up, first dimension fastest. */
function fortranToRowMajor(
  source: Uint8Array<ArrayBuffer>,
  shape: readonly number[],
  itemBytes: number,
): Uint8Array<ArrayBuffer> {
  const target = new Uint8Array(source.length);
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  const index = new Array<number>(shape.length).fill(0);
  let element = 0;
  for (let start = 0; start < source.length; start += itemBytes) {
    target.set(source.subarray(start, start + itemBytes), element * itemBytes);
    for (let axis = 0; axis < shape.length; axis += 1) {
      index[axis] = (index[axis] ?? 0) + 1;
      element += strides[axis] ?? 1;
      if (index[axis] !== shape[axis]) break;
      element -= (strides[axis] ?? 1) * (shape[axis] ?? 1);
      index[axis] = 0;
    }
  }
  return target;
}
