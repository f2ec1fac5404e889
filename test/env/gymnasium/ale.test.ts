import { expect } from 'chai';
import {
  SpiqError,
  openGymnasium,
  type AleOptions,
  type EnvironmentWorker,
} from '../../../ts/index.js';
import { gymPython } from '../../support/python.js';
import {
  digest,
  expectSame,
  playGymnasium,
  playWorker,
  someActions,
  type Played,
  type Step,
} from './trajectories.js';

interface Case {
  readonly ours: Omit<AleOptions, 'kind'>;
  readonly id: string;
  readonly theirs: Readonly<Record<string, unknown>>;
  readonly count: number;
  readonly steps: number;
}

const plain = { frameskip: 4, repeat_action_probability: 0 };
const cases: Record<string, Case> = {
  'Breakout in colours': {
    ours: { game: 'breakout' },
    id: 'ALE/Breakout-v5',
    theirs: plain,
    count: 4,
    steps: 700,
  },
  'Breakout in grey, every third frame': {
    ours: { game: 'breakout', pixels: 'gray', frameSkip: 3 },
    id: 'ALE/Breakout-v5',
    theirs: { ...plain, frameskip: 3, obs_type: 'grayscale' },
    count: 4,
    steps: 700,
  },
  'Space Invaders with all actions, a mode and a difficulty': {
    ours: { game: 'space_invaders', pixels: 'gray', fullActions: true, mode: 5, difficulty: 1 },
    id: 'ALE/SpaceInvaders-v5',
    theirs: { ...plain, obs_type: 'grayscale', full_action_space: true, mode: 5, difficulty: 1 },
    count: 18,
    steps: 500,
  },
  'Pong with sticky actions': {
    ours: { game: 'pong', pixels: 'gray', sticky: 0.25 },
    id: 'ALE/Pong-v5',
    theirs: { frameskip: 4, repeat_action_probability: 0.25, obs_type: 'grayscale' },
    count: 6,
    steps: 900,
  },
  'Seaquest cut off after 300 frames': {
    ours: { game: 'seaquest', pixels: 'gray', maxFrames: 300 },
    id: 'ALE/Seaquest-v5',
    theirs: { ...plain, obs_type: 'grayscale', max_num_frames_per_episode: 300 },
    count: 18,
    steps: 200,
  },
};

describe('games of the Arcade Learning Environment in a worker', () => {
  let python: string;
  before(async function () {
    this.timeout(300_000);
    python = await gymPython();
  });

  const withGame = async (
    options: Omit<AleOptions, 'kind'>,
    work: (worker: EnvironmentWorker) => Promise<void>,
    count = 1,
  ): Promise<void> => {
    const worker = await openGymnasium({ kind: 'ale', ...options, python }, count);
    try {
      await work(worker);
    } finally {
      await worker.close();
    }
  };

  const refusal = async (options: Omit<AleOptions, 'kind'>): Promise<SpiqError> => {
    try {
      await withGame(options, async () => undefined);
    } catch (error) {
      if (error instanceof SpiqError) return error;
      throw error;
    }
    throw new Error('expected an error');
  };

  describe('beside Gymnasium', () => {
    let theirs: ReadonlyMap<string, Played>;
    before(async function () {
      this.timeout(120_000);
      const plays = Object.values(cases).map(({ id, theirs: options, count, steps }) => ({
        id,
        options,
        seed: 11,
        actions: someActions(count, steps),
      }));
      const played = await playGymnasium(plays);
      theirs = new Map(Object.keys(cases).map((name, k) => [name, played[k]!]));
    });

    for (const [name, { ours, count, steps }] of Object.entries(cases)) {
      it(`${name}: the same rewards, lives, ends and frames`, async function () {
        this.timeout(60_000);
        const { steps: expected, count: actions, meanings } = theirs.get(name)!;
        await withGame(ours, async (worker) => {
          expect(worker.description.action).to.deep.equal({
            count: actions,
            start: 0,
            names: meanings,
          });
          expectSame(
            await playWorker(worker, { seed: 11, actions: someActions(count, steps) }),
            expected,
          );
        });
        const ends = expected.filter(({ begins }) => begins).length - 1;
        // Pong lasts longer.
        expect(ends).to.be.at.least(name.startsWith('Pong') ? 0 : 1);
      });
    }

    it('Seaquest is truncated, Breakout terminated', () => {
      const endOf = (name: string): Step[] =>
        theirs
          .get(name)!
          .steps.filter(({ terminated, truncated }) => [terminated, truncated].includes(true));
      for (const end of endOf('Seaquest cut off after 300 frames').slice(0, 2)) {
        expect(end).to.include({ terminated: false, truncated: true });
      }
      expect(endOf('Breakout in colours')[0]).to.include({ terminated: true, truncated: false });
    });
  });

  it('show the frame before the newest, also where a game ends within a step', async function () {
    this.timeout(60_000);
    const actions = someActions(4, 400, 5);
    const shown: string[] = [];
    await withGame({ game: 'breakout', pixels: 'gray', frameSkip: 1 }, async (single) => {
      await single.resetAhead([0], [3]);
      shown.push(digest(single, 0, 'newest'));
      expect(digest(single, 0, 'previous')).to.equal(shown[0]);
      for (const action of actions) {
        for (let frame = 0; frame < 4 && single.results.terminated[0] === 0; frame += 1) {
          await single.stepAhead([0], [action]);
          expect(digest(single, 0, 'previous')).to.equal(shown.at(-1));
          shown.push(digest(single, 0, 'newest'));
        }
      }
      expect(single.results.terminated[0]).to.equal(1);
    });
    await withGame({ game: 'breakout', pixels: 'gray' }, async (worker) => {
      await worker.resetAhead([0], [3]);
      let frame = 0;
      for (const action of actions) {
        await worker.stepAhead([0], [action]);
        frame = Math.min(frame + 4, shown.length - 1);
        expect(digest(worker, 0, 'newest')).to.equal(shown[frame]);
        expect(digest(worker, 0, 'previous')).to.equal(shown[frame - 1]);
        if (worker.results.terminated[0] === 1) break;
      }
      expect(worker.results.terminated[0]).to.equal(1);
      expect(frame).to.equal(shown.length - 1);
      // Or the end within a step would not have been tried.
      expect((shown.length - 1) % 4).to.not.equal(0);
    });
  });

  it('begin with no-op steps, a frame each', async () => {
    await withGame({ game: 'breakout', pixels: 'gray', frameSkip: 1 }, async (worker) => {
      await worker.resetAhead([0], [1], [7]);
      const seen = [digest(worker, 0, 'newest'), digest(worker, 0, 'previous')];
      await worker.resetAhead([0], [1]);
      const noop = worker.description.action.names!.indexOf('NOOP');
      for (let k = 0; k < 7; k += 1) await worker.stepAhead([0], [noop]);
      expect([digest(worker, 0, 'newest'), digest(worker, 0, 'previous')]).to.deep.equal(seen);
    });
  });

  it('give the same episode for the same seed in every copy and process, and another for another', async () => {
    const play = { seed: 5, actions: someActions(6, 150) };
    const episodes: Step[][] = [];
    for (let process = 0; process < 2; process += 1) {
      await withGame(
        { game: 'pong', pixels: 'gray', sticky: 0.25 },
        async (worker) => {
          await playWorker(worker, { seed: 77, actions: [1, 2, 3] }, 1);
          episodes.push(await playWorker(worker, play, 1), await playWorker(worker, play, 0));
          const other = await playWorker(worker, { ...play, seed: 6 }, 0);
          expect(other.map(({ seen }) => seen)).to.not.deep.equal(
            episodes[0]!.map(({ seen }) => seen),
          );
        },
        2,
      );
    }
    for (const episode of episodes) expectSame(episode, episodes[0]!);
  });

  it('step some copies and leave the others as they are', async () => {
    await withGame(
      { game: 'breakout', pixels: 'gray' },
      async (worker) => {
        await worker.resetAhead([0, 1, 2], [1, 2, 3]);
        await worker.stepAhead([2, 0], [1, 1]);
        const before = digest(worker, 1, 'newest');
        const stepped = [digest(worker, 0, 'newest'), digest(worker, 2, 'newest')];
        expect(stepped[0]).to.equal(stepped[1]);
        await worker.stepAhead([2], [2]);
        expect(digest(worker, 1, 'newest')).to.equal(before);
        expect(digest(worker, 0, 'newest')).to.equal(stepped[0]);
        await worker.stepAhead([1], [1]);
        expect(digest(worker, 1, 'newest')).to.equal(stepped[0]);
      },
      3,
    );
  });

  it('have pictures in colour beside a grey observation', async () => {
    await withGame({ game: 'breakout', pixels: 'gray', picture: true }, async (worker) => {
      const { picture, observation } = worker.description;
      expect(picture).to.deep.equal([210, 160]);
      expect(observation).to.deep.equal({
        dtype: 'u8',
        shape: [210, 160],
        size: 33_600,
        low: 0,
        high: 255,
      });
      await worker.resetAhead([0], [1]);
      const rgb = new Uint8Array(210 * 160 * 3);
      const grey = new Uint8Array(210 * 160);
      for (const action of [1, 2, 2, 3]) {
        await worker.stepAhead([0], [action]);
        worker.readPicture(0, rgb);
        worker.readNewest(0, grey);
        // The emulator's own weights, Rec. 601.
        grey.forEach((value, at) => {
          const [r, g, b] = rgb.subarray(3 * at);
          expect(value).to.be.closeTo(0.299 * r! + 0.587 * g! + 0.114 * b!, 1);
        });
      }
    });
  });

  it('tell where their frames lie', async () => {
    await withGame(
      { game: 'breakout' },
      async (worker) => {
        const bytes = 210 * 160 * 3;
        expect(worker.previousAt).to.equal(bytes);
        expect(worker.slotBytes).to.equal(2 * bytes);
        expect(worker.region).to.deep.equal({ fd: worker.fd, bytes: 6 * bytes });
        expect(worker.description).to.include({ lives: 5, frames: 2, maxSteps: null });
      },
      3,
    );
  });

  const refused: Record<string, [Record<string, unknown>, string, string]> = {
    'an unknown game': [{ game: 'chess' }, 'E_ARGUMENT', "received 'chess'"],
    'a game for two': [{ game: 'combat' }, 'E_ARGUMENT', 'for one player'],
    'an unknown mode': [{ game: 'pong', mode: 77 }, 'E_ARGUMENT', 'expected 0 | 1'],
    'an unknown difficulty': [{ game: 'pong', difficulty: 9 }, 'E_ARGUMENT', 'expected 0 | 1'],
    'no frames in a step': [{ game: 'pong', frameSkip: 0 }, 'E_RANGE', 'received 0'],
    'a probability above 1': [{ game: 'pong', sticky: 1.5 }, 'E_RANGE', 'received 1.5'],
    'an unknown kind of pixels': [{ game: 'pong', pixels: 'hsv' }, 'E_ARGUMENT', 'rgb | gray'],
    'an option of no meaning': [
      { game: 'pong', frameskip: 4 },
      'E_ARGUMENT',
      "received 'frameskip'",
    ],
    'a deadline of 0': [{ game: 'pong', deadlineMs: 0 }, 'E_RANGE', 'received 0'],
  };
  for (const [what, [options, code, text]] of Object.entries(refused)) {
    it(`are refused: ${what}`, async () => {
      const error = await refusal(options as unknown as AleOptions);
      expect(error).to.include({ code });
      expect(error.message).to.contain(text);
    });
  }
});
