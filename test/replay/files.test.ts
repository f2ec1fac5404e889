import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Replay } from '../../ts/index.js';
import type { ReplayOptions } from '../../ts/index.js';
import { expectRefused } from '../facade/refused.js';
import { moduleUrl } from '../lifecycle/child.js';
import { listed } from './play.js';

const size = 6;
const options: ReplayOptions = {
  capacity: 20,
  observation: { size, stack: 2 },
  nStep: 2,
};
// As docs/replay.md has them.
const [recordsAt, recordBytes] = [4096, 32];

let folder = '';
const pathOf = (name: string): string => path.join(folder, name);

function write(name: string, rows: number, more: Partial<ReplayOptions> = {}): Replay {
  const replay = new Replay({ ...options, ...more, file: pathOf(name) });
  const start = replay.observations;
  for (let row = start; row < start + rows; row += 1) {
    const observation = Float32Array.from({ length: size }, (_, index) => row + index / 8);
    if (row % 9 === 0) replay.begin(observation);
    else replay.add(row % 3, row, observation, { terminated: row % 9 === 8 });
  }
  return replay;
}

/** Changes bytes of a file that was closed. */
function edit(name: string, change: (bytes: Buffer) => void): string {
  const bytes = readFileSync(pathOf(name));
  change(bytes);
  const edited = pathOf(`edited-${name}`);
  writeFileSync(edited, bytes);
  return edited;
}

describe('replay: files', () => {
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-replay-files-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('opens with the sizes that the file has, and may be read by several', () => {
    write('sizes', 50).close();
    const before = readFileSync(pathOf('sizes'));
    const [one, other] = [true, true].map((readOnly) =>
      Replay.open(pathOf('sizes'), { readOnly, nStep: 2, observation: { stack: 2 } }),
    ) as [Replay, Replay];
    expect([one.capacity, one.stateSize]).to.deep.equal([20, 12]);
    const mapped = new Replay({ ...options, file: pathOf('sizes'), readOnly: true });
    expect(listed(one)).to.deep.equal(listed(mapped));
    expect(one.sample(4).states).to.deep.equal(other.sample(4).states);
    expectRefused(() => one.begin(new Float32Array(size)), 'E_STATE', 'read-only');
    for (const replay of [one, other, mapped]) replay.close();
    expect(readFileSync(pathOf('sizes')).equals(before)).to.be.true;
  });

  it('other steps, discounts and stacks may be asked of the same rows', () => {
    write('again', 30).close();
    const memory = new Replay({
      ...options,
      nStep: 1,
      gamma: 0.5,
      observation: { size, stack: 3 },
    });
    for (let row = 0; row < 30; row += 1) {
      const observation = Float32Array.from({ length: size }, (_, index) => row + index / 8);
      if (row % 9 === 0) memory.begin(observation);
      else memory.add(row % 3, row, observation, { terminated: row % 9 === 8 });
    }
    const file = Replay.open(pathOf('again'), { nStep: 1, gamma: 0.5, observation: { stack: 3 } });
    expect(listed(file)).to.deep.equal(listed(memory));
    file.close();
  });

  it('one writer, and no reader beside it', () => {
    const writer = write('locked', 12);
    const open = (readOnly: boolean) => () =>
      new Replay({ ...options, file: pathOf('locked'), readOnly });
    expectRefused(open(false), 'E_STATE', 'nobody else has open');
    expectRefused(open(true), 'E_STATE', 'nobody writes to');
    const program = `import { Replay } from '${moduleUrl('ts', 'index.js')}';
      try { Replay.open(process.argv[1]); } catch (error) { process.stdout.write(error.code); }`;
    const args = ['--input-type=module', '--eval', program, pathOf('locked')];
    expect(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout).to.equal('E_STATE');
    writer.close();
    const reader = open(true)();
    expectRefused(open(false), 'E_STATE', 'in use');
    reader.close();
    open(false)().close();
  });

  it('refuses other sizes, and files that are missing or in the way', () => {
    write('other', 12).close();
    const open = (more: Partial<ReplayOptions>) => () =>
      new Replay({ ...options, file: pathOf('other'), ...more });
    expectRefused(open({ capacity: 21 }), 'E_ARGUMENT', 'capacity: expected 21, received 20');
    expectRefused(open({ observation: { size: 7 } }), 'E_ARGUMENT', 'values of a frame');
    expectRefused(open({ observation: { size, dtype: 'uint8' } }), 'E_ARGUMENT', 'type of a frame');
    expectRefused(open({ file: pathOf('none'), readOnly: true }), 'E_FILE', 'none');
    expectRefused(open({ file: pathOf('no/folder') }), 'E_FILE', 'can be created');
    expectRefused(open({ file: folder }), 'E_FILE', folder);
    writeFileSync(pathOf('empty'), '');
    expectRefused(open({ file: pathOf('empty') }), 'E_FORMAT', 'an empty one');
  });

  it('a damaged file is refused by what is damaged', () => {
    write('whole', 30).close();
    const open = (file: string) => () => new Replay({ ...options, file });
    const damaged: [string, (bytes: Buffer) => void, string][] = [
      ['magic', (bytes) => (bytes[0] = 0), 'a replay file of spiq'],
      ['head', (bytes) => flip(bytes, 16), 'whose head was changed'],
      ['progress', (bytes) => bytes.fill(1, 512, 1100), 'progress'],
      ['record', (bytes) => flip(bytes, recordsAt + 7 * recordBytes + 12), 'record of row 7'],
      ['a record that is gone', (bytes) => bytes.fill(0, recordsAt, recordsAt + 32), 'row 0'],
    ];
    for (const [, change, part] of damaged)
      expectRefused(open(edit('whole', change)), 'E_FORMAT', part);
    const newer = edit('whole', (bytes) => bytes.writeUInt32LE(2, 8));
    expectRefused(open(newer), 'E_VERSION', 'a newer spiq');
    truncateSync(
      edit('whole', () => undefined),
      5000,
    );
    expectRefused(open(pathOf('edited-whole')), 'E_FORMAT', '5000');

    const { size: bytes } = statSync(pathOf('whole'));
    const rows = memoryRows();
    const frames = edit('whole', (content) => flip(content, bytes - (rows - 3) * 4 * size));
    const opened = open(frames)();
    expectRefused(() => opened.verify(), 'E_FORMAT', 'frame of row 3');
    opened.close();
  });

  it('one of the two copies of the progress may be lost', () => {
    write('progress', 30).close();
    const rows = [512, 1024].map((at) => {
      const replay = new Replay({
        ...options,
        file: edit('progress', (bytes) => bytes.fill(7, at, at + 40)),
      });
      const { observations } = replay;
      replay.close();
      return observations;
    });
    expect(rows).to.deep.equal([30, 30]);
  });

  it('states belong to their file, and to a time that it still knows', () => {
    const replay = write('state', 12);
    const state = replay.save();
    replay.close();
    copyFileSync(pathOf('state'), pathOf('state-copy'));
    write('stranger', 13).close();
    const open = (name: string) => new Replay({ ...options, file: pathOf(name) });
    const restored = (name: string) => () => {
      const opened = open(name);
      try {
        opened.restore(state);
        return opened.observations;
      } finally {
        opened.close();
      }
    };
    expect(restored('state-copy')()).to.equal(12);
    write('behind', 11).close();
    expectRefused(restored('behind'), 'E_STATE', 'at least 12');
    const other = open('behind');
    other.begin(new Float32Array(size).fill(5));
    other.close();
    expectRefused(restored('behind'), 'E_STATE', 'file');
    write('state', 900).close(); // more than the ring has
    expectRefused(restored('state'), 'E_STATE', 'one that went on');
    const memory = new Replay(options);
    expectRefused(() => memory.restore(state), 'E_ARGUMENT', 'frames');
  });
});

function flip(bytes: Buffer, at: number): void {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
}

function memoryRows(): number {
  return new Replay(options).memory.atMost.frames / (4 * size);
}
