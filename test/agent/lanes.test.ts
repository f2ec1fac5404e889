import { expect } from 'chai';
import { Lane } from '../../ts/agent/lanes.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import type { Environment } from '../../ts/env/env.js';

describe('lane of an agent', () => {
  it('plays an episode again from its number and its actions', async () => {
    const lane = new Lane(new CartPole(), 7, 3);
    for (const action of [0, 1, 1, 0, 1]) lane.step(action);
    const again = await Lane.again({ environment: new CartPole(), copy: 0 }, 7, lane.state());
    expect(again.observation).to.deep.equal(lane.observation);
    expect(again).to.include({ episode: 3, earned: 5, steps: 5 });
    expect(again.step(0).observation).to.deep.equal(lane.step(0).observation);
  });

  it('begins every episode with a seed of its own', () => {
    const first = (seed: number, episode: number) =>
      new Lane(new CartPole(), seed, episode).observation.join();
    const all = [first(0, 0), first(0, 1), first(0, 2), first(1, 0), first(1, 1)];
    expect(new Set(all).size).to.equal(all.length);
    const lane = new Lane(new CartPole(), 0, 0);
    lane.step(0);
    expect(lane.begin(2).join()).to.equal(first(0, 2));
    expect(lane).to.include({ episode: 2, earned: 0, steps: 0 });
  });

  it('refuses an environment that does not depend on its seed and its actions alone', async () => {
    let calls = 0;
    const moody = (): Environment => {
      const inner = new CartPole();
      const { observationSpace, actionSpace } = inner;
      const step = (action: number) => ({ ...inner.step(action), reward: (calls += 1) });
      return { observationSpace, actionSpace, reset: (seed) => inner.reset(seed), step };
    };
    const lane = new Lane(moody(), 0, 0);
    lane.step(0);
    const again = await Lane.again({ environment: moody(), copy: 0 }, 0, lane.state()).catch(
      String,
    );
    expect(again).to.match(/played again from its seed/);
  });
});
