import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { ReplayRecorder } from '../../ts/agent/replay-recorder.js';
import { openReplayRows } from '../../ts/formats/replay.js';
import { readNpzFile } from '../../ts/formats/npz/index.js';
import { expectError, expectRejection } from '../formats/helpers/expect-error.js';

describe('replay recorder', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spiq-replay-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const filled = (count: number, rows: number): ReplayRecorder => {
    const recorder = new ReplayRecorder(2, rows);
    for (let k = 0; k < count; k += 1) recorder.add(Float32Array.of(k, -k));
    return recorder;
  };
  const doubled = async (observations: Float32Array) =>
    Float32Array.from({ length: (observations.length / 2) * 3 }, (_, at) =>
      at % 3 === 0 ? observations[(at / 3) * 2]! * 2 : at % 3,
    );

  it('keeps the last rows, the oldest first', () => {
    const firsts = (count: number, rows: number) =>
      [...filled(count, rows).observations()].filter((_, k) => k % 2 === 0);
    expect(firsts(3, 5)).to.deep.equal([0, 1, 2]);
    expect(firsts(5, 5)).to.deep.equal([0, 1, 2, 3, 4]);
    expect(firsts(7, 5)).to.deep.equal([2, 3, 4, 5, 6]);
    expect(firsts(10, 5)).to.deep.equal([5, 6, 7, 8, 9]);
    const [first, last] = [firsts(5000, 3000)[0], firsts(5000, 3000).at(-1)];
    expect([first, last]).to.deep.equal([2000, 4999]);
  });

  it('writes both files of a replay folder, outputs computed in batches', async () => {
    const target = path.join(folder, 'new', 'deep');
    const batches: number[] = [];
    await filled(2500, 2300).save(target, async (observations) => {
      batches.push(observations.length / 2);
      return doubled(observations);
    });
    expect(batches).to.deep.equal([1024, 1024, 252]);
    expect(readdirSync(target).sort()).to.deep.equal(['memory_inputs.npz', 'memory_outputs.npz']);
    const inputs = readNpzFile(path.join(target, 'memory_inputs.npz')).get('arr_0');
    const outputs = readNpzFile(path.join(target, 'memory_outputs.npz')).get('arr_0');
    expect([inputs.shape, inputs.dtype]).to.deep.equal([[2300, 2], 'f4']);
    expect([outputs.shape, outputs.dtype]).to.deep.equal([[2300, 3], 'f4']);
    for (const row of [0, 1023, 1024, 2299]) {
      expect(outputs.data[row * 3]).to.equal(Number(inputs.data[row * 2]) * 2);
      expect(inputs.data[row * 2]).to.equal(200 + row);
    }
    const rows = await openReplayRows(target, { width: 2 });
    let read = 0;
    for await (const piece of rows) read += piece.length / 2;
    expect(read).to.equal(2300);
  });

  it('refuses nothing, rows that do not fit, and folders that cannot be', async () => {
    expectError(() => new ReplayRecorder(2, 0), 'E_RANGE', 'rows of a replay');
    const recorder = filled(0, 5);
    expectError(() => recorder.add(new Float32Array(3)), 'E_SHAPE', '2 values, received 3');
    await expectRejection(recorder.save(folder, doubled), 'E_STATE', 'received none');
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    await expectRejection(filled(1, 5).save(file, doubled), 'E_FILE', 'make the folder');
  });
});
