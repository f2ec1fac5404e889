import { expect } from 'chai';
import { epsilonAt, explorer } from '../../ts/agent/exploration.js';
import type { ExplorationParameters } from '../../ts/agent/exploration.js';

const exponential: ExplorationParameters = {
  exploration: 'exponential',
  epsilonStart: 1,
  epsilonEnd: 0.05,
  epsilonDecay: 0.999,
  epsilonSteps: 100,
  seed: 3,
};

describe('exploration', () => {
  it('decays by a factor each step to a floor, as published', () => {
    expect(epsilonAt(exponential, 0)).to.equal(1);
    expect(epsilonAt(exponential, 1)).to.equal(0.999);
    expect(epsilonAt(exponential, 1000)).to.be.closeTo(0.999 ** 1000, 1e-12);
    // ln 0.05 / ln 0.999 = 2994.2
    expect(epsilonAt(exponential, 2994)).to.be.greaterThan(0.05);
    expect(epsilonAt(exponential, 2995)).to.equal(0.05);
  });

  it('falls in a straight line, and stays at its end', () => {
    const linear = { ...exponential, exploration: 'linear' } as const;
    const seen = [0, 25, 50, 100, 1000].map((step) => epsilonAt(linear, step));
    [1, 0.7625, 0.525, 0.05, 0.05].forEach((expected, k) => {
      expect(seen[k]).to.be.closeTo(expected, 1e-12);
    });
  });

  it('draws a random action as often as epsilon says, each one alike', () => {
    const half = { ...exponential, epsilonStart: 0.5, epsilonEnd: 0.5 };
    const explore = explorer(half, 4);
    const drawn = Array.from({ length: 40_000 }, (_, step) => explore(0, step));
    const counts = [-1, 0, 1, 2, 3].map((action) => drawn.filter((one) => one === action).length);
    const expected = [20_000, 5000, 5000, 5000, 5000];
    const chiSquare = counts.reduce((sum, n, k) => sum + (n - expected[k]!) ** 2 / expected[k]!, 0);
    // Four degrees of freedom: above 18.47 once in a thousand times.
    expect(chiSquare).to.be.lessThan(18.47);
  });

  it('depends on seed, copy and step alone', () => {
    const at = (seed: number, copy: number) => {
      const explore = explorer({ ...exponential, seed }, 5);
      return Array.from({ length: 200 }, (_, step) => explore(copy, step));
    };
    expect(at(3, 0)).to.deep.equal(at(3, 0));
    expect(at(3, 0)).to.not.deep.equal(at(4, 0));
    expect(at(3, 0)).to.not.deep.equal(at(3, 1));
  });

  it('is greedy throughout without epsilon, and random throughout at 1', () => {
    const never = explorer({ ...exponential, epsilonStart: 0, epsilonEnd: 0 }, 2);
    const always = explorer({ ...exponential, epsilonEnd: 1 }, 2);
    for (let step = 0; step < 500; step += 1) {
      expect(always(0, step)).to.be.oneOf([0, 1]);
      expect(never(0, step)).to.equal(-1);
    }
  });
});
