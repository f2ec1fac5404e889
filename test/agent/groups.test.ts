import { expect } from 'chai';
import { calibrationFromEnv } from '../../ts/agent/calibration.js';
import { DqnAgent } from '../../ts/agent/dqn.js';
import type { DqnParameters } from '../../ts/agent/dqn-parameters.js';
import { evaluate } from '../../ts/agent/evaluate.js';
import { floatPolicy } from '../../ts/agent/policies.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import { wrapGroup } from '../../ts/env/group.js';
import { withHistory } from '../../ts/env/wrappers/index.js';
import { denseNetwork } from '../../ts/agent/builders.js';
import { localGroup } from '../support/local-group.js';

const group = (count: number) => localGroup(() => new CartPole(), count);

const parameters: Partial<DqnParameters> = {
  copies: 3,
  frames: 2,
  episodes: 30,
  memory: 500,
  batch: 16,
  validateEvery: 10,
  validateEpisodes: 5,
  seed: 4,
};

async function told(agent: DqnAgent, episodes = Infinity): Promise<string[]> {
  const lines: string[] = [];
  for await (const progress of agent.train()) {
    lines.push(JSON.stringify(progress));
    if (lines.length >= episodes) break;
  }
  return lines;
}

const parts = () => ({ group: group(3), validationGroup: async () => group(2) });

describe('copies of an environment that live elsewhere', () => {
  it('train the same network as environments of this process, bit for bit', async () => {
    const here = new DqnAgent(parameters);
    const there = new DqnAgent(parameters, parts());
    expect(await told(there)).to.deep.equal(await told(here));
    expect(there.network().graph).to.deep.equal(here.network().graph);
  });

  it('go on from a checkpoint bit for bit, in the middle of episodes', async () => {
    const whole = new DqnAgent(parameters, parts());
    const expected = await told(whole);
    const first = new DqnAgent(parameters, parts());
    const before = await told(first, 7);
    const resumed = DqnAgent.resume(first.checkpoint(), parts());
    expect([...before, ...(await told(resumed))]).to.deep.equal(expected);
    expect(resumed.network().graph).to.deep.equal(whole.network().graph);
  });

  it('are evaluated to the same returns, whatever their number', async () => {
    const network = denseNetwork({ sizes: [8, 16, 2], seed: 1 });
    const { act } = floatPolicy(network);
    const options = { act, compareWith: act, episodes: 9, seed: 3, epsilon: 0.2 };
    const seen = () => withHistory(new CartPole(), 2);
    const { returns, lengths, explored, similarity } = await evaluate({
      ...options,
      environment: seen,
    });
    for (const count of [1, 4, 12]) {
      const environment = wrapGroup(group(count), (one) => withHistory(one, 2));
      const played = await evaluate({ ...options, environment });
      expect(played).to.deep.include({ returns, lengths, explored, similarity });
    }
  });

  it('calibrate a conversion with the same rows', async () => {
    const network = denseNetwork({ sizes: [4, 16, 2], seed: 1 });
    const options = { episodes: 5, seed: 2 };
    const rowsOf = async (environment: Parameters<typeof calibrationFromEnv>[1]['environment']) => {
      const rows: string[] = [];
      for await (const piece of calibrationFromEnv(network, { ...options, environment })) {
        for (let at = 0; at < piece.length; at += 4) rows.push(piece.subarray(at, at + 4).join());
      }
      return rows.sort();
    };
    const expected = await rowsOf('cart-pole');
    expect(await rowsOf(group(5))).to.deep.equal(expected);
    expect(await rowsOf(group(2))).to.deep.equal(expected);
  });

  it('refuse calls of a copy that were not made for it ahead, and parts that do not go with them', async () => {
    const copies = group(1);
    const [one] = copies.environments;
    expect(() => one!.reset(1)).to.throw(/asked ahead for seed 1, received no call ahead/);
    await copies.reset([0], [1]);
    expect(() => one!.reset(2)).to.throw(/ahead for seed 2, received a reset, seed 1/);
    await copies.reset([0], [1]);
    one!.reset(1);
    await copies.step([0], [1]);
    expect(() => one!.step(0)).to.throw(/ahead for action 0, received action 1/);
    const other = { group: group(2), environment: () => new CartPole() };
    expect(() => new DqnAgent({}, other)).to.throw(/parts of the agent: expected a group alone/);
    expect(() => new DqnAgent({ copies: 3 }, { group: group(2) })).to.throw(/at most 2/);
    const act = () => Int32Array.of(0);
    const options = { environment: group(1), act, episodes: 1, seed: 0, noops: { most: 3 } };
    const refused = await evaluate(options).catch(String);
    expect(refused).to.match(/noops: expected none with copies that live elsewhere/);
  });
});
