import path from 'node:path';
import { expect } from 'chai';
import { argmaxRows } from '../../ts/agent/argmax.js';
import { evaluate } from '../../ts/agent/evaluate.js';
import type { Act } from '../../ts/agent/evaluate.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { SimulationOptions } from '../../ts/simulator.js';
import { fixtures, json, needFixtures } from './fixtures.js';

interface Row {
  readonly case: string;
  readonly mean: number;
  readonly std: number;
  readonly similarity_percent: number | null;
}

const episodes = 100;

async function floatAct(file: string): Promise<Act> {
  const network = await Network.load(path.join(fixtures, file));
  return async (observations, rows) => argmaxRows(await network.forward(observations), rows);
}

async function spikingAct(file: string, options: SimulationOptions): Promise<Act> {
  const network = await Network.load(path.join(fixtures, file), { layout: 'in-out' });
  const simulator = new Simulator(network, { semantics: 'dsqn', ...options });
  return async (observations, rows) => argmaxRows((await simulator.run(observations)).out, rows);
}

/** Two independent samples of 100 episodes: the difference of the means within three standard errors of it. */
async function expectLike(row: Row, act: Act, compareWith?: Act): Promise<void> {
  const result = await evaluate({
    environment: () => new CartPole({ maxSteps: 500 }),
    act,
    episodes,
    seed: 1000,
    ...(compareWith ? { compareWith } : {}),
  });
  const error = Math.sqrt((row.std ** 2 + result.std! ** 2) / episodes);
  expect(
    Math.abs(result.mean - row.mean),
    `${row.case}: mean ${result.mean} against ${row.mean}`,
  ).to.be.at.most(3 * error);
  if (row.similarity_percent !== null && compareWith) {
    expect(result.similarity! * 100, `${row.case}: similarity`).to.be.closeTo(
      row.similarity_percent,
      3,
    );
  }
}

describe('published: play on policy (fixtures/expected)', () => {
  let rows: Row[];
  const rowOf = (name: string): Row => rows.find((row) => row.case === name)!;
  before(function () {
    needFixtures(this);
    ({ rows } = json<{ rows: Row[] }>('expected', 'onpolicy.json'));
  });

  it('the DQN, its conversion and the directly trained spiking network', async function () {
    this.timeout(120_000);
    const dqn = await floatAct('nets/cartpole_a_dqn.onnx');
    await expectLike(rowOf('cartpole_a_dqn float'), dqn);
    const converted = await spikingAct('sqn/cartpole_a_dqn__robust_p99.npz', { steps: 100 });
    await expectLike(rowOf('cartpole_a_dqn converted robust p=.99 T=100'), converted, dqn);
    const direct = await spikingAct('sqn/snn_cartpole_e.npz', {
      steps: 20,
      biasAsObservation: true,
    });
    await expectLike(rowOf('snn_cartpole_e T=20'), direct);
  });
});
