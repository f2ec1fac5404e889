import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readReplayFolder, toFloat64, writeReplayFolder } from '../../ts/index.js';
import { Network, Replay, exportReplayFolder } from '../../ts/index.js';
import { fixtures, largestDifference, needFixtures } from './fixtures.js';

const folders = [
  ['replay', 'cartpole_a_dqn'],
  ['replay', 'mountaincar_b_dqn'],
  ['conv', 'conv_4x20x20_replay'],
  ['conv', 'conv_4x20x20_real_replay'],
];

describe('published: replay folders (fixtures/replay and conv)', () => {
  let scratch = '';
  before(function () {
    needFixtures(this);
    scratch = mkdtempSync(path.join(os.tmpdir(), 'spiq-replay-folder-'));
  });
  after(() => {
    if (scratch !== '') rmSync(scratch, { recursive: true });
  });

  for (const parts of folders)
    it(`${parts.join('/')}: read, written and read again`, () => {
      const original = readReplayFolder(path.join(fixtures, ...parts));
      expect(original.observations.shape[0]).to.equal(original.outputs.shape[0]);
      const copy = path.join(scratch, ...parts);
      writeReplayFolder(copy, original);
      expect(readReplayFolder(copy)).to.deep.equal(original);
    });

  it('a replay of the published observations exports them with the published outputs', async () => {
    const original = readReplayFolder(path.join(fixtures, 'replay', 'cartpole_a_dqn'));
    const network = await Network.load(path.join(fixtures, 'nets', 'cartpole_a_dqn.onnx'));
    const rows = 3000;
    const replay = new Replay({ capacity: rows, observation: { size: 4 } });
    const { data } = original.observations;
    const observation = (row: number) => (data as Float32Array).subarray(4 * row, 4 * row + 4);
    replay.begin(observation(0));
    for (let row = 1; row <= rows; row += 1)
      replay.add(0, 1, observation(row), { terminated: false });
    const folder = path.join(scratch, 'exported');
    exportReplayFolder(replay, folder, (states) => network.forwardSync(states));
    const exported = readReplayFolder(folder);
    expect(exported.observations.shape).to.deep.equal([rows, 4]);
    expect(exported.observations.data).to.deep.equal((data as Float32Array).slice(0, 4 * rows));
    const wanted = toFloat64(original.outputs).data.subarray(0, 2 * rows);
    expect(exported.outputs.shape).to.deep.equal([rows, 2]);
    expect(largestDifference(toFloat64(exported.outputs).data, wanted)).to.be.below(1e-4);
  });
});
