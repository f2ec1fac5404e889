import { mismatch, phrase } from '../../errors.js';
import { flags, methods, readEnd, recordBytes, signatures, zip64Values } from './zip-records.js';
import type { Directory, Entry, Records } from './zip-records.js';

/** Deflate cannot shrink more than about 1032 to 1, so a larger declared size is a lie (zlib's technical notes). */
const largestDeflateRatio = 1032;

export interface Member {
  readonly entry: Entry;
  readonly data: Span;
}

/** Where every member lies, in the directory's order; `check` judges the entries before their headers are read. */
export function readMembers(
  records: Records,
  check: (entries: readonly Entry[]) => void = () => undefined,
): Member[] {
  const directory = readEnd(records);
  const entries = readDirectory(records, directory);
  check(entries);
  const members = entries.map((entry) => ({ entry, data: locate(records, entry) }));
  checkOverlap(members, directory, records.what);
  return members;
}

function readDirectory(records: Records, directory: Directory): Entry[] {
  const { what } = records;
  const end = directory.offset + directory.size;
  records.check(directory.offset, directory.size, 'the central directory');
  if (end > directory.end) {
    throw mismatch(
      'E_FORMAT',
      `${what}: central directory`,
      `to end by byte ${directory.end}`,
      end,
    );
  }
  const entries: Entry[] = [];
  const names = new Set<string>();
  let offset = directory.offset;
  while (offset < end) {
    records.expectSignature(offset, signatures.central, `directory entry ${entries.length}`);
    const nameLength = records.u16(offset + 28);
    const extraLength = records.u16(offset + 30);
    const entry = readEntry(records, offset, nameLength, extraLength);
    if (names.has(entry.name)) throw mismatch('E_FORMAT', what, 'each member once', entry.name);
    names.add(entry.name);
    entries.push(entry);
    offset += recordBytes.central + nameLength + extraLength + records.u16(offset + 32);
  }
  if (offset !== end || entries.length !== directory.entries) {
    const expected = `${directory.entries} members in ${directory.size} bytes`;
    const received = `${entries.length} in ${offset - directory.offset}`;
    throw mismatch('E_FORMAT', `${what}: central directory`, expected, received);
  }
  return entries;
}

function readEntry(
  records: Records,
  offset: number,
  nameLength: number,
  extraLength: number,
): Entry {
  const name = records.name(offset + recordBytes.central, nameLength);
  const extra = { offset: offset + recordBytes.central + nameLength, length: extraLength };
  const short = [records.u32(offset + 24), records.u32(offset + 20), records.u32(offset + 42)];
  const [size = 0, compressedSize = 0, localOffset = 0] = zip64Values(records, extra, short);
  const entry = {
    name,
    flags: records.u16(offset + 8),
    method: records.u16(offset + 10),
    crc: records.u32(offset + 16),
    size,
    compressedSize,
    localOffset,
  };
  checkEncoding(entry, records.what);
  return entry;
}

function checkEncoding(entry: Entry, what: string): void {
  const member = `${what}: member '${entry.name}'`;
  if (entry.flags & flags.encrypted) {
    throw mismatch('E_UNSUPPORTED', member, 'no encryption', phrase('an encrypted member'));
  }
  if (entry.method !== methods.stored && entry.method !== methods.deflated) {
    throw mismatch(
      'E_UNSUPPORTED',
      `${member}: compression`,
      '0 (stored) or 8 (deflate)',
      entry.method,
    );
  }
  if (entry.method === methods.stored && entry.size !== entry.compressedSize) {
    throw mismatch('E_FORMAT', `${member}: stored size`, String(entry.size), entry.compressedSize);
  }
  if (entry.size > (entry.compressedSize + 1) * largestDeflateRatio) {
    const expected = `at most ${largestDeflateRatio} times its ${entry.compressedSize} packed bytes`;
    throw mismatch('E_FORMAT', `${member}: size`, expected, entry.size);
  }
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Checks the member's local header against the directory and returns where its data lies. */
function locate(records: Records, entry: Entry): Span {
  const member = `${records.what}: member '${entry.name}'`;
  const offset = entry.localOffset;
  records.expectSignature(offset, signatures.local, `the header of member '${entry.name}'`);
  const nameLength = records.u16(offset + 26);
  const extraLength = records.u16(offset + 28);
  const name = records.name(offset + recordBytes.local, nameLength);
  const extra = { offset: offset + recordBytes.local + nameLength, length: extraLength };
  const short = [records.u32(offset + 22), records.u32(offset + 18)];
  const [size, compressedSize] = zip64Values(records, extra, short);
  const local = [name, records.u16(offset + 6), records.u16(offset + 8)];
  const central = [entry.name, entry.flags, entry.method];
  if (!(entry.flags & flags.sizesFollowData)) {
    local.push(records.u32(offset + 14), size ?? 0, compressedSize ?? 0);
    central.push(entry.crc, entry.size, entry.compressedSize);
  }
  if (local.some((value, index) => value !== central[index])) {
    const expected = `a local header equal to the directory's [${central.join(', ')}]`;
    throw mismatch('E_FORMAT', member, expected, local);
  }
  const start = extra.offset + extraLength;
  records.check(start, entry.compressedSize, `the data of member '${entry.name}'`);
  return { start, end: start + entry.compressedSize };
}

function checkOverlap(located: readonly Member[], directory: Directory, what: string): void {
  const ordered = [...located].sort((a, b) => a.entry.localOffset - b.entry.localOffset);
  ordered.forEach(({ entry, data }, index) => {
    const limit = ordered[index + 1]?.entry.localOffset ?? directory.offset;
    if (data.end > limit) {
      throw mismatch(
        'E_FORMAT',
        `${what}: member '${entry.name}'`,
        `to end by byte ${limit}`,
        data.end,
      );
    }
  });
}
