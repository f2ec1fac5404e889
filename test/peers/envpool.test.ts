import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { openGymnasium, type EnvironmentWorker, type EnvpoolOptions } from '../../ts/index.js';
import { refusal } from '../support/refusal.js';
import { someActions } from '../env/gymnasium/trajectories.js';
import { askPeer, peerPython } from './python.js';

const cases = {
  'CartPole-v1': { count: 2, steps: 120, options: {} },
  'MountainCar-v0': { count: 3, steps: 260, options: { max_episode_steps: 100 } },
  'Breakout-v5': { count: 4, steps: 150, options: { max_episode_steps: 60, noop_max: 5 } },
};
const seeds = [3, 1, 4];

type Told = readonly (string | number | boolean)[];

const seen = (worker: EnvironmentWorker, copy: number): string => {
  const { size, dtype } = worker.description.observation;
  const bytes = new Uint8Array(size * (dtype === 'u8' ? 1 : 4));
  worker.readNewest(copy, bytes);
  return createHash('sha256').update(bytes).digest('hex');
};

/** Plays copies through their first seed and then on with their generators. */
async function play(
  worker: EnvironmentWorker,
  actions: readonly (readonly number[])[],
  disturb: (call: number) => void = () => undefined,
): Promise<Told[][]> {
  const all = Array.from({ length: worker.count }, (_, copy) => copy);
  const told: Told[][] = all.map(() => []);
  const begin = async (copies: number[], from: (number | null)[]): Promise<void> => {
    await worker.resetAhead(copies, from);
    for (const copy of copies) told[copy]!.push(['begins', seen(worker, copy)]);
  };
  await begin(all, seeds);
  for (const [call, chosen] of actions.entries()) {
    disturb(call);
    const { rewards, terminated, truncated } = await worker.stepAhead(all, chosen);
    for (const copy of all) {
      const ends = [terminated[copy] === 1, truncated[copy] === 1];
      told[copy]!.push([seen(worker, copy), rewards[copy]!, ...ends]);
    }
    const finished = all.filter((copy) => terminated[copy] === 1 || truncated[copy] === 1);
    if (finished.length > 0)
      await begin(
        finished,
        finished.map(() => null),
      );
  }
  return told;
}

describe('EnvPool in a worker', () => {
  const python = (): string => peerPython('SPIQ_ENVPOOL_PYTHON');
  const open = async (
    options: Partial<EnvpoolOptions> & { task: string },
    count: number,
  ): Promise<EnvironmentWorker> =>
    openGymnasium({ kind: 'envpool', ...options, python: python() }, count);
  const actionsOf = ({ count, steps }: { count: number; steps: number }): number[][] => {
    const flat = someActions(count, seeds.length * steps);
    return Array.from({ length: steps }, (_, k) =>
      flat.slice(k * seeds.length, (k + 1) * seeds.length),
    );
  };

  for (const [task, about] of Object.entries(cases)) {
    it(`${task} gives what it gives without, its own resets hidden, also after the worker was killed`, async () => {
      const { options } = about;
      const actions = actionsOf(about);
      const request = [{ task, options, seeds, actions }];
      const [theirs] = askPeer('envpool_run.py', request, 'SPIQ_ENVPOOL_PYTHON') as Told[][][];
      expect(theirs!.flat().filter(([what]) => what === 'begins').length).to.be.greaterThan(3);
      for (const disturbed of [false, true]) {
        const worker = await open({ task, options, threads: 2 }, seeds.length);
        expect(worker.description.action.count).to.equal(about.count);
        expect(worker.description.lives).to.equal(task === 'Breakout-v5' ? 5 : null);
        const ours = await play(worker, actions, (call) => {
          if (disturbed && call === 100) process.kill(worker.pid, 'SIGKILL');
        });
        expect(worker.restarts).to.equal(disturbed ? 1 : 0);
        await worker.close();
        expect(ours).to.deep.equal(theirs);
      }
    });
  }

  it('begins single copies from seeds, and steps some of them', async () => {
    const worker = await open({ task: 'CartPole-v1' }, 3);
    await worker.resetAhead([0, 1, 2], [7, 8, 9]);
    const first = [0, 1, 2].map((copy) => seen(worker, copy));
    await worker.stepAhead([2, 0], [1, 0]);
    expect(seen(worker, 1)).to.equal(first[1]);
    expect(seen(worker, 2)).to.not.equal(first[2]);
    await worker.resetAhead([2, 0], [8, 2 ** 40]);
    expect(seen(worker, 2)).to.equal(first[1]);
    await worker.stepAhead([1, 2], [1, 1]);
    expect(seen(worker, 2)).to.equal(seen(worker, 1));
    await worker.resetAhead([1], [2 ** 40]);
    expect(seen(worker, 1)).to.equal(seen(worker, 0));
    expect(await refusal(worker.resetAhead([1], [1], [2]))).to.include({ code: 'E_UNSUPPORTED' });
    await worker.close();
  });

  const refused: Record<string, [Partial<EnvpoolOptions> & { task: string }, string, string]> = {
    'an unknown task': [{ task: 'Chess-v0' }, 'E_ARGUMENT', "received 'Chess-v0'"],
    'continuous actions': [{ task: 'Pendulum-v1' }, 'E_UNSUPPORTED', 'expected Discrete'],
    'an unknown option': [{ task: 'CartPole-v1', options: { foo: 1 } }, 'E_BACKEND', 'foo'],
    'what the worker chooses': [
      { task: 'CartPole-v1', options: { num_envs: 3 } },
      'E_ARGUMENT',
      "received 'num_envs'",
    ],
    'no threads': [{ task: 'CartPole-v1', threads: 0 }, 'E_RANGE', 'from 1 to 1024'],
  };
  for (const [what, [options, code, text]] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      const error = await refusal(open(options, 1));
      expect(error, error.message).to.include({ code });
      expect(error.message).to.contain(text);
    });
  }
});
