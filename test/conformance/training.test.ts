import { expect } from 'chai';
import { convNetwork, denseNetwork, spikingNetwork } from '../../ts/agent/builders.js';
import { engineInfo } from '../../ts/info.js';
import type { Network } from '../../ts/network.js';
import { QTrainer, Trainer } from '../../ts/trainer.js';
import type { TrainerOptions } from '../../ts/trainer.js';
import { uniforms } from './random-nets.js';

const updates = 20;

interface Subject {
  readonly network: Network;
  readonly rows: number;
  readonly options?: TrainerOptions<'float32'>;
}

const surrogate = { kind: 'fast-sigmoid', slope: 10 } as const;

// Wide enough for tails of vectors, and with enough rows for all threads.
const subjects: Readonly<Record<string, Subject>> = {
  dense: { network: denseNetwork({ sizes: [5, 33, 70, 3], seed: 1 }), rows: 150 },
  convolutional: {
    network: convNetwork({
      ...{ input: [2, 11, 13], outputs: 3, hidden: [40], seed: 2 },
      convolutions: [
        { channels: 6, kernel: 4, stride: 2, padding: 1 },
        { channels: 20, kernel: 3 },
      ],
    }),
    rows: 9,
  },
  spiking: {
    network: spikingNetwork({ sizes: [5, 37, 18, 3], bias: true, seed: 3 }),
    rows: 70,
    options: { simulation: { steps: 45 }, surrogate, trainable: { thresholds: true, beta: true } },
  },
  'spiking, Poisson input, attached resets': {
    network: spikingNetwork({ sizes: [5, 37, 3], seed: 4, neurons: { alpha: 0.3, beta: 0.9 } }),
    rows: 40,
    options: {
      simulation: { steps: 30, encoding: 'poisson', decoding: 'spikes', reset: 'zero' },
      ...{ surrogate, reset: 'attached', seed: 5 },
    },
  },
  dsqn: {
    network: spikingNetwork({ sizes: [5, 17, 17, 3], biasAsObservation: true, seed: 6 }),
    rows: 50,
    options: { simulation: { steps: 20, semantics: 'dsqn', biasAsObservation: true } },
  },
};

/** Weights, moments and all after some updates. */
function trained(
  { network, rows, options = {} }: Subject,
  machine: { threads: number; isa?: string },
): Uint8Array {
  const trainer = new Trainer(network, {
    ...options,
    ...machine,
    optimiser: { kind: 'adam', learningRate: 0.01 },
    clip: { norm: 1 },
  });
  const x = uniforms(rows * trainer.inputSize, -0.5, 1, 7);
  const labels = Int32Array.from({ length: rows }, (_, row) => (row * 7) % 3);
  const losses = Array.from({ length: updates }, () =>
    trainer.updateSync(x, { kind: 'cross-entropy', labels }),
  );
  expect(losses.at(-1)).to.be.lessThan(losses[0]!);
  return trainer.save();
}

describe('conformance: training', () => {
  for (const [name, subject] of Object.entries(subjects)) {
    it(`${name}: the same weights after ${updates} updates on any number of threads`, () => {
      const one = trained(subject, { threads: 1 });
      for (const threads of [2, 3]) expect(trained(subject, { threads })).to.deep.equal(one);
    });

    it(`${name}: and by every instruction set`, () => {
      const [first, ...others] = engineInfo().isas.map((isa) =>
        trained(subject, { threads: 1, isa }),
      );
      for (const other of others) expect(other).to.deep.equal(first);
    });
  }

  it('of Q-networks: the same on any number of threads', () => {
    const network = denseNetwork({ sizes: [5, 33, 18, 4], seed: 8 });
    const rows = 130;
    const batch = {
      observations: uniforms(rows * 5, -1, 1, 1),
      actions: Int32Array.from({ length: rows }, (_, row) => row % 4),
      rewards: uniforms(rows, -1, 1, 2),
      nextObservations: uniforms(rows * 5, -1, 1, 3),
      discounts: uniforms(rows, 0, 1, 4),
    };
    const [one, two] = [1, 2].map((threads) => {
      const trainer = new QTrainer(network, { threads });
      for (let update = 0; update < updates; update += 1) trainer.updateBatchSync(batch);
      trainer.syncTarget(0.5);
      return trainer.save();
    });
    expect(two).to.deep.equal(one);
  });
});
