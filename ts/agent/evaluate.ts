import type { Environment } from '../env/env.js';
import { SpiqError, mismatch, phrase } from '../errors.js';
import { mean, sampleDeviation } from './statistics.js';

/**
 * Chooses one action for each of `rows` observations that lie one after the other. The observations are a
 * buffer that the next step overwrites: they may be read until the returned promise settles.
 */
export type Act = (
  observations: Float32Array,
  rows: number,
  /** Which episode each row belongs to, for policies that remember; left out, row k is episode k. */
  episodes?: readonly number[],
) => Int32Array | Promise<Int32Array>;

export interface EvaluateOptions {
  /** Makes one environment; called once for each episode. */
  readonly environment: () => Environment;
  readonly act: Act;
  /** Number of episodes, all played side by side. */
  readonly episodes: number;
  /** Episode k is reset with `seed` + k. */
  readonly seed: number;
  /** Ends every episode after so many steps, on top of the environment's own limit; without it only that counts. */
  readonly maxSteps?: number;
  /** Asked at every step what it would have done; its answers change nothing but `similarity`. */
  readonly compareWith?: Act;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EvaluateProgress) => void;
}

export interface EvaluateProgress {
  readonly finished: number;
  readonly episodes: number;
  readonly steps: number;
}

export interface Evaluation {
  /** Sum of rewards of each episode, in the order of the seeds. */
  readonly returns: readonly number[];
  readonly mean: number;
  /** Sample standard deviation (n − 1); null for a single episode. */
  readonly std: number | null;
  /** std / √episodes; null for a single episode. */
  readonly standardError: number | null;
  /** Share of steps at which `compareWith` chose the same action; null without it. */
  readonly similarity: number | null;
  /** Steps of all episodes together: as many as observations acted on. */
  readonly steps: number;
  /** The whole evaluation, environments and comparison included. */
  readonly seconds: number;
  /** `steps` over the time spent inside `act` alone. */
  readonly observationsPerSecond: number;
}

interface Episode {
  readonly index: number;
  readonly environment: Environment;
  observation: Float32Array;
  steps: number;
}

/** The longest that synchronous policies keep the event loop from serving timers and signals. */
const breathEveryMilliseconds = 10;

/** Plays all episodes in lockstep; finished ones leave the batch, so it shrinks towards the end. */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  check(options);
  const { episodes, maxSteps = Infinity, signal, onProgress } = options;
  refuseIfCancelled(signal);
  const begin = performance.now();
  const returns = new Array<number>(episodes).fill(0);
  let running = startEpisodes(options);
  const size = running[0]!.environment.observationSpace.size;
  const batch = new Float32Array(episodes * size);
  let steps = 0;
  let equal = 0;
  let actMilliseconds = 0;
  let lastBreath = begin;

  while (running.length > 0) {
    const rows = running.length;
    running.forEach((episode, row) => batch.set(episode.observation, row * size));
    const observations = batch.subarray(0, rows * size);
    const indices = running.map(({ index }) => index);
    const before = performance.now();
    const actions = await ask('act', options.act, observations, indices);
    actMilliseconds += performance.now() - before;
    if (options.compareWith) {
      const others = await ask('compareWith', options.compareWith, observations, indices);
      equal += actions.reduce((sum, action, row) => sum + (action === others[row] ? 1 : 0), 0);
    }
    running = running.filter((episode, row) => {
      const result = episode.environment.step(actions[row]!);
      episode.observation = result.observation;
      episode.steps += 1;
      returns[episode.index] = returns[episode.index]! + result.reward;
      return !result.terminated && !result.truncated && episode.steps < maxSteps;
    });
    steps += rows;
    if (running.length < rows) {
      onProgress?.({ finished: episodes - running.length, episodes, steps });
    }
    if (performance.now() - lastBreath > breathEveryMilliseconds) {
      await new Promise((resolve) => setImmediate(resolve));
      lastBreath = performance.now();
    }
    refuseIfCancelled(signal);
  }

  const std = sampleDeviation(returns);
  return {
    returns,
    mean: mean(returns),
    std,
    standardError: std === null ? null : std / Math.sqrt(episodes),
    similarity: options.compareWith ? equal / steps : null,
    steps,
    seconds: (performance.now() - begin) / 1000,
    observationsPerSecond: steps / (actMilliseconds / 1000),
  };
}

function startEpisodes({ environment, episodes, seed }: EvaluateOptions): Episode[] {
  return Array.from({ length: episodes }, (_, index) => {
    const copy = environment();
    return { index, environment: copy, observation: copy.reset(seed + index), steps: 0 };
  });
}

async function ask(
  name: string,
  act: Act,
  observations: Float32Array,
  episodes: readonly number[],
): Promise<Int32Array> {
  const rows = episodes.length;
  const actions = await act(observations, rows, episodes);
  if (!(actions instanceof Int32Array)) {
    throw mismatch('E_ARGUMENT', `result of ${name}`, 'an Int32Array', actions);
  }
  if (actions.length !== rows) {
    throw mismatch('E_SHAPE', `result of ${name}`, `${rows} actions`, phrase(`${actions.length}`));
  }
  return actions;
}

function refuseIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new SpiqError('E_CANCELLED', 'evaluate: expected to finish, received an abort signal', {
      cause: signal.reason,
    });
  }
}

function check({ episodes, seed, maxSteps }: EvaluateOptions): void {
  if (!Number.isSafeInteger(episodes) || episodes < 1) {
    throw mismatch('E_RANGE', 'episodes', 'a whole number of at least 1', episodes);
  }
  if (!Number.isSafeInteger(seed) || seed < 0 || !Number.isSafeInteger(seed + episodes - 1)) {
    throw mismatch('E_RANGE', 'seed', 'seed + episodes to lie from 0 to 2^53 − 1', seed);
  }
  if (maxSteps !== undefined && (!Number.isSafeInteger(maxSteps) || maxSteps < 1)) {
    throw mismatch('E_RANGE', 'maxSteps', 'a whole number of at least 1', maxSteps);
  }
}
