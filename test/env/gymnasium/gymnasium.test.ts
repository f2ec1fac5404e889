import { expect } from 'chai';
import { openGymnasium, type EnvironmentWorker, type GymnasiumOptions } from '../../../ts/index.js';
import { gymSuite } from '../../support/suite.js';
import { refusal } from '../../support/refusal.js';
import { findCases, made, withWorker } from './cases.js';
import { expectSame, playGymnasium, playWorker, someActions } from './trajectories.js';

const tasks = {
  'CartPole-v1': { count: 2, steps: 600, options: {} },
  'MountainCar-v0': { count: 3, steps: 500, options: {} },
  'Acrobot-v1': { count: 3, steps: 300, options: { max_episode_steps: 120 } },
  'FrozenLake-v1': { count: 4, steps: 200, options: { is_slippery: true } },
} as const;

describe('environments of Gymnasium in a worker', () => {
  findCases();
  const suite = gymSuite();

  const withOpened = async (
    options: GymnasiumOptions,
    work: (worker: EnvironmentWorker) => Promise<void>,
    count = 1,
  ): Promise<void> => withWorker({ ...options, python: suite.python }, count, work);
  const openingOf = async (options: unknown, count = 1): Promise<EnvironmentWorker> =>
    openGymnasium({ ...(options as GymnasiumOptions), python: suite.python }, count);

  for (const [id, { count, steps, options }] of Object.entries(tasks)) {
    it(`${id} gives what it gives in Gymnasium, episode after episode`, async function () {
      this.timeout(60_000);
      const actions = someActions(count, steps);
      const [theirs] = await playGymnasium([{ id, options, seed: 5, actions }]);
      await withOpened({ kind: 'gymnasium', id, options }, async (worker) => {
        expect(worker.description.action.count).to.equal(theirs!.count);
        expectSame(await playWorker(worker, { seed: 5, actions }), theirs!.steps);
        expect(theirs!.steps.filter(({ begins }) => begins).length).to.be.greaterThan(1);
      });
    });
  }

  it('tell truncation by a time limit from an end', async () => {
    await withOpened({ kind: 'gymnasium', id: 'MountainCar-v0' }, async (worker) => {
      expect(worker.description.maxSteps).to.equal(200);
      await worker.resetAhead([0], [1]);
      for (let step = 0; step < 200; step += 1) await worker.stepAhead([0], [1]);
      expect(worker.results).to.deep.include({
        terminated: Uint8Array.of(0),
        truncated: Uint8Array.of(1),
        rewards: Float64Array.of(-1),
        lives: Int32Array.of(-1),
      });
      const error = await refusal(worker.stepAhead([0], [1]));
      expect(error).to.include({ code: 'E_STATE' });
      expect(error.message).to.contain('copy 0: expected an episode that goes on');
    });
  });

  it('describe CartPole, infinite bounds included', async () => {
    await withOpened({ kind: 'gymnasium', id: 'CartPole-v1' }, async (worker) => {
      const { observation, action, frames, picture, lives, maxSteps } = worker.description;
      const angle = Math.fround(0.41887903);
      const [x, most] = [Math.fround(4.8), Infinity];
      expect(observation).to.deep.equal({
        dtype: 'f32',
        shape: [4],
        size: 4,
        low: [-x, -most, -angle, -most],
        high: [x, most, angle, most],
      });
      expect(action).to.deep.equal({ count: 2, start: 0, names: null });
      expect([frames, picture, lives, maxSteps]).to.deep.equal([1, null, null, 500]);
      expect(worker.previousAt).to.equal(undefined);
      expect(worker.slotBytes).to.equal(64);
      const row = new Float32Array(4);
      await worker.resetAhead([0], [42]);
      worker.readRow(0, row);
      // What CartPole-v1 shows after reset(seed=42), as printed by Gymnasium.
      expect([...row].map((value) => Number(value.toFixed(8)))).to.deep.equal([
        0.0273956, -0.00611216, 0.03585979, 0.0197368,
      ]);
    });
  });

  const spaces = {
    bytes: { dtype: 'u8', shape: [2, 3], low: 0, high: 255 },
    f16: { dtype: 'f32', shape: [3], low: -1, high: 1 },
    f64: { dtype: 'f64', shape: [3], low: [-1, -Infinity, 0], high: [1, 5, Infinity] },
    i8: { dtype: 'i32', shape: [2], low: -128, high: 127 },
    i64: { dtype: 'i32', shape: [2], low: -5, high: 5 },
    wide: { dtype: 'f64', shape: [2], low: -(2 ** 40), high: 2 ** 40 },
    u16: { dtype: 'u16', shape: [2], low: 0, high: 65535 },
    u32: { dtype: 'u32', shape: [2], low: 0, high: 2 ** 32 - 1 },
    discrete: { dtype: 'i32', shape: [], low: 2, high: 6 },
    binary: { dtype: 'i32', shape: [4], low: 0, high: 1 },
    several: { dtype: 'i32', shape: [3], low: 0, high: [1, 2, 3] },
  } as const;
  for (const [space, described] of Object.entries(spaces)) {
    it(`are read as numbers: observations of kind ${space}`, async () => {
      await withOpened(made('Spaces', { space }), async (worker) => {
        const { size, ...observation } = worker.description.observation;
        expect(observation).to.deep.equal(described);
        expect(worker.description.action).to.deep.equal({ count: 3, start: -1, names: null });
        const row = new Float32Array(size);
        await worker.resetAhead([0], [1]);
        const first = new Set<number>();
        for (let step = 0; step < 30; step += 1) {
          worker.readRow(0, row);
          first.add(row[0]!);
          row.forEach((value, at) => {
            const bound = (of: number | readonly number[]): number =>
              typeof of === 'number' ? of : of[at]!;
            expect(value).to.be.within(bound(described.low), bound(described.high));
          });
          // Actions go from 0 here and from −1 there.
          const { rewards } = await worker.stepAhead([0], [step % 3]);
          expect(rewards[0]).to.equal((step % 3) - 1);
        }
        expect(first.size).to.be.greaterThan(1);
      });
    });
  }

  it('send bounds beside the message where they are many', async () => {
    await withOpened(made('Spaces', { space: 'large' }), async (worker) => {
      const { low, high } = worker.description.observation;
      if (typeof low === 'number' || typeof high === 'number') throw new Error('one bound for all');
      expect([low.length, low[0], low[599]]).to.deep.equal([600, -1, 0]);
      expect([high.length, high[0], high[599]]).to.deep.equal([600, 0, 1]);
      expect(low[300]).to.be.closeTo(-1 + 300 / 599, 1e-12);
    });
  });

  it('draw pictures where that is asked for', async () => {
    const options = { kind: 'gymnasium', id: 'ALE/Breakout-v5', picture: true } as const;
    await withOpened(options, async (worker) => {
      expect(worker.description.picture).to.deep.equal([210, 160]);
      expect(worker.description.lives).to.equal(5);
      await worker.resetAhead([0], [1], [3]);
      const [picture, seen] = [new Uint8Array(100_800), new Uint8Array(100_800)];
      worker.readPicture(0, picture);
      worker.readNewest(0, seen);
      expect(Buffer.compare(picture, seen)).to.equal(0);
      expect(new Set(picture).size).to.be.greaterThan(5);
    });
  });

  it('play on with null from where their generator is', async () => {
    const row = new Float64Array(2);
    const seen = (worker: EnvironmentWorker, copy: number): number => {
      worker.readNewest(copy, new Uint8Array(row.buffer));
      return row[1]!;
    };
    await withOpened(
      made('Steps'),
      async (worker) => {
        await worker.resetAhead([0, 1], [9, 9]);
        const first = seen(worker, 0);
        await worker.resetAhead([0, 1], [null, 9]);
        expect(seen(worker, 1)).to.equal(first);
        const second = seen(worker, 0);
        expect(second).to.not.equal(first);
        await worker.resetAhead([1], [null]);
        expect(seen(worker, 1)).to.equal(second);
        // A copy that never had a seed begins with its number.
        await worker.resetAhead([2], [null]);
        await worker.resetAhead([1], [2]);
        expect(seen(worker, 2)).to.equal(seen(worker, 1));
      },
      3,
    );
  });

  it('that raise an error leave their copy without an episode, and others with theirs', async () => {
    await withOpened(
      made('Raises'),
      async (worker) => {
        await worker.resetAhead([0, 1, 2], [1, 2, 3]);
        const error = await refusal(worker.stepAhead([0, 1], [0, 3]));
        expect(error).to.include({
          code: 'E_BACKEND',
          state: 'broken',
          pythonType: 'RuntimeError',
        });
        expect(error.message).to.equal('RuntimeError: on purpose');
        for (const copy of [0, 1]) {
          expect(await refusal(worker.stepAhead([copy], [0]))).to.include({ code: 'E_STATE' });
        }
        await worker.stepAhead([2], [0]);
        await worker.resetAhead([0, 1], [1, 2]);
        await worker.stepAhead([0, 1, 2], [0, 0, 0]);
      },
      3,
    );
  });

  it('may not give rewards that are no numbers', async () => {
    await withOpened(made('NotANumber'), async (worker) => {
      await worker.resetAhead([0], [1]);
      const error = await refusal(worker.stepAhead([0], [0]));
      expect(error).to.include({ code: 'E_NOT_FINITE', state: 'broken' });
    });
  });

  it('may not change the shape of their observations', async () => {
    await withOpened(made('WrongShape'), async (worker) => {
      await worker.resetAhead([0], [1]);
      const error = await refusal(worker.stepAhead([0], [0]));
      expect(error).to.include({ code: 'E_BACKEND' });
      expect(error.message).to.contain('expected shape [2], received [3]');
    });
  });

  const refused: Record<string, [unknown, string, string]> = {
    'a space of named parts': [made('Spaces', { space: 'dict' }), 'E_UNSUPPORTED', 'Dict('],
    'a space of several parts': [made('Spaces', { space: 'tuple' }), 'E_UNSUPPORTED', 'Tuple('],
    'actions that are no list': [made('ContinuousActions'), 'E_UNSUPPORTED', 'expected Discrete'],
    'an unknown name': [{ kind: 'gymnasium', id: 'Chess-v3' }, 'E_ARGUMENT', "received 'Chess-v3'"],
    'an unknown module': [{ kind: 'gymnasium', id: 'no_such:A-v0' }, 'E_IMPORT', 'no_such'],
    'an option that the environment does not know': [
      made('Steps', { size: 3 }),
      'E_BACKEND',
      'size',
    ],
    'pictures that it does not draw': [
      { ...made('Blind'), picture: true },
      'E_UNSUPPORTED',
      'rgb_array',
    ],
    'options that do not fit into a message': [
      { kind: 'gymnasium', id: 'CartPole-v1', options: { text: 'x'.repeat(70_000) } },
      'E_TOO_LARGE',
      '65536 bytes',
    ],
    'an unknown kind': [{ kind: 'retro', id: 'A-v0' }, 'E_ARGUMENT', 'ale | gymnasium | envpool'],
    'no options': [{ kind: 'gymnasium' }, 'E_ARGUMENT', "'id'"],
    'EnvPool where it is not installed': [
      { kind: 'envpool', task: 'Pong-v5' },
      'E_IMPORT',
      'a Python with the package envpool',
    ],
  };
  for (const [what, [options, code, text]] of Object.entries(refused)) {
    it(`are refused: ${what}`, async () => {
      const error = await refusal(openingOf(options));
      expect(error, error.message).to.include({ code });
      expect(error.message).to.contain(text);
    });
  }

  it('are refused: no copies, or too many', async () => {
    const options = { kind: 'gymnasium', id: 'CartPole-v1' };
    for (const count of [0, 1.5, 1025]) {
      expect(await refusal(openingOf(options, count))).to.include({ code: 'E_RANGE' });
    }
  });

  describe('refuse calls', () => {
    let worker: EnvironmentWorker;
    before(async () => {
      worker = await openGymnasium(
        { kind: 'gymnasium', id: 'CartPole-v1', python: suite.python },
        3,
      );
      await worker.resetAhead([0, 1], [1, 2]);
    });
    after(async () => worker.close());

    const calls: Record<string, [() => Promise<unknown>, string, string]> = {
      'with a copy that is not there': [
        async () => worker.stepAhead([3], [0]),
        'E_RANGE',
        'from 0 to 2',
      ],
      'with no copies': [async () => worker.stepAhead([], []), 'E_RANGE', 'some of the copies'],
      'with a copy twice': [async () => worker.stepAhead([0, 0], [0, 0]), 'E_ARGUMENT', 'once'],
      'with too few actions': [async () => worker.stepAhead([0, 1], [0]), 'E_SHAPE', 'received 1'],
      'with an action that is not there': [
        async () => worker.stepAhead([0], [2]),
        'E_RANGE',
        'actions, element 0: expected a whole number from 0 to 1, received 2',
      ],
      'with half an action': [async () => worker.stepAhead([0], [0.5]), 'E_RANGE', '0.5'],
      'with a copy that was never reset': [
        async () => worker.stepAhead([2], [0]),
        'E_STATE',
        'an episode that goes on',
      ],
      'with a seed below 0': [
        async () => worker.resetAhead([0], [-1]),
        'E_RANGE',
        'seeds, element 0',
      ],
      'with too few seeds': [async () => worker.resetAhead([0, 1], [1]), 'E_SHAPE', 'seeds'],
      'with no-op steps that it does not have': [
        async () => worker.resetAhead([0], [1], [2]),
        'E_UNSUPPORTED',
        'an action NOOP',
      ],
      'for a copy that is in another call': [
        async () => {
          const first = worker.stepAhead([0], [0]);
          try {
            await worker.stepAhead([1, 0], [0, 0]);
          } finally {
            await first;
          }
        },
        'E_STATE',
        'a second call',
      ],
      'for a frame that it does not have': [
        async () => worker.readPrevious(0, new Uint8Array(16)),
        'E_UNSUPPORTED',
        'a frame before the newest',
      ],
      'for a row of another length': [
        async () => worker.readRow(0, new Float32Array(5)),
        'E_SHAPE',
        '4 values',
      ],
    };
    for (const [what, [call, code, text]] of Object.entries(calls)) {
      it(`${what}, and go on`, async () => {
        const error = await refusal(call());
        expect(error, error.message).to.include({ code });
        expect(error.message).to.contain(text);
        const { terminated } = await worker.stepAhead([1], [0]);
        if (terminated[1] === 1) await worker.resetAhead([1], [2]);
      });
    }

    it('of two at once that share no copy are both answered', async () => {
      await worker.resetAhead([0, 1], [1, 2]);
      await Promise.all([worker.stepAhead([0], [0]), worker.stepAhead([1], [1])]);
    });
  });

  it('refuse calls once they are closed, and fail those under way', async () => {
    const worker = await openGymnasium({
      kind: 'gymnasium',
      id: 'CartPole-v1',
      python: suite.python,
    });
    await worker.resetAhead([0], [1]);
    const under = refusal(worker.stepAhead([0], [0]));
    await worker.close();
    expect(await under).to.include({ code: 'E_STATE' });
    expect(await refusal(worker.stepAhead([0], [0]))).to.include({ code: 'E_STATE' });
    const gone = refusal(Promise.resolve().then(() => worker.readRow(0, new Float32Array(4))));
    expect(await gone).to.include({ code: 'E_STATE' });
    await worker.close();
  });
});
