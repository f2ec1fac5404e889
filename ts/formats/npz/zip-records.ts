import { SpiqError, mismatch, phrase } from '../../errors.js';

/** Signatures and sizes of PKWARE's APPNOTE.TXT 6.3.10, the specification of zip. */
export const signatures = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  zip64End: 0x06064b50,
  zip64Locator: 0x07064b50,
} as const;

export const recordBytes = {
  local: 30,
  central: 46,
  end: 22,
  zip64End: 56,
  zip64Locator: 20,
} as const;

export const methods = { stored: 0, deflated: 8 } as const;

/** Bits of the general-purpose flags. */
export const flags = { encrypted: 0x1, sizesFollowData: 0x8, utf8: 0x800 } as const;

const zip64Extra = 0x0001;
const full16 = 0xffff;
const full32 = 0xffffffff;

export interface Entry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly localOffset: number;
}

/** Where the bytes of an archive come from: memory, or a file that is read piece by piece. */
export interface ByteSource {
  readonly length: number;
  /** Never asked for bytes beyond the end. */
  read(offset: number, length: number): Uint8Array;
}

function bytesInMemory(bytes: Uint8Array): ByteSource {
  return {
    length: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** A reader that turns every access outside the file into E_FORMAT. */
export class Records {
  readonly #source: ByteSource;

  constructor(
    source: Uint8Array | ByteSource,
    readonly what: string,
  ) {
    this.#source = source instanceof Uint8Array ? bytesInMemory(source) : source;
  }

  get length(): number {
    return this.#source.length;
  }

  u16(offset: number): number {
    return this.#view(offset, 2).getUint16(0, true);
  }

  u32(offset: number): number {
    return this.#view(offset, 4).getUint32(0, true);
  }

  u64(offset: number): number {
    const value = this.#view(offset, 8).getBigUint64(0, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw mismatch('E_FORMAT', `${this.what}: a zip64 number`, 'less than 2^53', value);
    }
    return Number(value);
  }

  slice(offset: number, length: number, part: string): Uint8Array {
    this.check(offset, length, part);
    return this.#source.read(offset, length);
  }

  /** That the file reaches so far. */
  check(offset: number, length: number, part: string): void {
    if (offset < 0 || length < 0 || offset + length > this.length) {
      throw new SpiqError(
        'E_FORMAT',
        `${this.what}: expected ${part} at bytes ${offset} to ${offset + length}, ` +
          `received a file of ${this.length} bytes`,
      );
    }
  }

  #view(offset: number, length: number): DataView {
    const bytes = this.slice(offset, length, 'a record');
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  expectSignature(offset: number, signature: number, part: string): void {
    this.check(offset, 4, part);
    const found = this.u32(offset);
    if (found !== signature) {
      const expected = `the signature 0x${signature.toString(16)} at byte ${offset}`;
      throw mismatch(
        'E_FORMAT',
        `${this.what}: ${part}`,
        expected,
        phrase(`0x${found.toString(16)}`),
      );
    }
  }

  name(offset: number, length: number): string {
    const raw = this.slice(offset, length, 'a member name');
    return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8');
  }
}

export interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly entries: number;
  /** Where the records after the directory begin. */
  readonly end: number;
}

/** Finds the end record, whose comment must reach exactly to the end of the file. */
export function readEnd(records: Records): Directory {
  const last = records.length - recordBytes.end;
  const first = Math.max(0, last - full16);
  for (let offset = last; offset >= first; offset -= 1) {
    if (records.u32(offset) !== signatures.end) continue;
    if (offset + recordBytes.end + records.u16(offset + 20) !== records.length) continue;
    return readEndAt(records, offset);
  }
  throw mismatch(
    'E_FORMAT',
    records.what,
    'a zip archive that ends in an end record',
    phrase('bytes of another kind, or an archive cut short'),
  );
}

function readEndAt(records: Records, offset: number): Directory {
  const disks = [records.u16(offset + 4), records.u16(offset + 6)];
  const here = records.u16(offset + 8);
  const entries = records.u16(offset + 10);
  const size = records.u32(offset + 12);
  const start = records.u32(offset + 16);
  if (entries === full16 || size === full32 || start === full32) {
    return readZip64End(records, offset);
  }
  if (disks[0] !== 0 || disks[1] !== 0 || here !== entries) {
    throw mismatch(
      'E_UNSUPPORTED',
      records.what,
      'an archive in one part',
      phrase('one in several parts'),
    );
  }
  return { offset: start, size, entries, end: offset };
}

function readZip64End(records: Records, endOffset: number): Directory {
  const locator = endOffset - recordBytes.zip64Locator;
  records.expectSignature(locator, signatures.zip64Locator, 'the zip64 locator');
  const offset = records.u64(locator + 8);
  records.expectSignature(offset, signatures.zip64End, 'the zip64 end record');
  return {
    entries: records.u64(offset + 32),
    size: records.u64(offset + 40),
    offset: records.u64(offset + 48),
    end: offset,
  };
}

/** Reads the fields that zip64 moves into an extra field, in the order the specification gives them. */
export function zip64Values(
  records: Records,
  extra: { readonly offset: number; readonly length: number },
  values: readonly number[],
): number[] {
  const end = extra.offset + extra.length;
  records.check(extra.offset, extra.length, 'an extra field');
  let offset = extra.offset;
  while (offset + 4 <= end) {
    const length = records.u16(offset + 2);
    if (offset + 4 + length > end) break;
    if (records.u16(offset) === zip64Extra) {
      let next = offset + 4;
      return values.map((value) => {
        if (value !== full32) return value;
        if (next + 8 > offset + 4 + length) {
          throw mismatch('E_FORMAT', `${records.what}: zip64 extra field`, 'more numbers', length);
        }
        next += 8;
        return records.u64(next - 8);
      });
    }
    offset += 4 + length;
  }
  return [...values];
}
