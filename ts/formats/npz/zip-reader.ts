import { crc32, inflateRawSync } from 'node:zlib';
import { SpiqError, mismatch } from '../../errors.js';
import { readMembers } from './zip-directory.js';
import { Records, methods } from './zip-records.js';
import type { Entry } from './zip-records.js';

/** One file may unpack to at most this much; it also bounds what a hostile file can make spiq allocate. */
const mostBytes = 4 * 2 ** 30;

/** Every member, unpacked, in the directory's order. Lengths, bounds and checksums are all verified. */
export function readZip(bytes: Uint8Array, what: string): Map<string, Uint8Array> {
  const records = new Records(bytes, what);
  const members = readMembers(records, (entries) => {
    checkTotal(entries, what);
  });
  return new Map(
    members.map(({ entry, data }) => [entry.name, unpack(records, entry, data.start)]),
  );
}

function checkTotal(entries: readonly Entry[], what: string): void {
  const total = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (total > mostBytes) {
    throw mismatch('E_MEMORY', `${what}: unpacked size`, `at most ${mostBytes} bytes`, total);
  }
}

function unpack(records: Records, entry: Entry, start: number): Uint8Array {
  const member = `${records.what}: member '${entry.name}'`;
  const packed = records.slice(start, entry.compressedSize, member);
  const bytes = entry.method === methods.stored ? packed : inflate(packed, entry.size, member);
  if (bytes.length !== entry.size) {
    throw mismatch('E_FORMAT', member, `${entry.size} bytes`, bytes.length);
  }
  const crc = crc32(bytes);
  if (crc !== entry.crc) {
    const expected = `CRC-32 ${entry.crc.toString(16)}`;
    throw mismatch('E_FORMAT', member, expected, crc.toString(16));
  }
  return bytes;
}

function inflate(packed: Uint8Array, size: number, member: string): Uint8Array {
  try {
    // One byte of room beyond the declared size keeps an empty member legal and an oversized one visible.
    return inflateRawSync(packed, { maxOutputLength: size + 1 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SpiqError(
      'E_FORMAT',
      `${member}: expected a deflate stream of ${size} bytes, received one that fails: ${reason}`,
      { cause },
    );
  }
}
