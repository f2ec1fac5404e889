import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { DqnAgent } from '../../ts/agent/dqn.js';
import type { DqnParameters } from '../../ts/agent/dqn-parameters.js';
import { gameOptions } from '../../ts/agent/game-parameters.js';
import { readDqnParameters } from '../../ts/agent/dqn-parameters.js';
import { openGames, openGymnasiumGroup, openRemote } from '../../ts/env/games/index.js';
import type { EnvironmentGroup } from '../../ts/env/group.js';
import { streams, uniformsOf } from '../../ts/env/philox.js';
import { gymPython } from '../support/python.js';

/** A game's steps by an action rule, as text: hash of what is seen, reward, flags. */
async function played(group: EnvironmentGroup, seed: number, steps: number): Promise<string[]> {
  const copies = group.environments.map((_, copy) => copy);
  const seeds = copies.map((copy) => seed + copy);
  await group.reset(copies, seeds);
  const seen = copies.map((copy) => [hashOf(group.environments[copy]!.reset(seeds[copy]))]);
  const draws = seeds.map((one) => uniformsOf(one, streams.exploration));
  const going = new Set(copies);
  for (let step = 0; step < steps && going.size > 0; step += 1) {
    const which = [...going];
    const actions = which.map((copy) => Math.floor(draws[copy]!(0, step, 0) * 4));
    await group.step(which, actions);
    which.forEach((copy, k) => {
      const { observation, ...rest } = group.environments[copy]!.step(actions[k]!);
      seen[copy]!.push(`${hashOf(observation)} ${JSON.stringify(rest)}`);
      if (rest.terminated || rest.truncated) going.delete(copy);
    });
  }
  return seen.map((lines) => lines.join('\n'));
}

function hashOf(observation: Float32Array): string {
  return createHash('sha1').update(observation).digest('hex').slice(0, 12);
}

describe('games', function () {
  this.timeout(120_000);
  let python: string;
  before('Python', async () => {
    python = await gymPython();
  });

  it('say what their actions do and what is seen', async () => {
    const games = await openGames('breakout', { python, copies: 2 });
    const [one] = games.environments;
    const names = ['NOOP', 'FIRE', 'RIGHT', 'LEFT'];
    expect(one!.actionSpace).to.deep.equal({ kind: 'discrete', count: 4, names, noop: 0 });
    expect(one!.observationSpace).to.deep.include({ size: 84 * 84, shape: [1, 84, 84] });
    expect(one).to.have.property('render', undefined);
    await games.close();
    const whole = { python, fullActions: true, view: 'patel', pictures: true } as const;
    const full = await openGames('breakout', whole);
    expect(full.environments[0]!.actionSpace.count).to.equal(18);
    expect(full.environments[0]!.observationSpace.shape).to.deep.equal([1, 80, 80]);
    await full.reset([0], [1]);
    const { width, height, data } = full.environments[0]!.render!();
    expect([width, height, new Set(data).size > 5]).to.deep.equal([160, 210, true]);
    await full.close();
  });

  for (const view of ['patel', 'mnih', 'nature', 'neon', 'plain'] as const) {
    it(`are the same for the same seed, whatever the number of copies: ${view}`, async () => {
      const three = await openGames('breakout', { python, copies: 3, view });
      const first = await played(three, 5, 60);
      expect(await played(three, 5, 60)).to.deep.equal(first);
      expect(new Set(first).size).to.equal(3);
      await three.close();
      const one = await openGames('breakout', { python, view });
      expect(await played(one, 6, 60)).to.deep.equal([first[1]]);
      await one.close();
    });
  }

  it('end with the last of five lives, each of which is told', async () => {
    const games = await openGames('breakout', { python });
    const [lines] = await played(games, 1, 2000);
    expect(lines!.match(/"lifeLost":true/g)).to.have.length(5);
    expect(lines!.match(/"terminated":true/g)).to.have.length(1);
    expect(lines).to.match(/"reward":[1-9]/);
    await games.close();
  });

  it('repeat actions by chance with sticky actions, the same for the same seed', async () => {
    const sticky = await openGames('breakout', { python, stickyActions: 0.25 });
    const plain = await openGames('breakout', { python });
    const first = await played(sticky, 3, 80);
    expect(await played(sticky, 3, 80)).to.deep.equal(first);
    expect(await played(sticky, 4, 80)).to.not.deep.equal(first);
    expect(await played(plain, 3, 80)).to.not.deep.equal(first);
    await sticky.close();
    await plain.close();
  });

  it('train an agent that goes on from a checkpoint bit for bit', async () => {
    const parameters: Partial<DqnParameters> = {
      environment: 'breakout',
      view: 'mnih',
      frames: 2,
      frameType: 'bits',
      copies: 2,
      filters: [4, 8, 8],
      hidden: [16],
      episodes: 5,
      memory: 2000,
      learningStarts: 50,
      learnEvery: 16,
      batch: 4,
      maxSteps: 120,
      seed: 3,
    };
    const open = async () => {
      const options = { ...gameOptions(readDqnParameters(parameters)), python, copies: 2 };
      return openRemote('breakout', options);
    };
    const groups: EnvironmentGroup[] = [];
    const agentFrom = async (checkpoint?: ReturnType<DqnAgent['checkpoint']>) => {
      const group = await open();
      groups.push(group);
      return new DqnAgent(parameters, { group }, checkpoint);
    };
    const told = async (agent: DqnAgent, episodes = Infinity): Promise<string[]> => {
      const lines: string[] = [];
      for await (const progress of agent.train()) {
        lines.push(JSON.stringify(progress));
        if (lines.length >= episodes) break;
      }
      return lines;
    };
    const whole = await told(await agentFrom());
    const first = await agentFrom();
    const before = await told(first, 2);
    const checkpoint = first.checkpoint();
    expect(checkpoint.state.actions).to.deep.equal(['NOOP', 'FIRE', 'RIGHT', 'LEFT']);
    const resumed = await agentFrom(checkpoint);
    expect([...before, ...(await told(resumed))]).to.deep.equal(whole);
    await Promise.all(groups.map((group) => group.close()));
  });

  it('have pixels and numbers of other environments beside them', async () => {
    const pole = await openGymnasiumGroup('CartPole-v1', { python, copies: 2 });
    expect(pole.environments[0]!.observationSpace.size).to.equal(4);
    const [first] = await played(pole, 1, 3).catch((error: unknown) => [String(error)]);
    expect(first).to.match(/actions.*from 0 to 1|action/);
    await pole.close();
  });

  it('refuse games and options that are not there', async () => {
    const refused = async (name: string, options: object) =>
      openGames(name, { python, ...options }).then(
        String,
        (error: unknown) => (error as Error).message,
      );
    expect(await refused('breakot', {})).to.match(/a game of ale-py 0.12.1.*'breakot'/);
    expect(await refused('breakout', { view: 'red' })).to.match(/^view: expected one of plain/);
    expect(await refused('breakout', { frameskip: 4 })).to.match(/game option.*'frameskip'/);
    expect(await refused('breakout', { frameSkip: 0 })).to.match(/frameSkip/);
    expect(await refused('breakout', { noops: { least: 3, most: 2 } })).to.match(/^noops/);
    expect(await refused('breakout', { copies: 0 })).to.match(/^count/);
  });
});
