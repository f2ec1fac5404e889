import { checkNames } from '../check.js';
import type { Environment } from '../env/env.js';
import type { EnvironmentGroup } from '../env/group.js';
import type { EnvironmentClass, EnvironmentFactory, EnvironmentName } from '../env/registry.js';
import type { NoopOptions } from '../env/wrappers/index.js';
import { mismatch } from '../errors.js';

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
  /**
   * A name, or a class or function that makes one environment, called once for each episode; or copies that live elsewhere,
   * of which each takes the next episode when its own has ended.
   */
  readonly environment: EnvironmentName | EnvironmentFactory | EnvironmentClass | EnvironmentGroup;
  readonly act: Act;
  /** Number of episodes, played side by side. */
  readonly episodes: number;
  /** Episode k is reset with `seed` + k. */
  readonly seed: number;
  /** Ends every episode after so many steps, on top of the environment's own limit; without it only that counts. */
  readonly maxSteps?: number;
  /** Share of steps whose action is drawn instead of chosen (default 0). */
  readonly epsilon?: number;
  /** A random number of steps before `act` is asked, as `withNoopStarts` takes them. */
  readonly noops?: NoopOptions;
  /** Asked at every step what it would have done; its answers change nothing but `similarity`. */
  readonly compareWith?: Act;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: EvaluateProgress) => void;
  /** Told of every step before the environment takes it. */
  readonly onStep?: (step: PlayedStep) => void;
  /** Told of every episode that has ended. */
  readonly onEpisode?: (episode: PlayedEpisode) => void;
}

export interface PlayedStep {
  readonly episode: number;
  /** Steps that the episode has had before. */
  readonly step: number;
  /** What was acted on; the environment's own buffer. */
  readonly observation: Float32Array;
  readonly action: number;
  /** Whether the action was drawn instead of chosen. */
  readonly explored: boolean;
  /** In the state that was acted on. */
  readonly environment: Environment;
}

export interface PlayedEpisode {
  readonly episode: number;
  readonly return: number;
  readonly steps: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** In its last state. */
  readonly environment: Environment;
}

export interface EvaluateProgress {
  readonly finished: number;
  readonly episodes: number;
  readonly steps: number;
}

const names = [
  'environment',
  'act',
  'episodes',
  'seed',
  'maxSteps',
  'epsilon',
  'noops',
  'compareWith',
  'signal',
  'onProgress',
  'onStep',
  'onEpisode',
] as const satisfies readonly (keyof EvaluateOptions)[];

export function checkEvaluateOptions(options: EvaluateOptions): void {
  checkNames(options, names, 'evaluate option');
  const { episodes, seed, maxSteps, epsilon = 0 } = options;
  if (!Number.isSafeInteger(episodes) || episodes < 1) {
    throw mismatch('E_RANGE', 'episodes', 'a whole number of at least 1', episodes);
  }
  if (!Number.isSafeInteger(seed) || seed < 0 || !Number.isSafeInteger(seed + episodes - 1)) {
    throw mismatch('E_RANGE', 'seed', 'seed + episodes to lie from 0 to 2^53 − 1', seed);
  }
  if (maxSteps !== undefined && (!Number.isSafeInteger(maxSteps) || maxSteps < 1)) {
    throw mismatch('E_RANGE', 'maxSteps', 'a whole number of at least 1', maxSteps);
  }
  if (!(epsilon >= 0 && epsilon <= 1)) {
    throw mismatch('E_RANGE', 'epsilon', 'a number from 0 to 1', epsilon);
  }
}
