import { expect } from 'chai';
import { evaluate } from '../../ts/agent/evaluate.js';
import { checkEnvironment } from '../../ts/env/check-environment.js';
import type { Environment, StepResult } from '../../ts/env/env.js';
import { Random } from '../../ts/env/random.js';
import { makeEnvironment } from '../../ts/env/registry.js';
import { vectorise } from '../../ts/env/vectorise.js';
import { expectError } from '../formats/helpers/expect-error.js';
import { Corridor } from './corridor.js';

/** A corridor with something wrong about it. */
const broken = (change: (corridor: Corridor) => object) => (): Environment => {
  const corridor = new Corridor();
  const { observationSpace, actionSpace } = corridor;
  const plain = {
    observationSpace,
    actionSpace,
    reset: corridor.reset.bind(corridor),
    step: corridor.step.bind(corridor),
  };
  return { ...plain, ...change(corridor) };
};

const stepWith = (change: object) =>
  broken((corridor) => ({
    step: (action: number): StepResult => ({ ...corridor.step(action), ...change }),
  }));

describe("a user's own environment", () => {
  it('is taken as a class, as a function, with a time limit', () => {
    for (const made of [makeEnvironment(Corridor), makeEnvironment(() => new Corridor())]) {
      const environment = made();
      const plain = new Corridor();
      expect([...environment.reset(6)]).to.deep.equal([...plain.reset(6)]);
      expect(environment.step(1)).to.deep.equal(plain.step(1));
      expect(made()).to.not.equal(environment);
    }
    const limited = makeEnvironment(Corridor, 1)();
    limited.reset();
    expect(limited.step(1)).to.include({ truncated: true, terminated: false });
  });

  it('is taken as a class by what plays it', async () => {
    const act = (_: Float32Array, rows: number): Int32Array => new Int32Array(rows).fill(1);
    const played = { act, episodes: 3, seed: 4 };
    const { returns } = await evaluate({ ...played, environment: Corridor });
    expect(returns).to.deep.equal(
      (await evaluate({ ...played, environment: () => new Corridor() })).returns,
    );
  });

  it('is called to order where it gives what it should not', () => {
    const cases: [string, string, () => Environment][] = [
      ['E_ARGUMENT', 'environment.step: expected a function', broken(() => ({ step: 3 }))],
      ['E_ARGUMENT', 'observationSpace', broken(() => ({ observationSpace: { size: 2 } }))],
      [
        'E_ARGUMENT',
        'actionSpace',
        broken(() => ({ actionSpace: { kind: 'discrete', count: 0 } })),
      ],
      [
        'E_ARGUMENT',
        'result of reset: expected a Float32Array',
        broken(() => ({ reset: () => [1, 2] })),
      ],
      [
        'E_SHAPE',
        'result of reset: expected 2 values',
        broken(() => ({ reset: () => new Float32Array(3) })),
      ],
      ['E_ARGUMENT', 'result of step: expected an object', broken(() => ({ step: () => 3 }))],
      ['E_NOT_FINITE', 'reward of step', stepWith({ reward: NaN })],
      ['E_ARGUMENT', 'terminated of step: expected true or false', stepWith({ terminated: 1 })],
      ['E_ARGUMENT', 'truncated of step', stepWith({ truncated: undefined })],
      [
        'E_NOT_FINITE',
        'observation of step, value 1',
        stepWith({ observation: Float32Array.of(1, NaN) }),
      ],
    ];
    for (const [code, message, make] of cases) {
      const play = () => {
        const environment = makeEnvironment(make)();
        environment.reset(0);
        environment.step(1);
      };
      expectError(play, code as 'E_SHAPE', message);
    }
    const unknown = 'corridor' as 'cart-pole';
    expectError(() => makeEnvironment(unknown), 'E_ARGUMENT', 'one of cart-pole');
    expectError(() => makeEnvironment(() => 3 as never)(), 'E_ARGUMENT', 'environment: expected');
  });

  it('is found out by checkEnvironment where play alone does not show it', () => {
    checkEnvironment(() => new Corridor());
    const shared = new Random(1);
    const forgets = broken((corridor) => ({ reset: () => corridor.reset(shared.uint32()) }));
    expectError(() => checkEnvironment(forgets), 'E_ARGUMENT', 'the same steps from the same seed');
    const narrow = { kind: 'box', size: 2, low: [0, 0], high: [4, 2] };
    const outside = broken(() => ({ observationSpace: narrow }));
    expectError(() => checkEnvironment(outside), 'E_RANGE', 'as its space says');
    const firstSeed = broken((corridor) => {
      corridor.reset(77);
      return {};
    });
    expectError(() => checkEnvironment(firstSeed), 'E_ARGUMENT', 'to use seed 0');
    const carries = broken((corridor) => {
      let steps = 0;
      return {
        step: (action: number) => ({
          ...corridor.step(action),
          reward: (steps += 1) > 600 ? 1 : 0,
        }),
      };
    });
    expectError(
      () => checkEnvironment(carries),
      'E_ARGUMENT',
      'when an old environment gets the seed',
    );
    const half = broken((corridor) => ({ save: corridor.save.bind(corridor) }));
    expectError(() => checkEnvironment(half), 'E_ARGUMENT', 'both save and restore');
    const loses = broken((corridor) => ({
      save: () => 'nothing',
      restore: () => corridor.reset(0),
    }));
    expectError(() => checkEnvironment(loses), 'E_ARGUMENT', 'after save and restore');
  });

  it('is copied like any other, and refused where copies cannot be saved', () => {
    const vector = vectorise(makeEnvironment(broken(() => ({}))), 2);
    vector.reset([1, 2]);
    expectError(() => vector.save(), 'E_UNSUPPORTED', 'save: expected an environment that has it');
    const wrong = vectorise(
      broken(() => ({ reset: () => new Float32Array(3) })),
      2,
    );
    expectError(() => wrong.reset(), 'E_SHAPE', 'observation of copy 0: expected 2 values');
  });
});
