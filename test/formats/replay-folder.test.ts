import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Replay, exportReplayFolder, readReplayFolder, writeReplayFolder } from '../../ts/index.js';
import type { NpyArray } from '../../ts/index.js';
import { expectRefused } from '../facade/refused.js';

const rowsOf = (...shape: number[]): NpyArray => ({
  shape,
  dtype: 'f4',
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => index / 4),
});

describe('replay folders', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-folders-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('come back as they were written, in folders that are made', () => {
    const content = { observations: rowsOf(7, 2, 3), outputs: rowsOf(7, 2) };
    writeReplayFolder(path.join(folder, 'deep', 'one'), content);
    expect(readReplayFolder(path.join(folder, 'deep', 'one'))).to.deep.equal(content);
  });

  it('need both files, rows, and as many in each', () => {
    const write = (observations: NpyArray, outputs: NpyArray) => () =>
      writeReplayFolder(path.join(folder, 'two'), { observations, outputs });
    expectRefused(write(rowsOf(7, 2), rowsOf(6, 2)), 'E_SHAPE', '7 rows');
    expectRefused(write(rowsOf(7), rowsOf(7, 2)), 'E_SHAPE', 'observations');
    expectRefused(() => readReplayFolder(folder), 'E_FILE', 'memory_inputs.npz');
    writeFileSync(path.join(folder, 'file'), '');
    const blocked = path.join(folder, 'file');
    const content = { observations: rowsOf(2, 2), outputs: rowsOf(2, 2) };
    expectRefusedFile(() => writeReplayFolder(blocked, content));
  });

  it('hold the states of a memory in their order, in pieces as large as memory likes', () => {
    const replay = new Replay({ capacity: 3000, observation: { size: 2, stack: 2 } });
    for (let row = 0; row < 2600; row += 1) {
      const observation = Float32Array.of(row, row + 0.5);
      if (row % 100 === 0) replay.begin(observation);
      else replay.add(0, 0, observation, { terminated: row % 100 === 99 });
    }
    const calls: number[] = [];
    exportReplayFolder(replay, path.join(folder, 'memory'), (states, rows) => {
      calls.push(rows);
      return Float32Array.from({ length: rows }, (_, row) => states[4 * row + 2]! * 2);
    });
    expect(calls).to.deep.equal([1024, 1024, 526]);
    const { observations, outputs } = readReplayFolder(path.join(folder, 'memory'));
    expect(observations.shape).to.deep.equal([2574, 4]);
    expect([...(observations.data as Float32Array).subarray(4, 8)]).to.deep.equal([0, 0.5, 1, 1.5]);
    expect(outputs.data.at(-1)).to.equal(2 * 2598);
    const empty = new Replay({ capacity: 3, observation: { size: 2 } });
    expectRefused(() => exportReplayFolder(empty, folder, (states) => states), 'E_STATE', 'empty');
    const short = () => exportReplayFolder(replay, folder, () => new Float32Array(3));
    expectRefused(short, 'E_SHAPE', 'outputs of a replay');
  });
});

/** The file system's own words, in another form than a mismatch. */
function expectRefusedFile(call: () => void): void {
  expect(call).to.throw('make the folder').with.property('code', 'E_FILE');
}
