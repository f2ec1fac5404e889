import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import {
  openNpzRows,
  readNpz,
  streamNpzRows,
  toFloat64,
  writeNpy,
  writeNpz,
} from '../../ts/formats/npz/index.js';
import type { Dtype, NpyArray, NpyData } from '../../ts/formats/npz/index.js';
import { openReplayRows } from '../../ts/formats/replay.js';
import { seededNumbers } from './helpers/mutate.js';
import { moduleUrl, runProgram } from '../lifecycle/child.js';
import { expectRejection } from './helpers/expect-error.js';
import { compressed, stored, streamed, versionThree, versionTwo } from './helpers/numpy-files.js';

let folder = '';

function file(name: string, bytes: Uint8Array): string {
  const target = path.join(folder, name);
  writeFileSync(target, bytes);
  return target;
}

async function gather(rows: AsyncIterable<Float32Array | Float64Array>): Promise<number[]> {
  const values: number[] = [];
  for await (const piece of rows) for (const value of piece) values.push(value);
  return values;
}

/** All values of a dtype's making, its least and largest among them. */
function numbers(dtype: Dtype, count: number): NpyData {
  const next = seededNumbers(dtype.length + count);
  const draw = (): number => next(2 ** 31);
  const make = {
    f4: () => Float32Array.from({ length: count }, draw),
    f8: () => Float64Array.from({ length: count }, () => draw() / 7),
    i1: () => Int8Array.from({ length: count }, draw),
    i2: () => Int16Array.from({ length: count }, draw),
    i4: () => Int32Array.from({ length: count }, draw),
    i8: () => BigInt64Array.from({ length: count }, () => -BigInt(draw())),
    u1: () => Uint8Array.from({ length: count }, draw),
    u2: () => Uint16Array.from({ length: count }, draw),
    u4: () => Uint32Array.from({ length: count }, () => draw() * 2),
    u8: () => BigUint64Array.from({ length: count }, () => BigInt(draw())),
    bool: () => Uint8Array.from({ length: count }, () => next(2)),
  };
  return make[dtype]();
}

describe('rows streamed from npz', function () {
  this.timeout(60_000);

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spiq-rows-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const dtype of [
    'f4',
    'f8',
    'i1',
    'i2',
    'i4',
    'i8',
    'u1',
    'u2',
    'u4',
    'u8',
    'bool',
  ] as const) {
    it(`are those of the whole array, of ${dtype}, stored, deflated and alone`, async () => {
      // Several pieces of every dtype, whose ends do not fall together with rows.
      const [rows, width] = [100_003, 7];
      const array: NpyArray = { shape: [rows, width], dtype, data: numbers(dtype, rows * width) };
      const other: NpyArray = { shape: [3], dtype: 'f4', data: new Float32Array(3) };
      const wanted = toFloat64(array).data;
      const files = [
        file('stored.npz', writeNpz({ other, obs: array })),
        file('deflated.npz', writeNpz({ other, obs: array }, { compress: true })),
        file('alone.npy', writeNpy(array, 'alone')),
      ];
      for (const each of files) {
        const opened = await openNpzRows(each, { width });
        expect(opened).to.include({ rows, width });
        let at = 0;
        for await (const piece of opened) {
          expect(piece.length % width).to.equal(0);
          expect(piece.byteLength).to.be.at.most(8 * 2 ** 20);
          for (const value of piece) if (value !== wanted[at++]) expect.fail(`${each}: ${at}`);
        }
        expect(at).to.equal(wanted.length);
      }
    });
  }

  it('are read as numpy wrote them: zip64, sizes behind the data, both byte orders, versions 1 to 3', async () => {
    const files = { stored, compressed, streamed, versionTwo, versionThree };
    for (const [name, bytes] of Object.entries(files)) {
      const target = file(`${name}.npz`, bytes);
      const whole = readNpz(bytes, name);
      for (const key of whole.keys.filter((one) => !['fortran', 'empty'].includes(one))) {
        const wanted = Array.from(toFloat64(whole.get(key)).data);
        expect(await gather(streamNpzRows(target, key)), `${name}:${key}`).to.deep.equal(wanted);
      }
    }
  });

  it('can be read again, and left in the middle', async () => {
    const data = Float32Array.from({ length: 900_000 }, (_, k) => k);
    const target = file('again.npz', writeNpz({ x: { shape: [300_000, 3], dtype: 'f4', data } }));
    const rows = await openNpzRows(target);
    for (let round = 0; round < 3; round += 1) {
      let seen = 0;
      for await (const piece of rows) {
        expect(piece[0]).to.equal(seen);
        seen += piece.length;
        if (round === 1) break;
      }
      expect(seen === data.length).to.equal(round !== 1);
    }
  });

  it('are one row where a single observation has one dimension', async () => {
    const data = Float32Array.of(1, 2, 3, 4);
    const target = file('single.npz', writeNpz({ x: { shape: [4], dtype: 'f4', data } }));
    expect(await openNpzRows(target, { width: 4 })).to.include({ rows: 1, width: 4 });
    expect(await openNpzRows(target)).to.include({ rows: 4, width: 1 });
  });

  it('are refused of another width, in Fortran order, of no rows, and under no such key', async () => {
    const data = new Float32Array(10);
    const wide = file('wide.npz', writeNpz({ obs: { shape: [2, 5], dtype: 'f4', data } }));
    await expectRejection(
      openNpzRows(wide, { width: 4 }),
      'E_SHAPE',
      'wide.npz',
      '[rows, 4]',
      '[2, 5]',
    );
    await expectRejection(openNpzRows(wide, { key: 'x' }), 'E_ARGUMENT', "'x'", 'obs');
    const own = file('own.npz', stored);
    await expectRejection(openNpzRows(own), 'E_ARGUMENT', 'FILE:key');
    await expectRejection(
      openNpzRows(own, { key: 'fortran' }),
      'E_UNSUPPORTED',
      'Fortran order',
      'numpy.ascontiguousarray',
    );
    const none = file('none.npz', compressed);
    await expectRejection(openNpzRows(none, { key: 'empty' }), 'E_SHAPE', 'at least one row');
    await expectRejection(openNpzRows(path.join(folder, 'absent.npz')), 'E_FILE', 'absent.npz');
    await expectRejection(openNpzRows(folder), 'E_FILE', folder);
    await expectRejection(
      openNpzRows(file('text.npz', Buffer.from('text'))),
      'E_FORMAT',
      'text.npz',
    );
  });

  it('end in an error where the checksum is another, stored and deflated', async () => {
    const data = Float32Array.from({ length: 300_000 }, (_, k) => k % 11);
    for (const compress of [false, true]) {
      const bytes = Buffer.from(
        writeNpz({ x: { shape: [100_000, 3], dtype: 'f4', data } }, { compress }),
      );
      const directory = bytes.readUInt32LE(bytes.length - 6);
      const damaged = file('damaged.npz', bytes);
      // The checksum of both headers: the data itself is sound, so only the end can tell.
      for (const at of [14, directory + 16]) bytes.writeUInt32LE(1, at);
      writeFileSync(damaged, bytes);
      const rows = await openNpzRows(damaged);
      await expectRejection(gather(rows), 'E_FORMAT', 'damaged.npz', 'CRC-32 1');
    }
  });

  it('are refused where the header and the file disagree on their number', async () => {
    const bytes = Buffer.from(
      writeNpy({ shape: [4, 2], dtype: 'f4', data: new Float32Array(8) }, 'x'),
    );
    bytes.write('(9, 2)', bytes.indexOf('(4, 2)'));
    await expectRejection(
      openNpzRows(file('lie.npy', bytes)),
      'E_FORMAT',
      '72 bytes',
      'received 32',
    );
    const long = Buffer.from(
      writeNpy({ shape: [1, 1], dtype: 'f4', data: new Float32Array(1) }, 'x'),
    );
    long.write('(1, 99999999999), }', long.indexOf('(1, 1)'));
    await expectRejection(openNpzRows(file('long.npy', long)), 'E_FORMAT', 'received 4');
  });

  it('of a replay folder are its observations', async () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    await expectRejection(openReplayRows(folder), 'E_FILE', 'memory_inputs.npz');
    file('memory_inputs.npz', writeNpz({ arr_0: { shape: [3, 2], dtype: 'f4', data } }));
    const rows = await openReplayRows(folder, { width: 2 });
    expect(await gather(rows)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    await expectRejection(openReplayRows(folder, { width: 4 }), 'E_SHAPE', '[rows, 4]');
  });

  it('of 400 MB take less than 100 MB of memory', () => {
    const [rows, width] = [1_000_000, 100];
    const target = zerosArchive('large.npz', rows, width);
    const { status, stdout, stderr } = runProgram(`
      import { openNpzRows } from '${moduleUrl('ts', 'formats', 'npz', 'index.js')}';
      const before = process.memoryUsage.rss();
      let [most, seen] = [0, 0];
      for await (const piece of await openNpzRows(${JSON.stringify(target)})) {
        seen += piece.length;
        most = Math.max(most, process.memoryUsage.rss());
      }
      console.log(seen, (most - before) / 2 ** 20);
    `);
    expect(status, stderr).to.equal(0);
    const [seen, megabytes] = stdout.split(' ').map(Number);
    expect(seen).to.equal(rows * width);
    expect(megabytes).to.be.below(100);
  });
});

/** A stored archive of zeros, float32, whose data takes no room on the disk. */
function zerosArchive(name: string, rows: number, width: number): string {
  const bytes = 4 * rows * width;
  const empty = Buffer.from(
    writeNpz({ x: { shape: [1], dtype: 'f4', data: new Float32Array(1) } }),
  );
  const directory = empty.readUInt32LE(empty.length - 6);
  const header = empty.subarray(30 + 5, directory - 4);
  const shape = `(${rows}, ${width}), }`;
  header.write(shape, header.indexOf('(1,)'));
  const zeros = Buffer.alloc(2 ** 20);
  let crc = crc32(header);
  for (let left = bytes; left > 0; left -= zeros.length) {
    crc = crc32(zeros.subarray(0, Math.min(left, zeros.length)), crc);
  }
  const size = header.length + bytes;
  const local = empty.subarray(0, 35);
  const end = empty.subarray(directory);
  for (const [part, at] of [
    [local, 14],
    [end, 16],
  ] as const) {
    part.writeUInt32LE(crc, at);
    part.writeUInt32LE(size, at + 4);
    part.writeUInt32LE(size, at + 8);
  }
  end.writeUInt32LE(local.length + size, end.length - 6);
  const target = path.join(folder, name);
  const out = openSync(target, 'w');
  writeSync(out, Buffer.concat([local, header]));
  ftruncateSync(out, local.length + size);
  writeSync(out, end, 0, end.length, local.length + size);
  closeSync(out);
  return target;
}
