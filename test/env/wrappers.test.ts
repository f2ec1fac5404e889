import { expect } from 'chai';
import type { Environment, StepResult } from '../../ts/env/env.js';
import {
  withActionRepeat,
  withHistory,
  withNoopStarts,
  withObservation,
  withReward,
  withTimeLimit,
} from '../../ts/env/wrappers/index.js';
import type { RewardInfo } from '../../ts/env/wrappers/index.js';
import { expectError } from '../formats/helpers/expect-error.js';
import { Corridor } from './corridor.js';

/** Counts its steps: the observation is [episode, step], the reward the number of the step. */
class Counter implements Environment {
  readonly observationSpace = { kind: 'box', size: 2, low: [0, 0], high: [99, 99] } as const;
  readonly actionSpace = { kind: 'discrete', count: 3, noop: 2 } as const;
  readonly taken: number[] = [];
  readonly #observation = new Float32Array(2);

  constructor(readonly length = 99) {}

  reset(): Float32Array {
    this.#observation.set([this.#observation[0]! + 1, 0]);
    return this.#observation;
  }

  step(action: number): StepResult {
    this.taken.push(action);
    const step = this.#observation[1]! + 1;
    this.#observation[1] = step;
    const terminated = step >= this.length;
    return { observation: this.#observation, reward: step, terminated, truncated: false };
  }
}

describe('environment wrappers', () => {
  it('give other rewards, of what was seen before and after', () => {
    const seen: [number, number[], number, RewardInfo][] = [];
    const environment = withReward(new Corridor(), (reward, observation, action, info) => {
      seen.push([reward, [...observation], action, { ...info, previous: info.previous.slice() }]);
      return 100 + seen.length;
    });
    const first = [...environment.reset(1)];
    const { reward, observation } = environment.step(1);
    expect(reward).to.equal(101);
    const info = { terminated: false, truncated: false, lifeLost: false };
    const previous = Float32Array.from(first);
    expect(seen).to.deep.equal([[0, [first[0]! + 1, 2], 1, { ...info, previous }]]);
    const moved = Float32Array.from(observation);
    environment.step(0);
    expect(seen[1]![3].previous).to.deep.equal(moved);
  });

  it('show other observations', () => {
    const space = { kind: 'box', size: 1, low: [0], high: [9] } as const;
    const environment = withObservation(new Corridor(), ([place]) => [9 - place!], space);
    const plain = new Corridor();
    expect([...environment.reset(4)]).to.deep.equal([9 - plain.reset(4)[0]!]);
    const [place] = plain.step(0).observation;
    expect([...environment.step(0).observation]).to.deep.equal([9 - place!]);
    const wrong = withObservation(new Corridor(), () => [1, 2, 3]);
    expectError(() => wrong.reset(), 'E_SHAPE', 'result of observe: expected 2 values, received 3');
  });

  it('show the last observations together, in either order, begun in either way', () => {
    const shown = (options: Parameters<typeof withHistory>[2]) => {
      const environment = withHistory(new Counter(), 3, options);
      expect(environment.observationSpace).to.deep.include({ size: 6, low: new Array(6).fill(0) });
      const first = environment.reset().join(' ');
      environment.step(0);
      return [first, environment.step(0).observation.join(' ')];
    };
    expect(shown({})).to.deep.equal(['1 0 1 0 1 0', '1 0 1 1 1 2']);
    const zeros = shown({ order: 'newest-first', padding: 'zeros' });
    expect(zeros).to.deep.equal(['1 0 0 0 0 0', '1 2 1 1 1 0']);
    const again = withHistory(new Counter(), 2);
    again.reset();
    again.step(0);
    expect([...again.reset()]).to.deep.equal([2, 0, 2, 0]);
  });

  it('stack images as channels', () => {
    const image = Object.assign(new Counter(), {
      observationSpace: {
        kind: 'box',
        size: 2,
        shape: [1, 1, 2],
        low: [0, 0],
        high: [9, 9],
      } as const,
    });
    expect(withHistory(image, 4).observationSpace.shape).to.deep.equal([4, 1, 2]);
  });

  it('limit time without ending the task', () => {
    const environment = withTimeLimit(new Counter(5), 3);
    environment.reset();
    const flags = [0, 0, 0].map((action) => environment.step(action).truncated);
    expect(flags).to.deep.equal([false, false, true]);
    expectError(() => environment.step(0), 'E_STATE', 'an episode that has ended');
    environment.reset();
    expect(environment.step(0).truncated).to.equal(false);
    const exact = withTimeLimit(new Counter(1), 1);
    exact.reset();
    expect(exact.step(0)).to.include({ terminated: true, truncated: true });
  });

  it('repeat actions, add rewards and stop at the end', () => {
    const counter = new Counter(5);
    const environment = withActionRepeat(counter, 3);
    environment.reset();
    expect(environment.step(1)).to.include({ reward: 1 + 2 + 3, terminated: false });
    expect(environment.step(0)).to.include({ reward: 4 + 5, terminated: true });
    expect(counter.taken).to.deep.equal([1, 1, 1, 0, 0]);
    const corridor = withActionRepeat(new Corridor(), 9);
    corridor.reset(0);
    expect(corridor.step(0).lifeLost).to.equal(true);
  });

  it('begin with steps that nobody chose, drawn from the seed', () => {
    const counts = (options: Parameters<typeof withNoopStarts>[1], seed: number) => {
      const counter = new Counter();
      const environment = withNoopStarts(counter, options);
      const drawn = Array.from(
        { length: 300 },
        (_, k) => environment.reset(k ? undefined : seed)[1],
      );
      expect(new Set(counter.taken)).to.deep.equal(new Set([2]));
      return drawn;
    };
    const drawn = counts({ most: 6, least: 4 }, 8);
    expect(new Set(drawn)).to.deep.equal(new Set([4, 5, 6]));
    expect(drawn.filter((count) => count === 5).length).to.be.within(70, 130);
    expect(counts({ most: 6, least: 4 }, 8)).to.deep.equal(drawn);
    expect(counts({ most: 6, least: 4 }, 9)).to.not.deep.equal(drawn);
    expect(new Set(counts({ most: 2 }, 0))).to.deep.equal(new Set([0, 1, 2]));
  });

  it('go over to the next episode where the first steps end one', () => {
    const environment = withNoopStarts(new Counter(3), { most: 7, least: 7 });
    // Seven steps of episodes of three: the third episode has seen one.
    expect([...environment.reset()]).to.deep.equal([3, 1]);
  });

  it('refuse options that make no sense', () => {
    const counter = new Counter();
    expectError(
      () => withHistory(counter, 0),
      'E_RANGE',
      'frames: expected a whole number from 1 to 255',
    );
    const [order, padding] = ['first', 'ones'] as never[];
    expectError(() => withHistory(counter, 2, { order: order! }), 'E_ARGUMENT', 'oldest-first');
    expectError(() => withHistory(counter, 2, { padding: padding! }), 'E_ARGUMENT', 'repeat or');
    expectError(() => withTimeLimit(counter, 0), 'E_RANGE', 'maxSteps');
    expectError(() => withActionRepeat(counter, 1.5), 'E_RANGE', 'count');
    expectError(() => withNoopStarts(counter, { most: -1 }), 'E_RANGE', 'no-op steps, most');
    const reversed = { most: 3, least: 4 };
    expectError(() => withNoopStarts(counter, reversed), 'E_RANGE', 'from 0 to 3, received 4');
    const misspelt = { most: 3, max: 3 } as object as { most: number };
    expectError(() => withNoopStarts(counter, misspelt), 'E_ARGUMENT', "received 'max'");
  });

  it('can be saved and drawn where the environment can', () => {
    const nothing = { save: undefined, restore: undefined, render: undefined };
    expect(withTimeLimit(new Counter(), 3)).to.include(nothing);
    const corridor = withTimeLimit(new Corridor(), 3);
    corridor.reset(1);
    const saved = corridor.save?.();
    expect([...corridor.restore!(saved!)]).to.deep.equal([...new Corridor().reset(1)]);
  });
});
