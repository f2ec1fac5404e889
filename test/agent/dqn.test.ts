import { expect } from 'chai';
import { DqnAgent } from '../../ts/agent/dqn.js';
import type { DqnParameters } from '../../ts/agent/dqn-parameters.js';
import type { EpisodeProgress } from '../../ts/agent/progress.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import { MountainCar } from '../../ts/env/mountain-car.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { Corridor } from './corridor.js';

async function all(agent: DqnAgent): Promise<EpisodeProgress[]> {
  const told: EpisodeProgress[] = [];
  for await (const progress of agent.train()) told.push(progress);
  return told;
}

const quick: Partial<DqnParameters> = {
  batch: 16,
  memory: 500,
  hidden: [8],
  episodes: 12,
  maxSteps: 30,
  goal: null,
  seed: 5,
};

describe('DQN agent', function () {
  this.timeout(60_000);

  it('learns the shortest way through a corridor, alone and in several copies', async () => {
    for (const [name, extra] of Object.entries<Partial<DqnParameters>>({
      plain: { double: false },
      double: {},
      dueling: { dueling: true },
      prioritised: { prioritised: true },
      'three steps': { nStep: 3 },
      'soft target': { target: 'soft', targetTau: 0.05 },
      'four copies': { copies: 4 },
      spiking: { spiking: true, weightScale: 2, surrogateSlope: 5, initialisation: 'normal' },
    })) {
      const agent = new DqnAgent(
        {
          ...{ episodes: 150, maxSteps: 40, hidden: [16], memory: 5000, batch: 32, gamma: 0.9 },
          ...{ learningRate: 5e-3, target: 'steps', targetEvery: 50, goal: null, seed: 1 },
          ...{ exploration: 'linear', epsilonSteps: 1500, epsilonEnd: 0.05 },
          ...extra,
        },
        { environment: (maxSteps) => new Corridor(maxSteps) },
      );
      const told = await all(agent);
      const lengths = told.slice(-30).map(({ steps }) => steps);
      const last = lengths.reduce((a, b) => a + b, 0) / lengths.length;
      // Five steps are the shortest way; walking at random takes about thirty.
      expect(last, name).to.be.lessThan(8);
      agent.close();
    }
  });

  it('tells of every episode, in order, with the published epsilon', async () => {
    const agent = new DqnAgent(quick);
    const told = await all(agent);
    expect(told.map(({ episode }) => episode)).to.deep.equal([...Array(12).keys()]);
    let steps = 0;
    for (const one of told) {
      steps += one.steps;
      expect(one.totalSteps).to.equal(steps);
      expect(one.return).to.equal(one.steps);
      expect(one.epsilon).to.equal(Math.max(0.05, 0.999 ** (steps - 1)));
      expect(one.remembered).to.be.at.most(steps);
    }
    // One update a step from the sixteenth transition on.
    expect(told.at(-1)!.updates).to.equal(steps - 15);
    expect(agent.finished).to.equal(true);
    expect(await all(agent)).to.deep.equal([]);
    agent.close();
  });

  it('updates as often as it is told, and not before there is enough to learn from', async () => {
    const agent = new DqnAgent({ ...quick, learnEvery: 4, updatesEach: 3, learningStarts: 40 });
    const { totalSteps, updates } = (await all(agent)).at(-1)!;
    const times = Math.floor(totalSteps / 4) - Math.floor(39 / 4);
    expect(updates).to.equal(3 * times);
    agent.close();
  });

  it('remembers the step at the time limit or not, as the rule says', async () => {
    for (const [timeLimit, lost] of [
      ['bootstrap', 0],
      ['terminal', 0],
      ['drop', 4],
    ] as const) {
      const agent = new DqnAgent(
        { ...quick, episodes: 4, maxSteps: 10, timeLimit },
        // Never ends by itself in ten steps.
        { environment: (maxSteps) => new MountainCar({ maxSteps }) },
      );
      expect((await all(agent)).at(-1)!.remembered, timeLimit).to.equal(40 - lost);
      agent.close();
    }
  });

  it('draws the same from the same seed, whatever the threads, and otherwise from another', async () => {
    const returns = async (extra: Partial<DqnParameters>) => {
      const agent = new DqnAgent({ ...quick, ...extra });
      const told = await all(agent);
      agent.close();
      return told;
    };
    const once = await returns({});
    expect(await returns({})).to.deep.equal(once);
    expect(await returns({ threads: 2 })).to.deep.equal(once);
    expect(await returns({ seed: 6 })).to.not.deep.equal(once);
  });

  it('goes on where somebody broke off, and hands progress to a callback too', async () => {
    const whole = await all(new DqnAgent(quick));
    const agent = new DqnAgent(quick);
    const seen: EpisodeProgress[] = [];
    const onProgress = (told: EpisodeProgress) => seen.push(told);
    for await (const told of agent.train({ onProgress })) if (told.episode === 3) break;
    expect(seen).to.have.length(4);
    for await (const told of agent.train()) seen.push(told);
    expect(seen).to.deep.equal(whole);
  });

  it('ends at an abort signal with E_CANCELLED, and can be asked to go on', async () => {
    const whole = await all(new DqnAgent(quick));
    const agent = new DqnAgent(quick);
    const abort = new AbortController();
    const seen: EpisodeProgress[] = [];
    let code: unknown;
    try {
      for await (const told of agent.train({ signal: abort.signal })) {
        seen.push(told);
        if (told.episode === 5) abort.abort();
      }
    } catch (error) {
      ({ code } = error as { code: unknown });
    }
    expect(code).to.equal('E_CANCELLED');
    for await (const told of agent.train()) seen.push(told);
    expect(seen).to.deep.equal(whole);
  });

  it('learns from a reward and an observation of the user, and reports the environment’s own', async () => {
    const rewarded: number[] = [];
    const agent = new DqnAgent(
      { ...quick, episodes: 3 },
      {
        environment: (maxSteps) => new CartPole({ maxSteps }),
        observe: (observation) => observation.subarray(2),
        reward: ({ observation, next, reward }) => {
          expect([observation.length, next.length, reward]).to.deep.equal([2, 2, 1]);
          rewarded.push(next[0]!);
          return -Math.abs(next[0]!);
        },
      },
    );
    const told = await all(agent);
    expect(agent.network().inputSize).to.equal(2);
    expect(rewarded).to.have.length(told.at(-1)!.totalSteps);
    for (const one of told) expect(one.return).to.equal(one.steps);
    agent.close();
  });

  it('chooses by validation, whose episodes are not those of training', async () => {
    const agent = new DqnAgent({
      ...quick,
      validateEvery: 3,
      validateEpisodes: 4,
      validateSteps: 50,
    });
    const validated = (await all(agent)).filter(({ validation }) => validation !== undefined);
    expect(validated.map(({ episode }) => episode)).to.deep.equal([2, 5, 8, 11]);
    const best = Math.max(...validated.map(({ validation }) => validation!.mean));
    const { by, episode } = agent.chosen();
    expect(by).to.equal('validated');
    const kept = validated.find((one) => one.episode === episode)!;
    expect(kept.validation!.mean).to.equal(best);
    agent.close();
  });

  it('trains the network that a simulator then runs, spike for spike', async () => {
    const spiking = { spiking: true, simulationSteps: 10, weightScale: 2, bias: false } as const;
    for (const semantics of ['direct', 'dsqn'] as const) {
      const options = { ...spiking, semantics, biasAsObservation: semantics === 'dsqn' };
      const agent = new DqnAgent({ ...quick, ...options, observationFactor: [0.5, 1, 5, 1] });
      await all(agent);
      const network = agent.network();
      const { biasAsObservation } = options;
      const simulator = new Simulator(network, { steps: 10, semantics, biasAsObservation });
      const observations = Float32Array.from({ length: 40 }, (_, k) => Math.sin(k) / 5);
      expect(simulator.observationSize).to.equal(4);
      expect(simulator.runSync(observations).out).to.deep.equal(agent.values(observations));
      agent.close();
    }
  });

  it('keeps the event loop turning while it learns', async () => {
    const agent = new DqnAgent({ ...quick, episodes: 100, hidden: [32, 32], batch: 64 });
    // In milliseconds of this process's own: a busy machine stretches turns, and does not lengthen the work in them.
    const spent = (): number => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    };
    const begin = spent();
    let [turns, longest, last] = [0, 0, begin];
    let turning = true;
    const turn = (): void => {
      longest = Math.max(longest, spent() - last);
      last = spent();
      turns += 1;
      if (turning) setImmediate(turn);
    };
    setImmediate(turn);
    await all(agent);
    turning = false;
    expect(spent() - begin).to.be.greaterThan(20);
    expect(turns).to.be.greaterThan(2);
    expect(longest).to.be.lessThan(60);
    agent.close();
  });

  it('refuses environments and networks that do not fit', () => {
    const refused: [() => unknown, RegExp][] = [
      [() => new DqnAgent({ environment: 'pong' }), /environment: expected one of cart-pole/],
      [() => new DqnAgent({ observationFactor: [1, 2] }), /observationFactor: expected 4 numbers/],
      [() => new DqnAgent({ filters: [8, 3] }), /filters: expected channels, kernel and stride/],
      [() => new DqnAgent({ filters: [8, 3, 1] }), /filters: expected pixels/],
    ];
    for (const [call, message] of refused) expect(call).to.throw(message);
    const network = Network.fromGraph({
      nodes: [
        { kind: 'input', name: 'in', shape: [4] },
        { kind: 'dense', name: 'out', weight: { shape: [3, 4], data: new Float32Array(12) } },
      ],
      edges: [['in', 'out']],
      outputs: ['out'],
    });
    expect(() => new DqnAgent({}, { network })).to.throw(
      /network to train: expected 2 outputs, received 3/,
    );
  });
});
