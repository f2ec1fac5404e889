import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FramePreprocessor, FrameRegion, preprocessNames } from '../../ts/index.js';
import type { PreprocessName } from '../../ts/index.js';
import { expectRefused } from './refused.js';

const slotBytes = 262_144;
const copies = 3;

/** Noise, another for each seed. */
function drawn(seed: number, bytes: number): Uint8Array {
  let state = seed + 1;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

describe('façade: frames', () => {
  let folder = '';
  let file = '';
  let region: FrameRegion;
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-frames-'));
    file = path.join(folder, 'frames');
    writeFileSync(file, '');
    region = new FrameRegion(file, copies * slotBytes);
  });
  after(() => {
    region.close();
    rmSync(folder, { recursive: true });
  });

  /** Writes frames where another process would. */
  function put(contents: ReadonlyMap<number, Uint8Array>): void {
    const all = new Uint8Array(copies * slotBytes);
    for (const [offset, bytes] of contents) all.set(bytes, offset);
    writeFileSync(file, all, { flag: 'r+' });
  }

  it('a region is as long as it is to be, takes room on the disk, and shows what others write', () => {
    const { size, blocks } = statSync(file);
    expect(size).to.equal(copies * slotBytes);
    expect(blocks * 512).to.be.least(size);
    execFileSync(process.execPath, [
      '-e',
      `const f = require('node:fs').openSync(${JSON.stringify(file)}, 'r+');
      require('node:fs').writeSync(f, Buffer.from([7, 8, 9]), 0, 3, 100)`,
    ]);
    expect([...region.read(99, new Uint8Array(5))]).to.deep.equal([0, 7, 8, 9, 0]);
    expect(region.read(copies * slotBytes, new Uint8Array(0))).to.have.length(0);
  });

  it('a region of an open file needs neither its name nor, later, its descriptor', () => {
    const own = path.join(folder, 'nameless');
    const descriptor = openSync(own, 'wx+', 0o600);
    unlinkSync(own);
    const nameless = new FrameRegion(descriptor, slotBytes);
    expect(fstatSync(descriptor).size).to.equal(slotBytes);
    writeSync(descriptor, Uint8Array.of(4, 5), 0, 2, 3);
    closeSync(descriptor);
    expect([...nameless.read(2, new Uint8Array(4))]).to.deep.equal([0, 4, 5, 0]);
    nameless.close();
    expectRefused(() => new FrameRegion(descriptor, slotBytes), 'E_FILE', `${descriptor}`);
  });

  it('refuses file descriptors that are no region', () => {
    const make = (descriptor: number) => () => new FrameRegion(descriptor, copies * slotBytes);
    expectRefused(make(-1), 'E_RANGE', 'file descriptor');
    expectRefused(make(1.5), 'E_RANGE', 'file descriptor');
    expectRefused(make(2 ** 31), 'E_RANGE', 'file descriptor');
    const readOnly = openSync(file, 'r');
    expectRefused(make(readOnly), 'E_FILE', 'for reading and writing');
    closeSync(readOnly);
    const device = openSync(os.devNull, 'r+');
    expectRefused(make(device), 'E_FILE', 'a regular file');
    closeSync(device);
    const long = openSync(file, 'r+');
    expectRefused(() => new FrameRegion(long, 10), 'E_FILE', 'at most 10 bytes');
    closeSync(long);
  });

  for (const kind of preprocessNames)
    it(`${kind}: from a region the same as from arrays, each copy with a history of its own`, () => {
      const single = Array.from({ length: copies }, () => new FramePreprocessor({ kind }));
      const many = new FramePreprocessor({ kind, copies });
      const { size, frameBytes, shape } = many;
      expect(size).to.equal(shape[0]! * shape[1]! * shape[2]!);
      const beforeOffset = frameBytes + 64;
      const into = new Uint8Array(copies * size);
      for (let time = 0; time < 6; time += 1) {
        const chosen = time === 0 ? [2, 0, 1] : time === 3 ? [1] : [0, 2];
        const frames = chosen.map((k) => [10 * time + k, 10 * time + k + 5] as const);
        put(
          new Map(
            frames.flatMap(([newest, before], i) => [
              [chosen[i]! * slotBytes, drawn(newest, frameBytes)],
              [chosen[i]! * slotBytes + beforeOffset, drawn(before, frameBytes)],
            ]),
          ),
        );
        const call = time === 0 || time === 3 ? 'beginFrom' : 'stepFrom';
        const earlier = into.slice();
        const offset = time === 4 ? undefined : beforeOffset;
        many[call](region, Int32Array.from(chosen), slotBytes, offset, into);
        for (let k = 0; k < copies; k += 1) {
          const i = chosen.indexOf(k);
          const made = into.slice(k * size, (k + 1) * size);
          if (i < 0) {
            expect(made).to.deep.equal(earlier.slice(k * size, (k + 1) * size));
            continue;
          }
          const [newest, before] = frames[i]!.map((seed) => drawn(seed, frameBytes));
          const step = call === 'beginFrom' ? 'begin' : 'step';
          const wanted = single[k]![step](0, newest!, offset === undefined ? undefined : before);
          expect(made).to.deep.equal(wanted);
        }
      }
    });

  it('refuses options', () => {
    const make = (options: object) => () => new FramePreprocessor(options as { kind: 'patel' });
    expectRefused(make({}), 'E_ARGUMENT', "'kind'");
    expectRefused(make({ kind: 'nature2' }), 'E_ARGUMENT', 'nature2');
    expectRefused(make({ kind: 'nature', sides: 1 }), 'E_ARGUMENT', 'sides');
    expectRefused(make({ kind: 'nature', height: 0 }), 'E_RANGE', "'height'");
    expectRefused(make({ kind: 'neon', width: 4097 }), 'E_RANGE', "'width'");
    expectRefused(make({ kind: 'patel', height: 25 }), 'E_RANGE', "'height'");
    expectRefused(make({ kind: 'mnih', width: 1e9 }), 'E_RANGE', "'width'");
    expectRefused(make({ kind: 'mnih', copies: 0 }), 'E_RANGE', "'copies'");
    expectRefused(make({ kind: 'mnih', copies: '3' }), 'E_ARGUMENT', "'copies'");
  });

  it('refuses copies, frames and places', () => {
    const preprocessor = new FramePreprocessor({ kind: 'nature', copies: 2 });
    const frame = new Uint8Array(preprocessor.frameBytes);
    expectRefused(() => preprocessor.step(1, frame), 'E_STATE', 'copy 1');
    expectRefused(() => preprocessor.begin(2, frame), 'E_RANGE', 'copy');
    expectRefused(() => preprocessor.begin(0.5, frame), 'E_RANGE', 'copy');
    expectRefused(() => preprocessor.begin(0, frame.subarray(1)), 'E_SHAPE', 'newest frame');
    expectRefused(() => preprocessor.begin(0, frame, frame.subarray(1)), 'E_SHAPE', 'before');
    const absent = undefined as unknown as Uint8Array;
    expectRefused(() => preprocessor.begin(0, absent), 'E_ARGUMENT', 'newest frame');
    const into = new Uint8Array(preprocessor.size);
    expectRefused(() => preprocessor.begin(0, frame, frame, into, 1), 'E_RANGE', 'place');
    expectRefused(() => preprocessor.begin(0, frame, frame, into, -1), 'E_RANGE', 'place');
    const numbers = new Float32Array(into.length) as unknown as Uint8Array;
    expectRefused(() => preprocessor.begin(0, frame, frame, numbers), 'E_ARGUMENT', 'observation');
  });

  it('refuses places in a region, and then changes nothing', () => {
    const preprocessor = new FramePreprocessor({ kind: 'nature', copies: 4 });
    const { size, frameBytes } = preprocessor;
    const into = new Uint8Array(4 * size);
    const take = (chosen: number[], slot = slotBytes, before?: number, place = into) => {
      preprocessor.beginFrom(region, Int32Array.from(chosen), slot, before, place);
    };
    put(new Map([[0, drawn(1, frameBytes)]]));
    expectRefused(() => take([0, 4]), 'E_RANGE', 'copy');
    expectRefused(() => take([0, -1]), 'E_RANGE', 'copy');
    expectRefused(() => take([0, 3]), 'E_RANGE', 'slot of copy 3');
    expectRefused(() => take([0], frameBytes - 1), 'E_RANGE', 'bytes of a slot');
    expectRefused(() => take([0], 2 * frameBytes, frameBytes + 1), 'E_RANGE', 'frame before');
    expectRefused(
      () => take([0, 2], slotBytes, undefined, into.subarray(0, 3 * size - 1)),
      'E_RANGE',
      'place',
    );
    const few = Int32Array.of(0);
    expectRefused(
      () => preprocessor.stepFrom(region, few, slotBytes, undefined, into),
      'E_STATE',
      'copy 0',
    );
    expectRefused(
      () => preprocessor.stepFrom(null as unknown as FrameRegion, few, slotBytes, undefined, into),
      'E_ARGUMENT',
      'region',
    );
    expect(into.every((byte) => byte === 0)).to.equal(true);
  });

  it('refuses files that are no region', () => {
    const make = (name: string, bytes: number) => () => new FrameRegion(name, bytes);
    expectRefused(make(path.join(folder, 'absent'), 10), 'E_FILE', 'absent');
    expectRefused(make(folder, 10), 'E_FILE', folder);
    expectRefused(make(file, 10), 'E_FILE', 'at most 10 bytes');
    expectRefused(make(file, 0), 'E_RANGE', 'bytes');
    expectRefused(make(file, NaN), 'E_RANGE', 'bytes');
    expectRefused(make(true as unknown as string, 10), 'E_ARGUMENT', 'path');
    const link = path.join(folder, 'link');
    symlinkSync(file, link);
    expectRefused(make(link, copies * slotBytes), 'E_FILE', 'link');
  });

  it('a file larger than the disk is refused and takes no room', () => {
    const large = path.join(folder, 'large');
    writeFileSync(large, '');
    expectRefused(() => new FrameRegion(large, 2 ** 40), 'E_FILE', 'room for 1099511627776');
    expect(statSync(large).size).to.equal(0);
  });

  it('a closed region, and one whose file another process has cut off, are refused', () => {
    const cut = path.join(folder, 'cut');
    writeFileSync(cut, '');
    const own = new FrameRegion(cut, copies * slotBytes);
    truncateSync(cut, 10);
    expectRefused(() => own.read(0, new Uint8Array(1)), 'E_FILE', 'as before');
    own.close();
    own.close();
    expectRefused(() => own.read(0, new Uint8Array(1)), 'E_STATE', 'closed');
    const kind: PreprocessName = 'nature';
    const preprocessor = new FramePreprocessor({ kind });
    const into = new Uint8Array(preprocessor.size);
    expectRefused(
      () => preprocessor.beginFrom(own, Int32Array.of(0), slotBytes, undefined, into),
      'E_STATE',
      'closed',
    );
  });

  it('refuses bytes beyond a region', () => {
    expectRefused(() => region.read(-1, new Uint8Array(1)), 'E_RANGE', 'offset');
    expectRefused(() => region.read(copies * slotBytes, new Uint8Array(1)), 'E_RANGE', 'at most 0');
    expectRefused(() => region.read(0.5, new Uint8Array(1)), 'E_RANGE', 'offset');
    const words = new Uint16Array(1) as unknown as Uint8Array;
    expectRefused(() => region.read(0, words), 'E_ARGUMENT', 'a Uint8Array');
  });
});
