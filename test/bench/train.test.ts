import { expect } from 'chai';
import { readNpz } from '../../ts/formats/npz/index.js';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groups } from '../../bench/groups.js';
import { OurSide } from '../../bench/train/our-side.js';
import { makeProblem, writeProblem } from '../../bench/train/problem.js';
import { trials } from '../../bench/train/trials.js';
import type { DqnTrial, SurrogateTrial } from '../../bench/train/trials.js';
import { agreementOf, comparedUpdates, verifyLosses } from '../../bench/train/verify.js';

const tiny = (kind: 'surrogate' | 'dqn') =>
  trials.find((trial) => trial.kind === kind && trial.name.endsWith('-tiny')) as
    SurrogateTrial | DqnTrial;

describe('bench: training', () => {
  it('has the trials that are promised, with their targets', () => {
    const { trials } = groups.find(({ name }) => name === 'train')!;
    expect(trials.map(({ name, target }) => [name, target])).to.deep.equal([
      ['train/surrogate-tiny', 60],
      ['train/surrogate-patel', 12],
      ['train/surrogate-nature', 4],
      ['train/dqn-tiny', 20],
      ['train/dqn-nature', 1.5],
      ['train/loop-cartpole', 40],
      ['train/loop-cartpole-zoo', null],
      ['replay/uniform', 3],
      ['replay/prioritised', 3],
      ['replay/frames', 3],
    ]);
  });

  for (const kind of ['surrogate', 'dqn'] as const) {
    it(`${kind}: begins each time with the same weights and batches, and learns`, () => {
      const trial = tiny(kind);
      const ours = new OurSide(trial, makeProblem(trial));
      const losses = ours.losses();
      expect(losses).to.have.length(comparedUpdates);
      expect(ours.losses()).to.deep.equal(losses);
      expect(new Set(losses).size).to.equal(comparedUpdates);
      expect(new OurSide(trial, makeProblem(trial)).losses()).to.deep.equal(losses);
    });
  }

  it('gives the peers the weights, batches and settings that spiq has', () => {
    const folder = mkdtempSync(join(tmpdir(), 'spiq-bench-'));
    try {
      const trial = tiny('dqn') as DqnTrial;
      const problem = makeProblem(trial);
      writeProblem(join(folder, 'p.npz'), trial, problem);
      const file = readNpz(readFileSync(join(folder, 'p.npz')), 'p.npz');
      const about = new TextDecoder().decode(file.get('about').data);
      expect(JSON.parse(about)).to.deep.include({ loss: 'mse', optimiser: 'adam', gamma: 0.99 });
      expect(file.get('w0').data).to.deep.equal(problem.layers[0]!.weight!.data);
      expect(file.get('next7').data).to.deep.equal(problem.batches[7]!.next);
      expect(file.get('chosen3').shape).to.deep.equal([trial.batch]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('bench: agreement of losses', () => {
  const ours = Array.from({ length: comparedUpdates }, (_, k) => 1 + k / 10);
  const strict = { first: 1e-5, later: 1e-2, updates: comparedUpdates };
  const check = (update: number, factor: number, agreement = strict) => {
    verifyLosses(
      ours,
      ours.map((loss, k) => (k === update ? loss * factor : loss)),
      'torch',
      agreement,
    );
  };

  it('passes rounding in the first and what follows from it later', () => {
    check(0, 1 + 5e-6);
    check(4, 1.005);
    check(8, 2, { ...strict, updates: 8 });
  });

  it('refuses more than that, missing losses, no numbers and losses that stand still', () => {
    expect(() => check(0, 1.0001)).to.throw('update 0');
    expect(() => check(4, 1.05)).to.throw('update 4');
    expect(() => check(4, NaN)).to.throw('update 4');
    expect(() => verifyLosses(ours, ours.slice(1), 'torch', strict)).to.throw('9 losses');
    const still = ours.map(() => 1);
    expect(() => verifyLosses(still, still, 'torch', strict)).to.throw('do not change');
  });

  it('is stricter with float networks and with those that have few neurons', () => {
    const of = (name: string) =>
      agreementOf(trials.find((trial) => trial.name === name) as SurrogateTrial);
    expect(of('train/dqn-tiny').later).to.be.below(of('train/dqn-nature').later);
    expect(of('train/surrogate-tiny').later).to.be.below(of('train/surrogate-nature').later);
    expect(of('train/surrogate-tiny').updates).to.equal(comparedUpdates);
  });
});
