import { deflateRawSync } from 'node:zlib';
import { expect } from 'chai';
import { SpiqError } from '../../ts/errors.js';
import { readZip } from '../../ts/formats/npz/zip-reader.js';
import { writeZip } from '../../ts/formats/npz/zip-writer.js';
import { expectError } from './helpers/expect-error.js';

const members = [
  { name: 'a.npy', bytes: Buffer.from('first member') },
  { name: 'b.npy', bytes: Buffer.alloc(1000, 7) },
];

/** A copy of an archive, with a way to overwrite numbers in it. */
function edited(archive: Uint8Array, edit: (bytes: Buffer, directory: number) => void): Buffer {
  const bytes = Buffer.from(archive);
  edit(bytes, bytes.readUInt32LE(bytes.length - 6));
  return bytes;
}

function* flippedBits(archive: Uint8Array, start: number, length: number): Generator<Buffer> {
  for (let bit = 0; bit < length * 8; bit += 1) {
    yield edited(archive, (bytes) => {
      const at = start + (bit >> 3);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
    });
  }
}

/** An archive of one stored member `a` with zip64 records, as allowed but not needed for its size. */
function zip64Archive(): Buffer {
  const plain = Buffer.from(writeZip([{ name: 'a', bytes: Buffer.from('xyz') }], false, 'test'));
  const directory = plain.readUInt32LE(plain.length - 6);
  const central = Buffer.from(plain.subarray(directory, plain.length - 22));
  central.writeUInt32LE(0xffffffff, 20);
  central.writeUInt32LE(0xffffffff, 24);
  central.writeUInt16LE(20, 30);
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(16, 2);
  extra.writeBigUInt64LE(3n, 4);
  extra.writeBigUInt64LE(3n, 12);
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(1n, 32);
  end.writeBigUInt64LE(BigInt(central.length + extra.length), 40);
  end.writeBigUInt64LE(BigInt(directory), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(directory + central.length + extra.length), 64);
  const last = Buffer.from(plain.subarray(plain.length - 22));
  last.writeUInt16LE(0xffff, 10);
  last.writeUInt32LE(0xffffffff, 16);
  return Buffer.concat([plain.subarray(0, directory), central, extra, end, last]);
}

describe('zip', () => {
  it('reads zip64 sizes and end records', () => {
    const read = readZip(zip64Archive(), 'z');
    expect(Buffer.from(read.get('a') ?? []).toString()).to.equal('xyz');
  });

  it('reads an archive with a comment', () => {
    const archive = Buffer.concat([writeZip(members, true, 'z'), Buffer.from('hello')]);
    archive.writeUInt16LE(5, archive.length - 7);
    expect([...readZip(archive, 'z').keys()]).to.deep.equal(['a.npy', 'b.npy']);
  });

  it('refuses repeated names in both directions', () => {
    const twice = [members[0], members[0]].filter((member) => member !== undefined);
    expectError(() => writeZip(twice, false, 'z'), 'E_ARGUMENT', 'a.npy');
    const archive = Buffer.from(writeZip(members, false, 'z'));
    for (let at = archive.indexOf('b.npy'); at >= 0; at = archive.indexOf('b.npy'))
      archive.write('a.npy', at);
    expectError(() => readZip(archive, 'z'), 'E_FORMAT', 'each member once');
  });

  it('catches every flipped bit of stored data', () => {
    const archive = writeZip(members, false, 'z');
    for (const { name, bytes } of members) {
      const start = Buffer.from(archive).indexOf(bytes);
      for (const damaged of flippedBits(archive, start, bytes.length)) {
        expectError(() => readZip(damaged, 'z.npz'), 'E_FORMAT', 'z.npz', name, 'CRC-32');
      }
    }
  });

  it('never returns other content after a flipped bit of deflated data', () => {
    const archive = writeZip(members, true, 'z');
    const packedBytes = Buffer.from(archive).readUInt32LE(18);
    let caught = 0;
    for (const damaged of flippedBits(archive, 30 + 5, packedBytes)) {
      try {
        // The unused bits of the last byte may flip without harm.
        const content = Buffer.from(readZip(damaged, 'z.npz').get('a.npy') ?? []);
        expect(content.toString()).to.equal('first member');
      } catch (error) {
        expect(error).to.be.instanceOf(SpiqError);
        caught += 1;
      }
    }
    expect(caught).to.be.greaterThan(packedBytes * 8 - 8);
  });

  it('refuses every truncation', () => {
    const archive = writeZip(members, true, 'z');
    for (let length = 0; length < archive.length; length += 1) {
      expectError(() => readZip(archive.subarray(0, length), 'cut.npz'), 'E_FORMAT', 'cut.npz');
    }
  });

  it('refuses a member that unpacks to more than it declares', () => {
    const packed = deflateRawSync(Buffer.alloc(100_000));
    const archive = writeZip([{ name: 'bomb', bytes: packed }], false, 'z');
    const lying = edited(archive, (bytes, directory) => {
      for (const [local, at] of [
        [true, 0],
        [false, directory],
      ] as const) {
        bytes.writeUInt16LE(8, at + (local ? 8 : 10));
        bytes.writeUInt32LE(50, at + (local ? 22 : 24));
      }
    });
    expectError(() => readZip(lying, 'z'), 'E_FORMAT', 'bomb', 'a deflate stream of 50 bytes');
  });

  it('refuses a size that deflate cannot reach, before it allocates anything', () => {
    const archive = writeZip([{ name: 'bomb', bytes: Buffer.alloc(10) }], true, 'z');
    const lying = edited(archive, (bytes, directory) =>
      bytes.writeUInt32LE(0xfffffff0, directory + 24),
    );
    expectError(() => readZip(lying, 'z'), 'E_FORMAT', 'bomb', '1032');
  });

  it('refuses members that together exceed 4 GiB', () => {
    const archive = zip64Archive();
    const directory = archive.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
    const extra = directory + 46 + 1;
    archive.writeBigUInt64LE(2n ** 33n, extra + 4);
    archive.writeBigUInt64LE(2n ** 33n, extra + 12);
    expectError(() => readZip(archive, 'z'), 'E_MEMORY', String(2 ** 32));
  });

  it('refuses members that overlap', () => {
    const grown = edited(writeZip(members, false, 'z'), (bytes, directory) => {
      for (const at of [18, 22, directory + 20, directory + 24]) bytes.writeUInt32LE(40, at);
    });
    expectError(() => readZip(grown, 'z'), 'E_FORMAT', 'a.npy', 'to end by byte');
  });

  it('refuses encryption, other compressions and archives in parts', () => {
    const archive = writeZip(members, false, 'z');
    const cases: [string, (bytes: Buffer, directory: number) => void][] = [
      ['encrypted', (bytes, directory) => bytes.writeUInt16LE(1, directory + 8)],
      ['compression', (bytes, directory) => bytes.writeUInt16LE(14, directory + 10)],
      ['parts', (bytes) => bytes.writeUInt16LE(1, bytes.length - 18)],
    ];
    for (const [part, edit] of cases) {
      expectError(() => readZip(edited(archive, edit), 'z'), 'E_UNSUPPORTED', part);
    }
  });

  it('refuses a local header that contradicts the directory', () => {
    const archive = writeZip(members, false, 'z');
    for (const at of [6, 8, 14, 18, 22, 30]) {
      const damaged = edited(archive, (bytes) => bytes.writeUInt8(bytes.readUInt8(at) ^ 2, at));
      expectError(() => readZip(damaged, 'z'), 'E_FORMAT', "'a.npy'");
    }
  });
});
