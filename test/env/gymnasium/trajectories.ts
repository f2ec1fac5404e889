import { expect } from 'chai';
import { createHash } from 'node:crypto';
import type { EnvironmentWorker } from '../../../ts/index.js';
import { askGym } from '../../support/python.js';

/** What test/env/gymnasium/play_gymnasium.py plays. */
export interface Play {
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly actions: readonly number[];
}

export interface Step {
  readonly begins: boolean;
  /** SHA-256 of the observation's bytes. */
  readonly seen: string;
  readonly reward?: number;
  readonly terminated?: boolean;
  readonly truncated?: boolean;
  readonly lives: number;
}

export interface Played {
  readonly steps: readonly Step[];
  readonly count: number;
  readonly meanings: readonly string[];
}

export async function playGymnasium(plays: readonly Play[]): Promise<readonly Played[]> {
  return (await askGym('env/gymnasium/play_gymnasium.py', plays)) as readonly Played[];
}

/** Of a copy, bytes of the type that the environment has. */
export function digest(
  worker: EnvironmentWorker,
  copy: number,
  what: 'newest' | 'previous',
): string {
  const { size, dtype } = worker.description.observation;
  const bytes = new Uint8Array(size * { f32: 4, f64: 8, i32: 4, u32: 4, u16: 2, u8: 1 }[dtype]);
  if (what === 'newest') worker.readNewest(copy, bytes);
  else worker.readPrevious(copy, bytes);
  return createHash('sha256').update(bytes).digest('hex');
}

/** The same in the worker, in one of its copies; `again`: the seed of episodes after the first. */
export async function playWorker(
  worker: EnvironmentWorker,
  { seed, actions }: Pick<Play, 'seed' | 'actions'>,
  copy = 0,
  again: number | null = null,
): Promise<Step[]> {
  const begin = async (from: number | null): Promise<Step> => {
    const { lives } = await worker.resetAhead([copy], [from]);
    return { begins: true, seen: digest(worker, copy, 'newest'), lives: lives[copy]! };
  };
  const steps = [await begin(seed)];
  for (const action of actions) {
    const results = await worker.stepAhead([copy], [action]);
    const [terminated, truncated] = [results.terminated[copy] === 1, results.truncated[copy] === 1];
    steps.push({
      begins: false,
      seen: digest(worker, copy, 'newest'),
      reward: results.rewards[copy]!,
      terminated,
      truncated,
      lives: results.lives[copy]!,
    });
    if (terminated || truncated) steps.push(await begin(again));
  }
  return steps;
}

export function expectSame(ours: readonly Step[], theirs: readonly Step[]): void {
  expect(ours.length).to.equal(theirs.length);
  ours.forEach((step, k) => expect(step, `step ${k}`).to.deep.equal(theirs[k]));
}

/** Actions that wander through all there are, the same for the same start. */
export function someActions(count: number, length: number, start = 1): number[] {
  let state = start;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * count);
  });
}
