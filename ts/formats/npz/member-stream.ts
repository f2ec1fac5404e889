import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { SpiqError, mismatch, phrase } from '../../errors.js';
import { fileError } from '../files.js';
import type { Entry } from './zip-records.js';
import { methods } from './zip-records.js';
import type { Span } from './zip-directory.js';

/** What is read and unpacked at once. */
const pieceBytes = 2 ** 18;

/** Bytes `data` of a file; with an `entry`, those of its archive's member, unpacked and verified. */
export interface Place {
  readonly file: string;
  readonly data: Span;
  readonly entry?: Entry;
}

/** Bytes of the content, by what the archive says. */
export function contentBytes({ data, entry }: Place): number {
  return entry?.size ?? data.end - data.start;
}

/**
 * The content in pieces. A size or checksum that is wrong is known at the end alone, behind the last piece: whoever
 * uses the pieces before has to take back what was made of them.
 */
export async function* streamContent(place: Place): AsyncGenerator<Uint8Array> {
  const { file, data, entry } = place;
  // A stream cannot be told to end before it begins, as an empty one does.
  const what = entry === undefined ? file : `${file}: member '${entry.name}'`;
  const bytes = data.end > data.start ? openPieces(file, data, entry) : [];
  let [size, crc] = [0, 0];
  const expected = contentBytes(place);
  try {
    for await (const piece of bytes as AsyncIterable<Uint8Array>) {
      size += piece.length;
      if (size > expected) break;
      if (entry !== undefined) crc = crc32(piece, crc);
      yield piece;
    }
  } catch (cause) {
    throw asSpiqError(cause, file, what, expected);
  }
  if (size !== expected) {
    const received = size > expected ? phrase('more') : size;
    throw mismatch('E_FORMAT', what, `${expected} bytes`, received);
  }
  if (entry !== undefined && crc !== entry.crc) {
    throw mismatch('E_FORMAT', what, `CRC-32 ${entry.crc.toString(16)}`, crc.toString(16));
  }
}

function openPieces(file: string, { start, end }: Span, entry: Entry | undefined): Readable {
  const packed = createReadStream(file, { start, end: end - 1, highWaterMark: pieceBytes });
  if (entry?.method !== methods.deflated) return packed;
  const unpacked = createInflateRaw({ chunkSize: pieceBytes });
  // Whoever reads the unpacked side is thrown what goes wrong on either.
  pipeline(packed, unpacked, () => undefined);
  return unpacked;
}

function asSpiqError(cause: unknown, file: string, what: string, size: number): SpiqError {
  if (cause instanceof SpiqError) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (!code.startsWith('Z_')) return fileError(file, 'read', cause);
  return new SpiqError(
    'E_FORMAT',
    `${what}: expected a deflate stream of ${size} bytes, received one that fails: ${message}`,
    { cause },
  );
}
