import { expect } from 'chai';
import { CartPole } from '../../ts/env/cart-pole.js';
import { SpiqError, type ErrorCode } from '../../ts/errors.js';

function expectError(call: () => unknown, code: ErrorCode, message: string): void {
  expect(call).to.throw(SpiqError, message).with.property('code', code);
}

/** Leans to the side the pole falls to: enough to stay up for some hundred steps. */
function balance([, , angle = 0, angleSpeed = 0]: Float32Array): number {
  return angle + angleSpeed > 0 ? 1 : 0;
}

describe('CartPole', () => {
  it('starts from a seeded state within ±0.05 and hands out its float32 rounding', () => {
    const pole = new CartPole();
    const seen = new Set<number>();
    for (let seed = 0; seed < 100; seed += 1) {
      const observation = pole.reset(seed);
      const state = pole.state;
      expect([...observation]).to.deep.equal([...Float32Array.from(state)]);
      for (const value of state) {
        expect(Math.abs(value)).to.be.at.most(0.05);
        seen.add(value);
      }
      pole.reset(seed);
      expect([...pole.state]).to.deep.equal([...state]);
    }
    expect(seen.size).to.equal(400);
  });

  it('continues its generator when reset without a seed', () => {
    const pole = new CartPole();
    pole.reset(5);
    const second = [...pole.reset()];
    const other = new CartPole();
    const first = [...other.reset(5)];
    expect([...other.reset()]).to.deep.equal(second);
    expect(second).to.not.deep.equal(first);
  });

  it('uses seed 0 for a first reset without a seed', () => {
    expect([...new CartPole().reset()]).to.deep.equal([...new CartPole().reset(0)]);
  });

  it('rewards the step that ends the task and refuses to go on', () => {
    const pole = new CartPole();
    pole.reset(1);
    let steps = 0;
    for (;;) {
      const { reward, terminated, truncated } = pole.step(1);
      steps += 1;
      expect(reward).to.equal(1);
      expect(truncated).to.equal(false);
      if (terminated) break;
    }
    // A constant push tips the pole over in about ten steps.
    expect(steps).to.be.within(8, 11);
    expectError(() => pole.step(1), 'E_STATE', 'received an episode that has ended');
    pole.reset();
    expect(pole.step(1).terminated).to.equal(false);
  });

  it('truncates at maxSteps without terminating', () => {
    const pole = new CartPole({ maxSteps: 50 });
    let observation = pole.reset(3);
    for (let step = 1; step <= 50; step += 1) {
      const result = pole.step(balance(observation));
      expect(result.terminated).to.equal(false);
      expect(result.truncated).to.equal(step === 50);
      expect(pole.elapsed).to.equal(step);
      observation = result.observation;
    }
    expectError(() => pole.step(0), 'E_STATE', 'received an episode that has ended');
  });

  it('can terminate and truncate in the same step', () => {
    const pole = new CartPole();
    pole.setState([2.39, 5, 0, 0], 499);
    expect(pole.step(1)).to.include({ terminated: true, truncated: true, reward: 1 });
  });

  it('terminates past 2.4 m or 12 degrees on either side, and not before', () => {
    const limit = (12 * 2 * Math.PI) / 360;
    const pole = new CartPole();
    const endsFrom = (state: number[]): boolean => {
      pole.setState(state);
      return pole.step(0).terminated;
    };
    for (const sign of [-1, 1]) {
      expect(endsFrom([sign * 2.4, 0, 0, 0])).to.equal(false);
      expect(endsFrom([sign * 2.4, sign * 0.001, 0, 0])).to.equal(true);
      expect(endsFrom([0, 0, sign * limit, 0])).to.equal(false);
      expect(endsFrom([0, 0, sign * limit, sign * 0.001])).to.equal(true);
    }
  });

  it('refuses what is not an action and leaves the state as it was', () => {
    const pole = new CartPole();
    pole.reset(0);
    const before = [...pole.state];
    for (const action of [2, -1, 0.5, NaN, undefined as unknown as number]) {
      expectError(() => pole.step(action), 'E_ARGUMENT', 'action: expected 0 (left) or 1 (right)');
    }
    expect([...pole.state]).to.deep.equal(before);
  });

  it('refuses a step before the first reset', () => {
    expectError(() => new CartPole().step(0), 'E_STATE', 'received an environment never reset');
  });

  it('refuses states and options that make no sense', () => {
    const pole = new CartPole();
    expectError(() => pole.setState([0, 0, 0]), 'E_SHAPE', 'state: expected 4 numbers');
    expectError(() => pole.setState([0, NaN, 0, 0]), 'E_NOT_FINITE', 'state[1]');
    expectError(() => pole.setState([0, 0, 0, 0], 500), 'E_RANGE', 'from 0 to 499, received 500');
    expectError(() => new CartPole({ maxSteps: 0 }), 'E_RANGE', 'maxSteps');
    const misspelt = { maxStep: 3 } as object;
    expectError(() => new CartPole(misspelt), 'E_ARGUMENT', "received 'maxStep'");
  });

  it('hands out copies of its state', () => {
    const pole = new CartPole();
    pole.reset(0);
    const { state } = pole;
    state.fill(9);
    expect(pole.state[0]).to.be.below(0.06);
  });
});
