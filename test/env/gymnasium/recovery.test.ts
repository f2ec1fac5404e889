import { expect } from 'chai';
import { fstatSync } from 'node:fs';
import path from 'node:path';
import {
  type EnvironmentWorker,
  type GymnasiumOptions,
  type WorkerError,
} from '../../../ts/index.js';
import { timeToEnd } from '../../support/processes.js';
import { gymSuite } from '../../support/suite.js';
import { refusal } from '../../support/refusal.js';
import { findCases, made, withWorker } from './cases.js';
import { digest, someActions } from './trajectories.js';

const kill = (worker: EnvironmentWorker, signal: NodeJS.Signals = 'SIGKILL'): void => {
  process.kill(worker.pid, signal);
};

/** Plays several copies for a while, each episode from a seed of its own, and says what came; `disturb` acts before a call. */
async function play(
  worker: EnvironmentWorker,
  calls: number,
  disturb: (call: number) => Promise<void> | void = () => undefined,
  seedOf: (copy: number, episode: number) => number | null = (copy, episode) => 10 * copy + episode,
): Promise<string[]> {
  const all = Array.from({ length: worker.count }, (_, copy) => copy);
  const { count } = worker.description.action;
  const noops = worker.description.lives === null ? 0 : 3;
  const episodes = all.map(() => 0);
  const actions = someActions(count, calls * all.length);
  const told: string[] = [];
  let finished = all;
  for (let call = 0; call < calls; call += 1) {
    await disturb(2 * call);
    if (finished.length > 0) {
      const seeds = finished.map((copy) => seedOf(copy, episodes[copy]!));
      for (const copy of finished) episodes[copy]! += 1;
      await worker.resetAhead(
        finished,
        seeds,
        finished.map((copy) => copy * noops),
      );
    }
    await disturb(2 * call + 1);
    // Not all copies in every call, nor in the same order.
    const chosen = all.filter((copy) => (copy + call) % 3 !== 0 || all.length === 1).reverse();
    const { rewards, terminated, truncated, lives } = await worker.stepAhead(
      chosen,
      chosen.map((copy) => actions[call * all.length + copy]!),
    );
    finished = chosen.filter((copy) => terminated[copy] === 1 || truncated[copy] === 1);
    for (const copy of chosen) {
      const ends = `${terminated[copy]!}${truncated[copy]!}`;
      told.push(
        `${copy}: ${rewards[copy]!} ${ends} ${lives[copy]!} ${digest(worker, copy, 'newest')}`,
      );
    }
  }
  return told;
}

describe('environments whose worker ends', () => {
  findCases();
  const suite = gymSuite();

  const withOpened = async <T>(
    options: GymnasiumOptions,
    count: number,
    work: (worker: EnvironmentWorker) => Promise<T>,
  ): Promise<T> => withWorker({ ...options, python: suite.python }, count, work);

  const played: Record<string, readonly [GymnasiumOptions, number]> = {
    'CartPole, one copy': [{ kind: 'gymnasium', id: 'CartPole-v1' }, 1],
    'CartPole, four copies': [{ kind: 'gymnasium', id: 'CartPole-v1' }, 4],
    'a task with a generator': [made('Steps', { length: 20 }), 3],
    'Breakout, three copies with no-op steps': [
      { kind: 'ale', game: 'breakout', pixels: 'gray', maxFrames: 160 },
      3,
    ],
    'Pong with sticky actions and pictures': [
      { kind: 'ale', game: 'pong', pixels: 'gray', sticky: 0.25, picture: true, maxFrames: 200 },
      2,
    ],
  };
  const calls = 120;
  for (const [name, [options, count]] of Object.entries(played)) {
    it(`give the same as without that: ${name}`, async function () {
      this.timeout(60_000);
      const plainly = await withOpened(options, count, async (worker) => play(worker, calls));
      expect(new Set(plainly).size).to.be.greaterThan(20);
      const reasons: string[] = [];
      const onRestart = ({ code }: WorkerError): void => void reasons.push(code);
      await withOpened({ ...options, onRestart }, count, async (worker) => {
        const pids = new Set([worker.pid]);
        const { fd, bytes } = worker.region;
        const { ino } = fstatSync(fd);
        const disturbed = await play(worker, calls, async (call) => {
          // Before resets and before steps, at once again and late in episodes; half of them while it idles.
          if (![3, 4, 57, 101, 180].includes(call)) return;
          const { pid } = worker;
          pids.add(pid);
          kill(worker);
          if (call % 2 === 1) await timeToEnd(pid, 2000);
        });
        expect(disturbed).to.deep.equal(plainly);
        expect(worker.restarts).to.equal(5);
        expect(pids.size).to.equal(5);
        expect(worker.region).to.deep.equal({ fd, bytes });
        expect(fstatSync(fd)).to.include({ ino, size: bytes });
      });
      expect(reasons).to.deep.equal(new Array(5).fill('E_CRASH'));
    });
  }

  it('go on in the same episodes where a copy had no seed', async function () {
    this.timeout(30_000);
    const seeds = (copy: number, episode: number): number | null =>
      copy === 2 || episode % 3 !== 0 ? null : copy;
    const run = async (disturb?: (worker: EnvironmentWorker, call: number) => void) =>
      withOpened(made('Steps', { length: 9 }), 3, async (worker) =>
        play(worker, 60, (call) => disturb?.(worker, call), seeds),
      );
    const plainly = await run();
    const disturbed = await run((worker, call) => {
      if ([31, 100].includes(call)) kill(worker);
    });
    expect(disturbed).to.deep.equal(plainly);
  });

  it('go on after a step that does not end', async function () {
    this.timeout(30_000);
    for (const id of ['Sleeps', 'Dies']) {
      const once = path.join(suite.folder, id);
      const run = async (): Promise<string[]> => {
        const options = { ...made(id, { once, length: 30 }), deadlineMs: 500 };
        return withOpened(options, 2, async (worker) => {
          const told = await play(worker, 50);
          restarts.push(worker.restarts);
          return told;
        });
      };
      const restarts: number[] = [];
      const [first, second] = [await run(), await run()];
      expect(first).to.deep.equal(second);
      expect(restarts).to.deep.equal([1, 0]);
    }
  });

  it('go on where it is found stopped', async function () {
    this.timeout(30_000);
    const options = { kind: 'gymnasium', id: 'CartPole-v1', deadlineMs: 400 } as const;
    const reasons: string[] = [];
    const onRestart = ({ code, message }: WorkerError): void =>
      void reasons.push(`${code} ${message}`);
    await withOpened({ ...options, onRestart }, 1, async (worker) => {
      await worker.resetAhead([0], [1]);
      kill(worker, 'SIGSTOP');
      await worker.stepAhead([0], [1]);
    });
    expect(reasons).to.deep.equal([
      'E_TIMEOUT worker process, env.step: expected an answer within 400 ms, received none',
    ]);
  });

  it('go on in calls side by side', async () => {
    await withOpened(made('Steps'), 3, async (worker) => {
      await worker.resetAhead([0, 1, 2], [1, 2, 3]);
      const alone = { ...worker.results };
      await worker.stepAhead([0, 1, 2], [0, 1, 2]);
      const expected = [...worker.results.rewards];
      await worker.resetAhead([0, 1, 2], [1, 2, 3]);
      kill(worker);
      await Promise.all([0, 1, 2].map(async (copy) => worker.stepAhead([copy], [copy])));
      expect([...worker.results.rewards]).to.deep.equal(expected);
      expect(worker.restarts).to.equal(1);
      expect(alone.rewards).to.equal(worker.results.rewards);
    });
  });

  it('leave the caller free to change what it gave', async () => {
    const first = async (disturbed: boolean): Promise<number> =>
      withOpened(made('Steps'), 1, async (worker) => {
        await worker.resetAhead([0], [1]);
        const actions = [2];
        if (disturbed) kill(worker);
        const step = worker.stepAhead([0], actions);
        actions[0] = 0;
        await step;
        return worker.results.rewards[0]!;
      });
    expect(await first(true)).to.equal(await first(false));
  });

  const otherwise = {
    Clock: 'step 1 of copy 1, played again in a new worker: expected reward',
    Painter: 'copy 0, played again: expected what it showed before',
  };
  for (const [id, text] of Object.entries(otherwise)) {
    it(`are given up where they are not deterministic: ${id}`, async () => {
      await withOpened(made(id), 2, async (worker) => {
        await worker.resetAhead([0, 1], [1, 2]);
        for (let step = 0; step < 3; step += 1) await worker.stepAhead([1], [0]);
        kill(worker);
        const error = await refusal(worker.stepAhead([1], [0]));
        expect(error, error.message).to.include({ code: 'E_STATE' });
        expect(error.message).to.contain(text).and.contain('has to be deterministic');
        expect(await refusal(worker.resetAhead([0], [1]))).to.equal(error);
      });
    });
  }

  it('are given up after three tries where a step ends it every time', async function () {
    this.timeout(30_000);
    await withOpened(made('DiesAlways'), 2, async (worker) => {
      await worker.resetAhead([0, 1], [1, 2]);
      await worker.stepAhead([0, 1], [0, 1]);
      const error = await refusal(worker.stepAhead([0], [3]));
      expect(error).to.include({ code: 'E_CRASH', signal: 'SIGKILL' });
      expect(error.message).to.contain('given up after 3 restarts');
      expect(worker.restarts).to.equal(3);
      expect(await refusal(worker.stepAhead([1], [0]))).to.equal(error);
    });
  });

  it('need a seed for a copy whose last call broke off', async () => {
    await withOpened(made('Raises'), 2, async (worker) => {
      await worker.resetAhead([0, 1], [1, 2]);
      expect(await refusal(worker.stepAhead([0], [3]))).to.include({ code: 'E_BACKEND' });
      kill(worker);
      await worker.stepAhead([1], [0]);
      for (const call of [
        async () => worker.resetAhead([0], [null]),
        async () => worker.stepAhead([0], [0]),
      ]) {
        const error = await refusal(call());
        expect(error).to.include({ code: 'E_STATE' });
        expect(error.message).to.contain('copy 0: expected a reset from a seed');
      }
      await worker.resetAhead([0], [1]);
      await worker.stepAhead([0, 1], [0, 0]);
    });
  });

  // Milliseconds: while it waits, while Python starts, while the copies are played again.
  for (const wait of [100, 400, 800]) {
    it(`are closed while they are brought back, after ${wait} ms`, async () => {
      await withOpened({ kind: 'ale', game: 'breakout', pixels: 'gray' }, 2, async (worker) => {
        await worker.resetAhead([0, 1], [1, 2]);
        for (let step = 0; step < 100; step += 1) await worker.stepAhead([0], [0]);
        kill(worker);
        const under = worker.stepAhead([0], [1]).then(
          () => 'done',
          (error: unknown) => (error as WorkerError).code,
        );
        await new Promise((resolve) => setTimeout(resolve, wait));
        await worker.close();
        expect(await under).to.be.oneOf(['E_STATE', 'done']);
        expect(await refusal(worker.stepAhead([0], [1]))).to.include({ code: 'E_STATE' });
      });
    });
  }
});
