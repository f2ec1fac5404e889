import { expect } from 'chai';
import { CartPole } from '../../ts/env/cart-pole.js';
import type { Environment } from '../../ts/env/env.js';
import { makeEnvironment } from '../../ts/env/registry.js';
import { playRandomly } from '../../ts/experiments/random-play.js';

const seat = (environment: Environment) => ({ environment, copy: 0 });

describe('random play before training', () => {
  it('earns what a random player earns, in episodes of their own seeds', async () => {
    const { row, actions } = await playRandomly(seat(new CartPole()), 3);
    expect(row).to.include({ epoch: 0, phase: 'random', nr_games: 20, last_exploration_rate: 1 });
    // Gymnasium's documentation speaks of about 22; 20 episodes have a standard error of about 3.
    expect(row.average_reward).to.be.within(12, 34);
    expect(row.min_game_reward).to.be.below(row.max_game_reward!);
    expect(actions).to.equal(2);
    const car = await playRandomly(seat(makeEnvironment('mountain-car', 200)()), 3);
    expect(car.row).to.include({ average_reward: -200, steps: 4000 });
    expect(car.states.length).to.equal(256 * 2);
  });

  it('is the same for the same seed and another for another', async () => {
    const states = async (seed: number) => (await playRandomly(seat(new CartPole()), seed)).states;
    const [one, again, other] = [await states(1), await states(1), await states(2)];
    expect(one).to.deep.equal(again);
    expect(one).to.not.deep.equal(other);
    const rows = new Set<string>();
    for (let at = 0; at < one.length; at += 4) rows.add(one.subarray(at, at + 4).join());
    expect(rows.size).to.equal(one.length / 4);
  });
});
