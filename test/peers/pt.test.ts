import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Network } from '../../ts/network.js';
import { chain, tensor } from '../formats/helpers/graphs.js';
import { repositoryRoot } from '../scripts/repository.js';
import { askPeer } from './python.js';

interface Answer {
  readonly own: readonly number[];
  readonly loaded: readonly number[];
  readonly unbiased: readonly number[];
}

describe('PyTorch weights', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-peers-'));
  const input = Float32Array.of(0.5, -1, 2, 0.25);
  const ours = Network.fromGraph(
    chain(
      { kind: 'input', name: 'x', shape: [4] },
      { kind: 'dense', name: 'a', weight: tensor([6, 4], 1), bias: tensor([6], 2) },
      { kind: 'relu', name: 'r0' },
      { kind: 'dense', name: 'b', weight: tensor([5, 6], 3) },
      { kind: 'relu', name: 'r1' },
      { kind: 'dense', name: 'c', weight: tensor([3, 5], 4), bias: tensor([3], 5) },
    ),
  );
  let answer: Answer;

  before(async () => {
    const npz = path.join(folder, 'ours.npz');
    await ours.export(npz, { format: 'state-dict', keys: ['0', '2', '4'] });
    answer = askPeer('pt_run.py', { folder, npz, input: Array.from(input) }) as Answer;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const expectClose = (values: ArrayLike<number>, expected: ArrayLike<number>) => {
    expect(values.length).to.equal(expected.length);
    Array.from(values).forEach((value, index) => {
      expect(value).to.be.closeTo(expected[index]!, 1e-5);
    });
  };

  it('written by spiq go into a module with load_state_dict', () => {
    expectClose(answer.loaded, ours.forwardSync(input));
  });

  for (const kind of ['state-dict', 'tuple', 'list']) {
    for (const form of ['new', 'old']) {
      it(`saved by torch compute the same here: ${kind}, ${form} form`, async () => {
        const npz = path.join(folder, `${kind}.${form}.npz`);
        const script = path.join(repositoryRoot, 'scripts', 'pt_to_npz.py');
        const args = [script, path.join(folder, `${kind}.${form}.pt`), npz];
        const { status, stderr } = spawnSync(process.env.SPIQ_PEERS_PYTHON!, args, {
          encoding: 'utf8',
        });
        expect(status, stderr).to.equal(0);
        const network = await Network.load(npz);
        // A bare list has no biases.
        const expected = kind === 'list' ? answer.unbiased : answer.own;
        expectClose(network.forwardSync(input), expected);
      });
    }
  }
});
