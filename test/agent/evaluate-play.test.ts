import { expect } from 'chai';
import { evaluate } from '../../ts/agent/evaluate.js';
import type { Act, PlayedEpisode, PlayedStep } from '../../ts/agent/evaluate.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import type { Environment } from '../../ts/env/env.js';
import { makeEnvironment } from '../../ts/env/registry.js';
import { withNoopStarts } from '../../ts/env/wrappers/index.js';
import { expectRejection } from '../formats/helpers/expect-error.js';

/** Pushes towards the side the pole moves to. */
const follow: Act = (observations, rows) =>
  Int32Array.from({ length: rows }, (_, row) => (observations[row * 4 + 3]! > 0 ? 1 : 0));
const right: Act = (_, rows) => new Int32Array(rows).fill(1);
const play = { environment: 'cart-pole', act: follow, seed: 40 } as const;

describe('evaluate: drawn actions, first steps, and what is told of them', () => {
  it('draws that share of actions, evenly, from the seed of the episode and the step', async () => {
    const drawn: PlayedStep[] = [];
    const onStep = (step: PlayedStep): void => {
      expect(step.environment.observationSpace.size).to.equal(4);
      if (step.explored) drawn.push(step);
    };
    const result = await evaluate({ ...play, episodes: 60, epsilon: 0.3, onStep });
    expect(result.explored).to.equal(drawn.length);
    // Five standard deviations of a binomial share.
    const slack = 5 * Math.sqrt((0.3 * 0.7) / result.steps);
    expect(result.explored / result.steps).to.be.closeTo(0.3, slack);
    const ones = drawn.filter(({ action }) => action === 1).length;
    expect(ones / drawn.length).to.be.closeTo(0.5, 2.5 / Math.sqrt(drawn.length));
    const others = await evaluate({ ...play, seed: 55, episodes: 10, epsilon: 0.3 });
    expect(others.returns).to.deep.equal(result.returns.slice(15, 25));
    const greedy = await evaluate({ ...play, episodes: 60 });
    expect(greedy.explored).to.equal(0);
    expect(greedy.returns).to.not.deep.equal(result.returns);
    const random = await evaluate({ ...play, episodes: 5, epsilon: 1, compareWith: right });
    expect(random.explored).to.equal(random.steps);
    expect(random.similarity).to.equal(null);
  });

  it('compares chosen actions only', async () => {
    const result = await evaluate({ ...play, episodes: 10, epsilon: 0.5, compareWith: follow });
    expect(result.similarity).to.equal(1);
    let [chosen, equal] = [0, 0];
    const onStep = ({ explored, action }: PlayedStep): void => {
      chosen += Number(!explored);
      equal += Number(!explored && action === 1);
    };
    const options = { ...play, episodes: 10, epsilon: 0.5, compareWith: right, onStep };
    expect((await evaluate(options)).similarity).to.equal(equal / chosen);
  });

  it('takes first steps as the wrapper takes them', async () => {
    const noops = { most: 6, least: 2 };
    const result = await evaluate({ ...play, episodes: 20, noops });
    const wrapped = () => withNoopStarts(new CartPole(), noops);
    const same = await evaluate({ ...play, environment: wrapped, episodes: 20 });
    expect(result.returns).to.deep.equal(same.returns);
    expect(result.returns).to.not.deep.equal((await evaluate({ ...play, episodes: 20 })).returns);
    const later = await evaluate({ ...play, seed: 45, episodes: 5, noops });
    expect(later.returns).to.deep.equal(result.returns.slice(5, 10));
  });

  it('tells of every step before it is taken, and of every end', async () => {
    const steps: string[] = [];
    const ended: PlayedEpisode[] = [];
    const result = await evaluate({
      ...play,
      environment: makeEnvironment('cart-pole', 200),
      episodes: 30,
      onStep({ episode, step, observation, action, environment }) {
        const pole = environment as Environment & Pick<CartPole, 'elapsed' | 'state'>;
        expect(pole.elapsed).to.equal(step);
        expect([...observation]).to.deep.equal([...Float32Array.from(pole.state)]);
        expect(action).to.equal(observation[3]! > 0 ? 1 : 0);
        steps.push(`${episode} ${step}`);
      },
      onEpisode: (episode) => void ended.push(episode),
    });
    expect(new Set(steps).size).to.equal(result.steps);
    expect(steps).to.have.length(result.steps);
    ended.sort((a, b) => a.episode - b.episode);
    expect(ended.map((episode) => episode.return)).to.deep.equal(result.returns);
    expect(ended.map((episode) => episode.steps)).to.deep.equal(result.lengths);
    for (const { environment, steps: taken, terminated, truncated } of ended) {
      expect((environment as Environment & Pick<CartPole, 'elapsed'>).elapsed).to.equal(taken);
      expect(terminated || truncated).to.equal(true);
    }
    expect(new Set(ended.map(({ truncated }) => truncated)).size).to.equal(2);
  });

  it('counts its own limit as truncation', async () => {
    const ended: PlayedEpisode[] = [];
    const onEpisode = (episode: PlayedEpisode) => void ended.push(episode);
    await evaluate({ ...play, episodes: 2, maxSteps: 5, onEpisode });
    expect(ended).to.have.length(2);
    for (const episode of ended) {
      expect(episode).to.include({ truncated: true, terminated: false, steps: 5, return: 5 });
    }
  });

  it('refuses shares, ranges and names that make no sense', async () => {
    const options = { ...play, episodes: 2 };
    await expectRejection(evaluate({ ...options, epsilon: 1.5 }), 'E_RANGE', 'from 0 to 1');
    await expectRejection(evaluate({ ...options, epsilon: NaN }), 'E_RANGE', 'epsilon');
    await expectRejection(evaluate({ ...options, noops: { most: -1 } }), 'E_RANGE', 'no-op steps');
    const unknown = { ...options, environment: 'pong' as 'cart-pole' };
    await expectRejection(evaluate(unknown), 'E_ARGUMENT', 'one of cart-pole');
    const misspelt = { ...options, noop: 3 } as typeof options;
    await expectRejection(evaluate(misspelt), 'E_ARGUMENT', "received 'noop'");
  });
});
