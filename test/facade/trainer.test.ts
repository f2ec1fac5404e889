import { expect } from 'chai';
import { Simulator } from '../../ts/simulator.js';
import { Trainer } from '../../ts/trainer.js';
import type { Loss, TrainerOptions } from '../../ts/trainer.js';
import { chainOf, randomGraph, randomNetwork, uniforms } from '../conformance/random-nets.js';
import { Network } from '../../ts/network.js';
import { expectRefused, expectRejected } from './refused.js';

const rows = 6;
const network = randomNetwork([3, 8, 2], { seed: 3 });
const spiking = randomNetwork([3, 8, 2], { seed: 3, neurons: {} });
const x = uniforms(rows * 3, -1, 1, 1);
const targets = uniforms(rows * 2, -1, 1, 2);
const labels = Int32Array.of(0, 1, 1, 0, 1, 0);
const mse: Loss = { kind: 'mse', targets };

describe('façade: Trainer', () => {
  it('computes what the network and the simulator compute, bit for bit', () => {
    const trainer = new Trainer(network);
    expect(trainer.forwardSync(x)).to.deep.equal(network.forwardSync(x));
    const into = new Float32Array(rows * 2);
    expect(trainer.forwardSync(x, into)).to.equal(into);
    expect(into).to.deep.equal(network.forwardSync(x));
    for (const encoding of ['constant', 'poisson'] as const) {
      const simulation = { steps: 30, encoding, decoding: 'mean_potential' } as const;
      const learner = new Trainer(spiking, { simulation });
      const simulator = new Simulator(spiking, simulation);
      expect(learner.forwardSync(x)).to.deep.equal(simulator.runSync(x).out);
      const position = { seed: 7, firstObservation: 40 };
      const there = simulator.runSync(x, position).out;
      expect(learner.forwardSync(x, undefined, position)).to.deep.equal(there);
    }
  });

  it('makes losses smaller, and gives each as it was before its update', () => {
    for (const [net, options] of [
      [network, {}],
      [spiking, { simulation: { steps: 20 }, surrogate: { kind: 'arctan', slope: 2 } }],
    ] as const) {
      const optimiser = { kind: 'adam', learningRate: 0.02 } as const;
      const trainer = new Trainer(net, { ...options, optimiser });
      const before = trainer.gradients(x, { kind: 'cross-entropy', labels }).loss;
      const losses = Array.from({ length: 60 }, () =>
        trainer.updateSync(x, { kind: 'cross-entropy', labels }),
      );
      expect(losses[0]).to.equal(before);
      expect(losses.at(-1)).to.be.lessThan(0.8 * before);
      expect(trainer.updates).to.equal(60);
      expect(trainer.gradientNorm).to.be.greaterThan(0);
    }
  });

  it('gives a network with the weights of now, and leaves the one it was given alone', () => {
    const before = randomGraph([3, 8, 2], { seed: 3 });
    const trainer = new Trainer(network, { optimiser: { kind: 'sgd', learningRate: 0.1 } });
    trainer.updateSync(x, mse);
    const trained = trainer.network();
    expect(trained.forwardSync(x)).to.deep.equal(trainer.forwardSync(x));
    expect(network.graph).to.deep.equal(before);
    expect(trained.graph).to.not.deep.equal(before);
    expect(trained.graph.nodes.map(({ name }) => name)).to.deep.equal(
      before.nodes.map(({ name }) => name),
    );
  });

  it('gives the gradients by which a plain step goes', () => {
    const trainer = new Trainer(network, { optimiser: { kind: 'sgd', learningRate: 0.5 } });
    const { gradients, outputs } = trainer.gradients(x, mse);
    expect(outputs).to.deep.equal(trainer.forwardSync(x));
    expect(trainer.updates).to.equal(0);
    const named = gradients.map(({ node, field, shape }) => [node, field, ...shape]);
    expect(named).to.deep.equal([
      ['fc1', 'weight', 8, 3],
      ['fc1', 'bias', 8],
      ['fc2', 'weight', 2, 8],
      ['fc2', 'bias', 2],
    ]);
    trainer.updateSync(x, mse);
    const [, first] = trainer.network().graph.nodes;
    const [, given] = network.graph.nodes;
    if (first?.kind !== 'dense' || given?.kind !== 'dense') throw new Error('not dense');
    first.weight.data.forEach((value, i) => {
      const moved = Math.fround(given.weight.data[i]! - Math.fround(0.5 * gradients[0]!.data[i]!));
      expect(value).to.equal(moved);
    });
  });

  it('weighs rows, compares single outputs and takes any gradient', () => {
    const trainer = new Trainer(network);
    const halves = new Float32Array(rows).fill(0.5);
    const whole = trainer.gradients(x, mse);
    const half = trainer.gradients(x, { ...mse, weights: halves });
    expect(half.loss).to.be.closeTo(whole.loss / 2, 1e-7);
    const actions = labels;
    const taken = targets.filter((_, i) => i % 2 === actions[Math.floor(i / 2)]);
    const { loss } = trainer.gradients(x, { kind: 'mse', targets: taken, actions });
    const { outputs } = whole;
    const errors = taken.map((target, row) => (outputs[row * 2 + actions[row]!]! - target) ** 2);
    expect(loss).to.be.closeTo(errors.reduce((a, b) => a + b, 0) / rows, 1e-6);
    const coefficients = outputs.map((value, i) => (2 / outputs.length) * (value - targets[i]!));
    const own = trainer.gradients(x, { kind: 'weighted-sum', coefficients });
    own.gradients.forEach(({ data }, g) => {
      data.forEach((value, i) => {
        expect(value).to.be.closeTo(whole.gradients[g]!.data[i]!, 1e-6);
      });
    });
  });

  it('leaves frozen nodes alone, and trains thresholds and decays where it is told to', () => {
    const options: TrainerOptions<'float32'> = {
      optimiser: { kind: 'sgd', learningRate: 0.01 },
      simulation: { steps: 10 },
      surrogate: { kind: 'sigmoid', slope: 3 },
      trainable: { thresholds: true, beta: true, frozen: ['fc1'] },
    };
    const trainer = new Trainer(spiking, options);
    const fields = trainer.gradients(x, mse).gradients.map(({ node, field }) => `${node}.${field}`);
    expect(fields).to.include.members(['n1.threshold', 'n1.beta', 'fc2.weight', 'fc2.bias']);
    expect(fields).to.not.include.members(['fc1.weight', 'n1.alpha']);
    for (let update = 0; update < 5; update += 1) trainer.updateSync(x, mse);
    const [, first, neurons, second] = trainer.network().graph.nodes;
    const given = spiking.graph.nodes;
    expect(first).to.deep.equal(given[1]);
    expect(second).to.not.deep.equal(given[3]);
    if (neurons?.kind !== 'neuron') throw new Error('no neurons');
    expect(neurons.threshold).to.not.equal(1);
    // A decay of 1 can only fall.
    expect(neurons.beta).to.be.within(0, 1);
  });

  it('follows a schedule of the learning rate', () => {
    const learningRate = { kind: 'linear', from: 0.1, to: 0, steps: 4 } as const;
    const trainer = new Trainer(network, { optimiser: { kind: 'sgd', learningRate } });
    const rates = Array.from({ length: 6 }, () => {
      const rate = trainer.learningRate;
      trainer.updateSync(x, mse);
      return rate;
    });
    expect(rates.map((rate) => Number(rate.toFixed(9)))).to.deep.equal([
      0.1, 0.075, 0.05, 0.025, 0, 0,
    ]);
  });

  it('counts spikes, and moves the right ones up', () => {
    const simulation = { steps: 20, decoding: 'spikes' } as const;
    const trainer = new Trainer(spiking, {
      ...{ simulation, surrogate: { kind: 'piecewise', slope: 1 } },
      optimiser: { kind: 'adam', learningRate: 0.02 },
    });
    const loss: Loss = { kind: 'spike-count', labels, correct: 15, wrong: 3 };
    const first = trainer.updateSync(x, loss);
    let last = first;
    for (let update = 0; update < 80; update += 1) last = trainer.updateSync(x, loss);
    expect(last).to.be.lessThan(0.7 * first);
  });

  it('makes the same update as a job, and one that is cancelled changes nothing', async () => {
    const options = { optimiser: { kind: 'adam' } } as const;
    const here = new Trainer(network, options);
    const there = new Trainer(network, options);
    expect(await there.update(x, mse)).to.equal(here.updateSync(x, mse));
    expect(there.save()).to.deep.equal(here.save());
    const signal = AbortSignal.abort();
    await expectRejectedWith(there.update(x, mse, { signal }), 'E_CANCELLED');
    expect(there.save()).to.deep.equal(here.save());
  });

  it('takes one call at a time, and none once closed', async () => {
    // A fifth of a second: longer than this thread may be kept from going on.
    const large = randomNetwork([3, 256, 256, 2], { seed: 3, neurons: {} });
    const trainer = new Trainer(large, { simulation: { steps: 6000 } });
    const job = trainer.update(x, mse);
    expectRefused(() => trainer.forwardSync(x), 'E_STATE', 'one in use by a job');
    expectRefused(() => trainer.save(), 'E_STATE', 'one in use by a job');
    await job;
    expect(trainer.updates).to.equal(1);
    const last = trainer.update(x, mse);
    trainer.close();
    trainer.close();
    expect(await last).to.be.a('number');
    expectRefused(() => trainer.updateSync(x, mse), 'E_STATE', 'an open one');
    expectRefused(() => trainer.updates, 'E_STATE', 'an open one');
  });

  it('refuses what does not fit, and changes nothing', async () => {
    const trainer = new Trainer(network);
    const before = trainer.save();
    const refuse = (
      loss: unknown,
      code: Parameters<typeof expectRefused>[1],
      part: string,
    ): void => {
      expectRefused(() => trainer.updateSync(x, loss as Loss), code, part);
    };
    refuse({ kind: 'mae', targets }, 'E_ARGUMENT', "loss 'kind'");
    refuse({ kind: 'mse', targets, delta: 1 }, 'E_ARGUMENT', "loss 'mse'");
    refuse({ kind: 'mse', targets: targets.subarray(1) }, 'E_SHAPE', 'targets: expected 12');
    refuse({ kind: 'mse', targets: [1] }, 'E_ARGUMENT', 'targets');
    refuse({ kind: 'huber', targets, delta: 0 }, 'E_RANGE', "'delta'");
    refuse({ kind: 'cross-entropy', labels: labels.map(() => 2) }, 'E_RANGE', 'from 0 to 1');
    refuse({ kind: 'cross-entropy', labels: new Float32Array(6) }, 'E_ARGUMENT', 'Int32Array');
    refuse({ ...mse, weights: targets.subarray(0, 5) }, 'E_SHAPE', 'weights: expected 6');
    refuse({ kind: 'mse', targets: targets.map(() => NaN) }, 'E_NOT_FINITE', 'targets element 0');
    refuse({ kind: 'mse', targets: targets.map(() => 3e38) }, 'E_NOT_FINITE', 'gradients');
    expectRefused(() => trainer.updateSync(x.subarray(1), mse), 'E_SHAPE', 'rows of 3');
    expectRefused(
      () =>
        trainer.updateSync(
          x.map(() => Infinity),
          mse,
        ),
      'E_NOT_FINITE',
      'element 0',
    );
    expectRefused(() => trainer.forwardSync(x, new Float32Array(3)), 'E_SHAPE', 'outputs');
    await expectRejected(
      () => trainer.update(x, { kind: 'mse', targets: x }),
      'E_SHAPE',
      'targets',
    );
    expect(trainer.save()).to.deep.equal(before);
    expect(trainer.updates).to.equal(0);
  });

  it('refuses options that mean nothing', () => {
    const refuse = (
      options: object,
      code: Parameters<typeof expectRefused>[1],
      part: string,
    ): void => {
      expectRefused(() => new Trainer(network, options), code, part);
    };
    refuse({ lr: 1 }, 'E_ARGUMENT', "'lr'");
    refuse({ optimiser: { kind: 'lion' } }, 'E_ARGUMENT', "optimiser 'kind'");
    refuse({ optimiser: { kind: 'adam', momentum: 0.5 } }, 'E_ARGUMENT', "optimiser 'adam'");
    refuse({ optimiser: { kind: 'adam', beta1: 1 } }, 'E_RANGE', "'beta1'");
    refuse({ optimiser: { kind: 'sgd', learningRate: -1 } }, 'E_RANGE', 'learningRate');
    const linear = { kind: 'linear', from: 1, to: 0 };
    refuse({ optimiser: { kind: 'sgd', learningRate: linear } }, 'E_ARGUMENT', "'steps'");
    refuse({ clip: { norm: 0 } }, 'E_RANGE', "clip 'norm'");
    refuse({ simulation: {} }, 'E_UNSUPPORTED', 'expected neurons');
    refuse({ trainable: { frozen: ['fc9'] } }, 'E_ARGUMENT', 'fc9');
    refuse({ trainable: { frozen: ['fc1', 'fc2'] } }, 'E_ARGUMENT', 'network in training');
    refuse({ isa: 'mmx' }, 'E_ARGUMENT', 'mmx');
    refuse({ reset: 'loose' }, 'E_ARGUMENT', "'reset'");
    const surrogate = { kind: 'arctan', slope: -1 };
    expectRefused(
      () =>
        new Trainer(spiking, { surrogate: surrogate as NonNullable<TrainerOptions['surrogate']> }),
      'E_RANGE',
      'surrogate slope',
    );
    const bare = Network.fromGraph(
      chainOf([
        { kind: 'input', name: 'x', shape: [2] },
        { kind: 'relu', name: 'r' },
      ]),
    );
    expectRefused(() => new Trainer(bare), 'E_GRAPH', 'layer with weights');
  });
});

async function expectRejectedWith(promise: Promise<unknown>, code: string): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.have.property('code', code);
}
