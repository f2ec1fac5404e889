import { expect } from 'chai';
import { CartPole, VectorCartPole } from '../../ts/env/cart-pole.js';
import { Random } from '../../ts/env/random.js';
import { SpiqError, type ErrorCode } from '../../ts/errors.js';

function expectError(call: () => unknown, code: ErrorCode, message: string): void {
  expect(call).to.throw(SpiqError, message).with.property('code', code);
}

const seeds = [3, 3, 1, 4, 1_000_000_007];

describe('VectorCartPole', () => {
  it('repeats the single environment copy by copy, through resets', () => {
    const options = { maxSteps: 25 };
    const vector = new VectorCartPole(seeds.length, options);
    const singles = seeds.map(() => new CartPole(options));
    vector.reset(seeds);
    let expected = singles.map((single, k) => [...single.reset(seeds[k])]);
    expect([...vector.observations]).to.deep.equal(expected.flat());

    const random = new Random(99);
    const ends = { terminated: 0, truncated: 0 };
    for (let step = 0; step < 500; step += 1) {
      const actions = Int32Array.from(seeds, () => random.uint32() & 1);
      vector.step(actions);
      const finals: number[][] = [];
      expected = singles.map((single, k) => {
        const result = single.step(actions[k]!);
        finals.push([...result.observation]);
        expect(vector.rewards[k]).to.equal(result.reward);
        expect(vector.terminated[k]).to.equal(Number(result.terminated));
        expect(vector.truncated[k]).to.equal(Number(result.truncated));
        ends.terminated += Number(result.terminated);
        ends.truncated += Number(result.truncated);
        return [...(result.terminated || result.truncated ? single.reset() : result.observation)];
      });
      expect([...vector.finalObservations]).to.deep.equal(finals.flat());
      expect([...vector.observations]).to.deep.equal(expected.flat());
    }
    expect(ends.terminated).to.be.above(50);
    expect(ends.truncated).to.be.above(5);
  });

  it('gives equal seeds equal trajectories and unseeded copies different ones', () => {
    const vector = new VectorCartPole(2);
    vector.reset([8, 8]);
    expect([...vector.observations.subarray(0, 4)]).to.deep.equal([
      ...vector.observations.subarray(4),
    ]);
    const unseeded = new VectorCartPole(2);
    unseeded.reset();
    expect(unseeded.observations[0]).to.not.equal(unseeded.observations[4]);
  });

  it('refuses a wrong call as a whole, before any copy moves', () => {
    const vector = new VectorCartPole(2);
    expectError(() => vector.step([0, 1]), 'E_STATE', 'received an environment never reset');
    vector.reset([1, 2]);
    const before = [...vector.observations];
    expectError(() => vector.step([0, 2]), 'E_ARGUMENT', 'action: expected 0 (left) or 1 (right)');
    expectError(() => vector.step([0]), 'E_SHAPE', 'actions: expected 2 of them');
    expectError(() => vector.reset([1]), 'E_SHAPE', 'seeds: expected 2 of them');
    expect([...vector.observations]).to.deep.equal(before);
    expectError(() => new VectorCartPole(0), 'E_RANGE', 'count');
  });
});
