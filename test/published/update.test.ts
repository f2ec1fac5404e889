import { expect } from 'chai';
import { decodeBareWeights } from '../../ts/formats/bare-weights.js';
import type { Npz } from '../../ts/formats/npz/index.js';
import type { Graph } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { Trainer } from '../../ts/trainer.js';
import type { Optimiser } from '../../ts/trainer/optimiser.js';
import { QTrainer } from '../../ts/trainer/q-trainer.js';
import { doubles, floats, json, largest, needFixtures, npz, withPrefix } from './fixtures.js';
import { spikingChain } from './spiking-chain.js';

interface Case {
  readonly key: string;
  readonly optimiser: 'adam' | 'rmsprop';
  readonly lr: number;
  readonly double_q: boolean;
  readonly gamma: number;
  readonly gradient_clipping: boolean;
  readonly steps_saved: readonly number[];
  readonly batch: number;
  readonly spiking?: boolean;
}

// float32 weights of size 1 after some updates: a few roundings of each, and of sums over the batch. An update
// moves a weight by about 1e-3, so that a wrong term would show a hundred times as large.
const weightTolerance = 5e-6;

const published = {
  semantics: 'dsqn',
  steps: 20,
  alpha: 0,
  beta: 1,
  biasAsObservation: true,
} as const;

function graphOf(file: Npz, spiking = false): Graph {
  return spiking ? spikingChain(file) : decodeBareWeights(file, { layout: 'out-in' }).graph;
}

function optimiserOf({ optimiser, lr }: Case): Optimiser {
  if (optimiser === 'adam') return { kind: 'adam', learningRate: lr };
  return { kind: 'rmsprop', learningRate: lr, decay: 0.95, epsilon: 1e-3 };
}

function expectWeights(network: Network, golden: Graph, what: string): void {
  let compared = 0;
  for (const [index, node] of golden.nodes.entries()) {
    if (node.kind !== 'dense') continue;
    const ours = network.graph.nodes[index];
    if (ours?.kind !== 'dense') throw new Error(`${what}: node ${index} is no dense one`);
    const pairs = [
      [ours.weight, node.weight],
      [ours.bias, node.bias],
    ] as const;
    for (const [mine, theirs] of pairs) {
      expect(mine === undefined, what).to.equal(theirs === undefined);
      if (mine === undefined || theirs === undefined) continue;
      expect(mine.shape).to.deep.equal(theirs.shape);
      const far = mine.data.map((value, i) => value - theirs.data[i]!);
      expect(largest(far), `${what}: ${node.name}`).to.be.at.most(weightTolerance);
      compared += 1;
    }
  }
  expect(compared).to.be.at.least(3);
}

/** `layers.0.weight` and `l1.weight` as `w0`. */
function weightName(rest: string): string {
  const [, counted, index, field] = /^(layers\.|l)(\d)\.(weight|bias)$/.exec(rest) ?? [];
  if (index === undefined || field === undefined) return rest;
  return `${field[0]!}${counted === 'l' ? Number(index) - 1 : index}`;
}

describe('published: updates (fixtures/update)', () => {
  before(function () {
    needFixtures(this);
  });

  it('of Q-networks, float and spiking, double and not, by two optimisers', () => {
    const file = npz('update', 'dqn_update.npz');
    const cases = json<Case[]>('update', 'dqn_update.json');
    expect(cases).to.have.length(5);
    for (const test of cases) {
      const { key, spiking } = test;
      const at = (name: string): Graph => graphOf(withPrefix(file, `${key}.${name}.`), spiking);
      const options = {
        optimiser: optimiserOf(test),
        double: test.double_q,
        gamma: test.gamma,
        ...(test.gradient_clipping ? { clip: { value: 1 } } : {}),
        ...(spiking ? { simulation: published } : {}),
      };
      const target = Network.fromGraph(at('target'));
      const trainer = new QTrainer(Network.fromGraph(at('policy0')), { ...options, target });
      expectWeights(trainer.targetNetwork(), at('target'), `${key}: target`);
      expectWeights(trainer.network(), at('policy0'), `${key}: policy`);
      const batch = {
        observations: floats(file, `${key}.state`),
        actions: Int32Array.from(doubles(file, `${key}.action`)),
        rewards: floats(file, `${key}.reward`),
        nextObservations: floats(file, `${key}.next_state`),
        terminated: Uint8Array.from(doubles(file, `${key}.terminal`)),
      };
      expect([...batch.terminated]).to.include(1);
      for (const updates of test.steps_saved) {
        while (trainer.updates < updates) trainer.updateBatchSync(batch);
        expectWeights(trainer.network(), at(`policy${updates}`), `${key}: after ${updates}`);
      }
    }
  });

  it('of a policy, from one episode', () => {
    const file = npz('update', 'policy_gradient_update.npz');
    const at = (updates: number): Graph =>
      graphOf(withPrefix(file, `policy${updates}.`, weightName));
    const trainer = new Trainer(Network.fromGraph(at(0)), {
      optimiser: { kind: 'adam', learningRate: 0.01 },
    });
    const loss = {
      kind: 'policy-gradient',
      actions: Int32Array.from(doubles(file, 'actions')),
      returns: standardisedReturns(doubles(file, 'rewards'), 0.99),
    } as const;
    for (const updates of [1, 2, 3]) {
      const found = trainer.updateSync(floats(file, 'states'), loss);
      expect(found).to.be.closeTo(doubles(file, `loss${updates}`)[0]!, 2e-6);
      expectWeights(trainer.network(), at(updates), `policy after ${updates}`);
    }
  });

  for (const [name, spiking] of [
    ['classifier_cartpole_fc', false],
    ['classifier_cartpole_snn', true],
  ] as const) {
    it(`of ${name}, on rows of a replay`, () => {
      const file = npz('update', `${name}.npz`);
      const at = (updates: number): Graph =>
        graphOf(withPrefix(file, `net${updates}.`, weightName), spiking);
      const trainer = new Trainer(Network.fromGraph(at(0)), {
        optimiser: { kind: 'adam', learningRate: doubles(file, 'lr')[0]! },
        ...(spiking ? { simulation: published } : {}),
      });
      const rows = floats(npz('replay', 'cartpole_a_dqn', 'memory_inputs.npz'), 'arr_0');
      const outputs = floats(npz('replay', 'cartpole_a_dqn', 'memory_outputs.npz'), 'arr_0');
      const indices = doubles(file, 'batch_indices');
      const found = [0, 1, 2].map((update) => {
        const picked = [...indices.subarray(update * 50, update * 50 + 50)];
        const observations = Float32Array.from(
          picked.flatMap((row) => [...rows.subarray(row * 4, row * 4 + 4)]),
        );
        const labels = Int32Array.from(picked, (row) =>
          outputs[row * 2 + 1]! > outputs[row * 2]! ? 1 : 0,
        );
        return trainer.updateSync(observations, { kind: 'cross-entropy', labels });
      });
      const mean = found.reduce((sum, loss) => sum + loss, 0) / found.length;
      // The file has four decimals.
      expect(mean).to.be.closeTo(doubles(file, 'mean_loss')[0]!, 5.1e-5);
      expectWeights(trainer.network(), at(3), name);
    });
  }
});

/** Discounted, less their mean, over their unbiased deviation and the smallest step of float32. */
function standardisedReturns(rewards: Float64Array, gamma: number): Float32Array {
  const returns = Float64Array.from(rewards);
  for (let t = returns.length - 2; t >= 0; t -= 1) returns[t]! += gamma * returns[t + 1]!;
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const squares = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (returns.length - 1));
  return Float32Array.from(returns, (value) => (value - mean) / (deviation + 2 ** -23));
}
