import { SpiqError, mismatch, show } from '../../errors.js';
import { parseDescriptor } from './dtype.js';
import type { Descriptor } from './dtype.js';
import { FileBytes } from './file-bytes.js';
import { contentBytes, streamContent } from './member-stream.js';
import type { Place } from './member-stream.js';
import { elementCount, itemsOf } from './npy.js';
import { isNpy, npyHeaderBytes, readNpyHeader } from './npy-header.js';
import type { NpyHeader } from './npy-header.js';
import { arrayName, isZip } from './npz.js';
import { selectKey } from './select.js';
import { readMembers } from './zip-directory.js';
import { Records } from './zip-records.js';

/** Bytes of rows that are handed out at once, and one row at least. */
const chunkBytes = 2 ** 20;
const longestRow = 2 ** 30;

/** Rows of an array in a file, read anew by each loop over them and never all at once. */
export interface NpzRows extends AsyncIterable<Float32Array | Float64Array> {
  readonly rows: number;
  /** Values of a row. */
  readonly width: number;
  readonly shape: readonly number[];
}

export interface NpzRowsOptions {
  /** Which array of an .npz; left out, the only one, `arr_0` or `obs`. */
  readonly key?: string | undefined;
  /** Values that a row must have; an array of so many values and one dimension is then a single row. */
  readonly width?: number;
}

/**
 * Opens rows of an .npz or .npy, [rows, …], without loading them; its header is read here, its data and the checksum by
 * whoever loops over the rows. They come as float32 where that holds every value of the dtype, as float64 otherwise.
 */
export async function openNpzRows(file: string, options: NpzRowsOptions = {}): Promise<NpzRows> {
  const { key, width: wanted } = options;
  const [place, what] = locate(file, key);
  const header = await readHeader(place, what);
  const descriptor = parseDescriptor(header.descr, what);
  const { shape } = header;
  const count = elementCount(shape, what);
  const reference = key === undefined ? file : `${file}:${key}`;
  const single = count === wanted && shape.length !== 2;
  const rows = single ? 1 : (shape[0] ?? 1);
  const width = count / rows;
  if (count === 0 || (wanted !== undefined && width !== wanted)) {
    const expected = `shape [rows, ${wanted ?? '…'}] of at least one row`;
    throw mismatch('E_SHAPE', `observations in ${reference}`, expected, shape);
  }
  if (header.fortranOrder && shape.length > 1) {
    throw new SpiqError(
      'E_UNSUPPORTED',
      `${what}: expected rows one after the other, received Fortran order, which has to be read whole (save it as numpy.ascontiguousarray gives it)`,
    );
  }
  const bytes = count * descriptor.itemBytes;
  const present = contentBytes(place) - header.dataOffset;
  if (present !== bytes) {
    const expected = `${bytes} bytes of data for shape ${show(shape)} of ${header.descr}`;
    throw mismatch('E_FORMAT', what, expected, present);
  }
  const rowBytes = width * descriptor.itemBytes;
  if (rowBytes > longestRow) {
    throw mismatch('E_MEMORY', `${what}: bytes of a row`, `at most ${longestRow}`, rowBytes);
  }
  const open = (): AsyncGenerator<Float32Array | Float64Array> =>
    streamRows(place, { start: header.dataOffset, bytes, rowBytes, descriptor });
  return { rows, width, shape, [Symbol.asyncIterator]: open };
}

/** The rows of an array in chunks, as `openNpzRows` has them. */
export async function* streamNpzRows(
  file: string,
  key?: string,
): AsyncGenerator<Float32Array | Float64Array> {
  yield* await openNpzRows(file, { key });
}

function locate(file: string, key: string | undefined): [place: Place, what: string] {
  const bytes = new FileBytes(file);
  try {
    const magic = bytes.read(0, Math.min(6, bytes.length));
    if (isNpy(magic)) {
      const name = selectKey(['arr_0'], file, key);
      return [{ file, data: { start: 0, end: bytes.length } }, `${file}: array '${name}'`];
    }
    if (!isZip(magic)) {
      throw mismatch('E_FORMAT', file, 'an .npz or .npy file', magic);
    }
    const members = new Map(
      readMembers(new Records(bytes, file)).map((member) => [
        arrayName(member.entry.name, file),
        member,
      ]),
    );
    const name = selectKey([...members.keys()], file, key);
    return [{ file, ...members.get(name)! }, `${file}: array '${name}'`];
  } finally {
    bytes.close();
  }
}

async function readHeader(place: Place, what: string): Promise<NpyHeader> {
  let begin = new Uint8Array(0);
  for await (const piece of streamContent(place)) {
    begin = joined(begin, piece);
    if (begin.length >= (npyHeaderBytes(begin) ?? Infinity)) break;
  }
  return readNpyHeader(begin, what);
}

interface Layout {
  /** Where the data begins, and how much there is. */
  readonly start: number;
  readonly bytes: number;
  readonly rowBytes: number;
  readonly descriptor: Descriptor;
}

async function* streamRows(
  place: Place,
  { start, bytes, rowBytes, descriptor }: Layout,
): AsyncGenerator<Float32Array | Float64Array> {
  const chunk = rowBytes * Math.max(1, Math.floor(chunkBytes / rowBytes));
  let [skip, left] = [start, bytes];
  let [buffer, filled] = [new Uint8Array(Math.min(chunk, left)), 0];
  for await (const piece of streamContent(place)) {
    let from = Math.min(skip, piece.length);
    skip -= from;
    while (from < piece.length) {
      const part = piece.subarray(from, from + buffer.length - filled);
      buffer.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled < buffer.length) continue;
      left -= filled;
      yield itemsOf(buffer, descriptor);
      [buffer, filled] = [new Uint8Array(Math.min(chunk, left)), 0];
    }
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
