import { expect } from 'chai';
import { denseNetwork } from '../../ts/agent/builders.js';
import type { Network } from '../../ts/network.js';
import { Replay } from '../../ts/replay.js';
import { QTrainer } from '../../ts/trainer.js';
import type { QTrainerOptions, TransitionBatch } from '../../ts/trainer.js';
import { uniforms } from '../conformance/random-nets.js';
import { expectRefused } from './refused.js';

const rows = 5;
const network = denseNetwork({ sizes: [3, 12, 4], seed: 2 });
const other = denseNetwork({ sizes: [3, 12, 4], seed: 9 });
const batch = {
  observations: uniforms(rows * 3, -1, 1, 1),
  actions: Int32Array.of(0, 3, 1, 2, 1),
  rewards: uniforms(rows, -1, 1, 2),
  nextObservations: uniforms(rows * 3, -1, 1, 3),
  terminated: Uint8Array.of(0, 1, 0, 0, 1),
} satisfies TransitionBatch;

function valuesOf(net: Network, observations: Float32Array): number[][] {
  const out = net.forwardSync(observations);
  return Array.from({ length: rows }, (_, row) => [...out.subarray(row * 4, row * 4 + 4)]);
}

/** Target less value of each transition, written down anew. */
function errorsOf(gamma: number, double: boolean): number[] {
  const now = valuesOf(network, batch.observations);
  const chosen = valuesOf(double ? network : other, batch.nextObservations);
  const next = valuesOf(other, batch.nextObservations);
  return now.map((values, row) => {
    const best = chosen[row]!.indexOf(Math.max(...chosen[row]!));
    const follows = batch.terminated[row] === 1 ? 0 : gamma * next[row]![best]!;
    return batch.rewards[row]! + follows - values[batch.actions[row]!]!;
  });
}

function filled(options: object = {}): Replay {
  const replay = new Replay({ capacity: 200, observation: { size: 3 }, seed: 4, ...options });
  const observations = uniforms(3 * 61, -1, 1, 8);
  const at = (step: number): Float32Array => observations.subarray(step * 3, step * 3 + 3);
  replay.begin(at(0));
  for (let step = 1; step < 60; step += 1) {
    const terminated = step % 12 === 0;
    replay.add(step % 4, Math.sin(step), at(step), { terminated });
    if (terminated) replay.begin(at(step));
  }
  return replay;
}

describe('façade: QTrainer', () => {
  for (const double of [true, false]) {
    it(`goes by the errors that the definition has, ${double ? 'double' : 'plain'}`, () => {
      const trainer = new QTrainer(network, { target: other, gamma: 0.9, double });
      const { loss, meanQ, errors } = trainer.updateBatchSync(batch);
      const expected = errorsOf(0.9, double);
      errors.forEach((error, row) => {
        expect(error).to.be.closeTo(expected[row]!, 1e-6);
      });
      expect(loss).to.be.closeTo(expected.reduce((sum, e) => sum + e * e, 0) / rows, 1e-6);
      const best = valuesOf(network, batch.observations).map((values) => Math.max(...values));
      expect(meanQ).to.be.closeTo(best.reduce((a, b) => a + b, 0) / rows, 1e-6);
    });
  }

  it('lowers targets of other than the best action by a share of how much worse they are', () => {
    const gapShare = 0.9;
    const trainer = new QTrainer(network, { target: other, gamma: 0.9, gapShare });
    const { errors } = trainer.updateBatchSync(batch);
    const plain = errorsOf(0.9, true);
    const here = valuesOf(other, batch.observations);
    const gaps = here.map((values, row) => Math.max(...values) - values[batch.actions[row]!]!);
    expect(Math.max(...gaps)).to.be.above(0.1);
    errors.forEach((error, row) => {
      expect(error).to.be.closeTo(plain[row]! - gapShare * gaps[row]!, 1e-6);
    });
    for (const wrong of [-0.1, 1, NaN]) {
      expectRefused(() => new QTrainer(network, { gapShare: wrong }), 'E_RANGE', 'gapShare');
    }
  });

  it('chooses otherwise by the two networks, or the tests above would be one', () => {
    expect(errorsOf(0.9, true)).to.not.deep.equal(errorsOf(0.9, false));
  });

  it('cuts errors and rewards, weighs transitions, and takes discounts', () => {
    const lossOf = (options: QTrainerOptions, change: Partial<TransitionBatch> = {}): number =>
      new QTrainer(network, { target: other, gamma: 0.9, ...options }).updateBatchSync({
        ...batch,
        ...change,
      }).loss;
    const errors = errorsOf(0.9, true);
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / rows;
    const huber = errors.map((e) =>
      Math.abs(e) <= 0.3 ? (e * e) / 2 : 0.3 * (Math.abs(e) - 0.15),
    );
    expect(lossOf({ loss: 'huber', errorClip: 0.3 })).to.be.closeTo(mean(huber), 1e-6);
    const halves = errors.map((e) => (e * e) / 2);
    expect(lossOf({ loss: 'clipped-error' })).to.be.closeTo(mean(halves), 1e-6);
    const weights = Float32Array.of(1, 0, 0, 0, 0);
    expect(lossOf({}, { weights })).to.be.closeTo(errors[0]! ** 2 / rows, 1e-6);
    const { terminated, ...rest } = batch;
    const discounts = Float32Array.from(terminated, (ended) => (ended === 1 ? 0 : 0.9));
    const trainer = new QTrainer(network, { target: other, gamma: 0.5 });
    expect(trainer.updateBatchSync({ ...rest, discounts }).loss).to.equal(lossOf({}));
    const cut = batch.rewards.map((reward) => Math.min(Math.max(reward, -0.1), 0.2));
    expect(lossOf({ reward: { min: -0.1, max: 0.2 } })).to.equal(lossOf({}, { rewards: cut }));
  });

  it('moves its target at once or by shares', () => {
    const trainer = new QTrainer(network, { target: other });
    const x = batch.observations;
    expect(trainer.targetForwardSync(x)).to.deep.equal(other.forwardSync(x));
    expect(trainer.forwardSync(x)).to.deep.equal(network.forwardSync(x));
    trainer.syncTarget(0.25);
    const [mine, theirs, mixed] = [network, other, trainer.targetNetwork()].map((net) => {
      const node = net.graph.nodes[1];
      if (node?.kind !== 'dense') throw new Error('not dense');
      return node.weight.data;
    });
    mixed!.forEach((value, i) => {
      expect(value).to.be.closeTo(0.75 * theirs![i]! + 0.25 * mine![i]!, 1e-7);
    });
    trainer.syncTarget();
    expect(trainer.targetForwardSync(x)).to.deep.equal(trainer.forwardSync(x));
    trainer.updateBatchSync(batch);
    expect(trainer.targetForwardSync(x)).to.deep.equal(network.forwardSync(x));
    expect(trainer.network().forwardSync(x)).to.deep.equal(trainer.forwardSync(x));
  });

  it('learns from a replay what it learns from the batches drawn of it', () => {
    for (const options of [{}, { prioritised: { alpha: 0.7 } }]) {
      const drawn = filled(options);
      const trainer = new QTrainer(network);
      const report = trainer.updateSync(filled(options), { batch: 16, count: 3 });
      const single = new QTrainer(network);
      const reports = [0, 1, 2].map(() => {
        const { states, actions, returns, nextStates, discounts, weights, indices } =
          drawn.sample(16);
        const { errors, ...rest } = single.updateBatchSync({
          ...{ observations: states, actions, rewards: returns, nextObservations: nextStates },
          ...{ discounts, weights },
        });
        if ('prioritised' in options) drawn.setPriorities(indices, errors.map(Math.abs));
        return rest;
      });
      expect(trainer.network().graph).to.deep.equal(single.network().graph);
      const mean = reports.reduce((sum, { loss }) => sum + loss, 0) / 3;
      expect(report.loss).to.be.closeTo(mean, 1e-12);
    }
  });

  it('learns off this thread too, replay and trainer being taken meanwhile', async () => {
    // Long enough for this thread to be kept from going on for a while.
    const many = { batch: 16, count: 30_000 };
    const here = new QTrainer(network);
    const report = here.updateSync(filled(), many);
    const there = new QTrainer(network);
    const replay = filled();
    const job = there.update(replay, many);
    expectRefused(() => there.syncTarget(), 'E_STATE', 'one in use by a job');
    expectRefused(() => replay.sample(4), 'E_STATE', 'one in use by a job');
    expect(await job).to.deep.equal(report);
    expect(there.save()).to.deep.equal(here.save());
    expect(there.updates).to.equal(many.count);
  });

  it('refuses what does not fit', () => {
    const trainer = new QTrainer(network);
    const before = trainer.save();
    const refuse = (
      change: object,
      code: Parameters<typeof expectRefused>[1],
      part: string,
    ): void => {
      expectRefused(() => trainer.updateBatchSync({ ...batch, ...change }), code, part);
    };
    refuse({ actions: Int32Array.of(0, 4, 0, 0, 0) }, 'E_RANGE', 'actions element 1');
    refuse({ actions: Int32Array.of(0) }, 'E_SHAPE', 'observations');
    refuse({ actions: [0] }, 'E_ARGUMENT', 'actions');
    refuse({ rewards: new Float32Array(4) }, 'E_SHAPE', 'rewards');
    refuse({ rewards: batch.rewards.map(() => NaN) }, 'E_NOT_FINITE', 'rewards');
    refuse({ nextObservations: batch.observations.map(() => NaN) }, 'E_NOT_FINITE', 'observations');
    refuse({ discounts: new Float32Array(5) }, 'E_ARGUMENT', 'both');
    refuse({ terminated: undefined }, 'E_ARGUMENT', 'neither');
    refuse({ reward: 1 }, 'E_ARGUMENT', "'reward'");
    const replay = filled();
    expectRefused(() => trainer.updateSync(replay, { batch: 0 }), 'E_RANGE', 'batch');
    expectRefused(() => trainer.updateSync(replay, { batch: 4, count: 0.5 }), 'E_RANGE', 'count');
    for (const none of [undefined, null, 3]) {
      expectRefused(
        () => trainer.updateSync(none as never, { batch: 4 }),
        'E_ARGUMENT',
        'a Replay',
      );
    }
    expectRefused(() => trainer.syncTarget(2), 'E_RANGE', 'tau');
    expect(trainer.save()).to.deep.equal(before);
    const make = (
      options: object,
      code: Parameters<typeof expectRefused>[1],
      part: string,
    ): void => {
      expectRefused(() => new QTrainer(network, options), code, part);
    };
    make({ gamma: 1.5 }, 'E_RANGE', "'gamma'");
    make({ loss: 'cross-entropy' }, 'E_ARGUMENT', "'loss'");
    make({ errorClip: 0 }, 'E_RANGE', 'errorClip');
    make({ reward: { min: 2, max: 1 } }, 'E_RANGE', 'reward');
    make({ target: denseNetwork({ sizes: [3, 11, 4] }) }, 'E_SHAPE', 'target network');
    make({ target: denseNetwork({ sizes: [3, 12, 14] }) }, 'E_SHAPE', 'target network');
    make({ target: denseNetwork({ sizes: [3, 13, 4] }) }, 'E_SHAPE', 'target network');
    make({ target: {} }, 'E_ARGUMENT', 'a Network');
    make({ precision: 'float64' }, 'E_ARGUMENT', "'precision'");
  });
});
