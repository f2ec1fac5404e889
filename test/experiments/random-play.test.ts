import { expect } from 'chai';
import { CartPole } from '../../ts/env/cart-pole.js';
import { makeEnvironment } from '../../ts/env/registry.js';
import { playRandomly } from '../../ts/experiments/random-play.js';

describe('random play before training', () => {
  it('earns what a random player earns, in episodes of their own seeds', () => {
    const { row, actions } = playRandomly(new CartPole(), 3);
    expect(row).to.include({ epoch: 0, phase: 'random', nr_games: 20, last_exploration_rate: 1 });
    // Gymnasium's documentation speaks of about 22; 20 episodes have a standard error of about 3.
    expect(row.average_reward).to.be.within(12, 34);
    expect(row.min_game_reward).to.be.below(row.max_game_reward!);
    expect(actions).to.equal(2);
    const car = playRandomly(makeEnvironment('mountain-car', 200)(), 3);
    expect(car.row).to.include({ average_reward: -200, steps: 4000 });
    expect(car.states.length).to.equal(256 * 2);
  });

  it('is the same for the same seed and another for another', () => {
    const states = (seed: number) => playRandomly(new CartPole(), seed).states;
    expect(states(1)).to.deep.equal(states(1));
    expect(states(1)).to.not.deep.equal(states(2));
    const rows = new Set<string>();
    for (let at = 0; at < states(1).length; at += 4)
      rows.add(
        states(1)
          .subarray(at, at + 4)
          .join(),
      );
    expect(rows.size).to.equal(states(1).length / 4);
  });
});
