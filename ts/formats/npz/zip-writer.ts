import { crc32, deflateRawSync } from 'node:zlib';
import { SpiqError, mismatch } from '../../errors.js';
import { methods, recordBytes, signatures } from './zip-records.js';

export interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** 1 January 1980, zip's first day: the same arrays always give the same file. */
const dosDate = (1 << 5) | 1;
const dosTime = 0;

/** Version 2.0 of the specification: stored and deflate, no zip64. */
const versionNeeded = 20;
const largest = 0xffffffff;

export function writeZip(members: readonly Member[], compress: boolean, what: string): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  const names = new Set<string>();
  let offset = 0;
  for (const { name, bytes } of members) {
    if (names.has(name)) throw mismatch('E_ARGUMENT', what, 'each member name once', name);
    names.add(name);
    const packed = compress ? deflateRawSync(bytes) : bytes;
    const encodedName = Buffer.from(name, 'utf8');
    const shared = sharedFields(encodedName, bytes, packed, compress);
    const local = localHeader(shared);
    directory.push(centralHeader(shared, offset), encodedName);
    parts.push(local, encodedName, packed);
    offset += local.length + encodedName.length + packed.length;
    if (offset > largest || members.length > 0xfffe) {
      throw new SpiqError('E_UNSUPPORTED', `${what}: expected less than 4 GiB in 65534 members`);
    }
  }
  const directorySize = directory.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([...parts, ...directory, endRecord(members.length, directorySize, offset)]);
}

/** The 26 bytes that a local header and its directory entry have in common. */
function sharedFields(
  name: Buffer,
  bytes: Uint8Array,
  packed: Uint8Array,
  deflated: boolean,
): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(versionNeeded, 0);
  fields.writeUInt16LE(/^[\x20-\x7e]*$/.test(name.toString('latin1')) ? 0 : 0x800, 2);
  fields.writeUInt16LE(deflated ? methods.deflated : methods.stored, 4);
  fields.writeUInt16LE(dosTime, 6);
  fields.writeUInt16LE(dosDate, 8);
  fields.writeUInt32LE(crc32(bytes), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(bytes.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function localHeader(shared: Buffer): Buffer {
  const header = Buffer.alloc(recordBytes.local);
  header.writeUInt32LE(signatures.local, 0);
  shared.copy(header, 4);
  return header;
}

function centralHeader(shared: Buffer, localOffset: number): Buffer {
  const header = Buffer.alloc(recordBytes.central);
  header.writeUInt32LE(signatures.central, 0);
  header.writeUInt16LE(versionNeeded, 4);
  shared.copy(header, 6);
  header.writeUInt32LE(localOffset, 42);
  return header;
}

function endRecord(count: number, directorySize: number, directoryOffset: number): Buffer {
  const record = Buffer.alloc(recordBytes.end);
  record.writeUInt32LE(signatures.end, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(directorySize, 12);
  record.writeUInt32LE(directoryOffset, 16);
  return record;
}
