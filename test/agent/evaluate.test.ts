import { expect } from 'chai';
import { evaluate, type Act, type EvaluateProgress } from '../../ts/agent/evaluate.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import { SpiqError, type ErrorCode } from '../../ts/errors.js';

const environment = () => new CartPole();

const right: Act = (_, rows) => new Int32Array(rows).fill(1);

/** Pushes towards the side the pole moves to. */
const follow: Act = (observations, rows) =>
  Int32Array.from({ length: rows }, (_, row) => (observations[row * 4 + 3]! > 0 ? 1 : 0));

async function expectError(
  call: Promise<unknown>,
  code: ErrorCode,
  message: string,
): Promise<void> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(SpiqError);
  expect(error).to.have.property('code', code);
  expect((error as SpiqError).message).to.include(message);
}

/** The same episode by hand, alone. */
function playAlone(seed: number): number {
  const pole = environment();
  let observation = pole.reset(seed);
  for (let steps = 1; ; steps += 1) {
    const result = pole.step(observation[3]! > 0 ? 1 : 0);
    if (result.terminated || result.truncated) return steps;
    observation = result.observation;
  }
}

describe('evaluate', () => {
  it('plays each episode as if it were alone, in a batch that shrinks', async () => {
    const batchSizes: number[] = [];
    const act: Act = (observations, rows) => {
      expect(observations).to.have.length(rows * 4);
      batchSizes.push(rows);
      return follow(observations, rows);
    };
    const result = await evaluate({ environment, act, episodes: 20, seed: 1000 });
    const alone = Array.from({ length: 20 }, (_, k) => playAlone(1000 + k));
    expect(result.returns).to.deep.equal(alone);
    expect(batchSizes).to.deep.equal([...batchSizes].sort((a, b) => b - a));
    expect(batchSizes[0]).to.equal(20);
    expect(batchSizes).to.have.length(Math.max(...alone));
    expect(result.steps).to.equal(alone.reduce((a, b) => a + b));
    expect(new Set(alone).size).to.be.above(5);
  });

  it('computes mean, sample deviation and standard error', async () => {
    const lengths = [2, 4, 4, 6];
    let next = 0;
    const scripted = () => {
      const pole = new CartPole({ maxSteps: lengths[next]! });
      next += 1;
      return pole;
    };
    const result = await evaluate({ environment: scripted, act: right, episodes: 4, seed: 0 });
    expect(result.returns).to.deep.equal(lengths);
    expect(result.mean).to.equal(4);
    expect(result.std).to.be.closeTo(Math.sqrt(8 / 3), 1e-12);
    expect(result.standardError).to.be.closeTo(Math.sqrt(8 / 3) / 2, 1e-12);
  });

  it('has no deviation to tell for one episode, nor similarity without comparison', async () => {
    const result = await evaluate({ environment, act: right, episodes: 1, seed: 0 });
    expect(result).to.include({ std: null, standardError: null, similarity: null });
  });

  it('measures similarity along the trajectory of `act`', async () => {
    const options = { environment, act: follow, episodes: 5, seed: 10 };
    const alone = await evaluate(options);
    const same = await evaluate({ ...options, compareWith: async (o, r) => follow(o, r) });
    expect(same.similarity).to.equal(1);
    let agreed = 0;
    const other = await evaluate({
      ...options,
      act: async (observations, rows) => {
        const actions = await follow(observations, rows);
        agreed += actions.filter((action) => action === 1).length;
        return actions;
      },
      compareWith: right,
    });
    expect(other.similarity).to.equal(agreed / other.steps);
    expect(other.similarity).to.be.within(0.3, 0.7);
    expect(other.returns).to.deep.equal(alone.returns);
  });

  it('ends episodes at maxSteps', async () => {
    const result = await evaluate({ environment, act: right, episodes: 3, seed: 0, maxSteps: 5 });
    expect(result.returns).to.deep.equal([5, 5, 5]);
  });

  it('times the policy apart from the rest', async () => {
    const slowly = async (milliseconds: number): Promise<void> =>
      new Promise((resolve) => setTimeout(resolve, milliseconds));
    const result = await evaluate({
      environment,
      act: async (observations, rows) => {
        await slowly(5);
        return right(observations, rows);
      },
      compareWith: async (observations, rows) => {
        await slowly(20);
        return right(observations, rows);
      },
      episodes: 2,
      seed: 0,
      maxSteps: 5,
    });
    const actSeconds = result.steps / result.observationsPerSecond;
    // Node's timers may fire up to 1 ms early.
    expect(actSeconds).to.be.at.least(5 * 0.004);
    expect(result.seconds).to.be.at.least(actSeconds + 5 * 0.019);
  });

  it('reports every episode that ends', async () => {
    const seen: EvaluateProgress[] = [];
    const onProgress = (progress: EvaluateProgress) => void seen.push(progress);
    const result = await evaluate({ environment, act: follow, episodes: 10, seed: 0, onProgress });
    const finished = seen.map((progress) => progress.finished);
    expect(finished).to.deep.equal([...new Set(finished)].sort((a, b) => a - b));
    expect(seen.at(-1)).to.deep.equal({ finished: 10, episodes: 10, steps: result.steps });
  });

  it('can be cancelled before and while it runs', async () => {
    const options = { environment, act: right, episodes: 2, seed: 0 };
    await expectError(
      evaluate({ ...options, signal: AbortSignal.abort() }),
      'E_CANCELLED',
      'abort',
    );
    const controller = new AbortController();
    let asked = 0;
    const act: Act = (observations, rows) => {
      asked += 1;
      if (asked === 3) controller.abort();
      return right(observations, rows);
    };
    await expectError(
      evaluate({ ...options, act, signal: controller.signal }),
      'E_CANCELLED',
      'abort',
    );
    expect(asked).to.equal(3);
  });

  it('lets timers run while a synchronous policy is busy', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 15);
    const busy: Act = (_, rows) => {
      const end = performance.now() + 4;
      while (performance.now() < end);
      return new Int32Array(rows);
    };
    const endless = () => {
      const pole = new CartPole();
      pole.reset(0);
      return {
        observationSpace: pole.observationSpace,
        actionSpace: pole.actionSpace,
        reset: () => pole.reset(0),
        step: () => ({
          observation: pole.reset(0),
          reward: 0,
          terminated: false,
          truncated: false,
        }),
      };
    };
    const call = evaluate({
      environment: endless,
      act: busy,
      episodes: 1,
      seed: 0,
      maxSteps: 500,
      signal: controller.signal,
    });
    await expectError(call, 'E_CANCELLED', 'abort');
  });

  it('refuses options and actions that make no sense', async () => {
    const options = { environment, act: right, episodes: 2, seed: 0 };
    await expectError(evaluate({ ...options, episodes: 0 }), 'E_RANGE', 'episodes');
    await expectError(evaluate({ ...options, seed: -1 }), 'E_RANGE', 'seed');
    await expectError(evaluate({ ...options, seed: 2 ** 53 - 1 }), 'E_RANGE', 'seed');
    await expectError(evaluate({ ...options, maxSteps: 0 }), 'E_RANGE', 'maxSteps');
    const short: Act = () => new Int32Array(1);
    await expectError(
      evaluate({ ...options, act: short }),
      'E_SHAPE',
      'result of act: expected 2 actions',
    );
    const list = (() => [1, 1]) as unknown as Act;
    await expectError(
      evaluate({ ...options, compareWith: list }),
      'E_ARGUMENT',
      'result of compareWith',
    );
  });
});
