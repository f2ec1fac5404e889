import { SpiqError, mismatch, show } from '../../errors.js';

/** Numpy writes about 100 bytes; more than this is damage. */
const longestHeader = 65_535;

export const npyMagic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

export interface NpyHeader {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly dataOffset: number;
}

export function isNpy(bytes: Uint8Array): boolean {
  return npyMagic.every((byte, index) => bytes[index] === byte);
}

/** How long the header says that it is; none where the bytes are too few to tell, or of no known version. */
export function npyHeaderBytes(bytes: Uint8Array): number | undefined {
  const [start, lengthBytes] = bytes[6] === 1 ? [10, 2] : [12, 4];
  if (bytes.length < start) return undefined;
  const length = Buffer.from(bytes.subarray(8, start)).readUIntLE(0, lengthBytes);
  // A longer one is refused by whoever reads it.
  return start + Math.min(length, longestHeader);
}

/** The format is specified in numpy's `numpy/lib/format.py`: versions 1, 2 and 3 differ in length field and encoding. */
export function readNpyHeader(bytes: Uint8Array, what: string): NpyHeader {
  if (!isNpy(bytes)) {
    throw mismatch('E_FORMAT', what, 'an .npy array (magic \\x93NUMPY)', bytes.subarray(0, 6));
  }
  const version = bytes[6];
  if (version !== 1 && version !== 2 && version !== 3) {
    throw mismatch('E_FORMAT', `${what}: .npy version`, '1, 2 or 3', version);
  }
  const lengthBytes = version === 1 ? 2 : 4;
  const headerStart = 8 + lengthBytes;
  if (bytes.length < headerStart) throw mismatch('E_FORMAT', what, 'a whole .npy header', bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const available = bytes.length - headerStart;
  if (length > longestHeader || length > available) {
    const limit = Math.min(longestHeader, available);
    throw mismatch('E_FORMAT', `${what}: .npy header length`, `at most ${limit}`, length);
  }
  const dataOffset = headerStart + length;
  const encoded = Buffer.from(bytes.buffer, bytes.byteOffset + headerStart, length);
  const text = encoded.toString(version === 3 ? 'utf8' : 'latin1');
  return { ...parseDictionary(text, what), dataOffset };
}

const entryPatterns = {
  descr: /'descr'\s*:\s*'([^'\\]*)'/y,
  fortran_order: /'fortran_order'\s*:\s*(True|False)/y,
  shape: /'shape'\s*:\s*\(([^()]*)\)/y,
} as const;

/** Exactly the three keys numpy writes, once each and in any order; nothing else may stand in the header. */
function parseDictionary(text: string, what: string): Omit<NpyHeader, 'dataOffset'> {
  const body = /^\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) throw badHeader(text, what);
  if (/'descr'\s*:\s*\[/.test(body)) {
    throw new SpiqError(
      'E_UNSUPPORTED',
      `${what}: a structured dtype, in ${show(text)}, cannot be read`,
    );
  }
  const found = new Map<string, string>();
  let position = skipBlank(body, 0);
  while (position < body.length) {
    const entry = matchEntry(body, position);
    if (entry === undefined || found.has(entry.key)) throw badHeader(text, what);
    found.set(entry.key, entry.value);
    position = skipBlank(body, entry.end);
    if (position === body.length) break;
    if (body[position] !== ',') throw badHeader(text, what);
    position = skipBlank(body, position + 1);
  }
  const descr = found.get('descr');
  const order = found.get('fortran_order');
  const shape = found.get('shape');
  if (descr === undefined || order === undefined || shape === undefined)
    throw badHeader(text, what);
  return { descr, fortranOrder: order === 'True', shape: parseShape(shape, text, what) };
}

function matchEntry(body: string, position: number) {
  for (const [key, pattern] of Object.entries(entryPatterns)) {
    pattern.lastIndex = position;
    const value = pattern.exec(body)?.[1];
    if (value !== undefined) return { key, value, end: pattern.lastIndex };
  }
  return undefined;
}

function skipBlank(text: string, from: number): number {
  let position = from;
  while (position < text.length && ' \t\r\n'.includes(text.charAt(position))) position += 1;
  return position;
}

/** `()`, `(3,)` or `(3, 4)`; Python 2 wrote `3L`. */
function parseShape(inside: string, text: string, what: string): number[] {
  const trimmed = inside.trim();
  if (trimmed === '') return [];
  if (!/^\d+L?(\s*,\s*\d+L?)*\s*,?$/.test(trimmed) || !trimmed.includes(',')) {
    throw badHeader(text, what);
  }
  const numbers = trimmed.split(',').filter((part) => part.trim() !== '');
  return numbers.map((part) => Number.parseInt(part, 10));
}

function badHeader(text: string, what: string): SpiqError {
  const expected = "a header {'descr': …, 'fortran_order': …, 'shape': (…), }";
  return mismatch('E_FORMAT', what, expected, text.trim());
}
