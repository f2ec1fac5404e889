import type { Environment } from '../env/env.js';
import { streams, uniformsOf } from '../env/philox.js';
import { factoryOf } from '../env/registry.js';
import { withNoopStarts } from '../env/wrappers/index.js';
import { SpiqError, mismatch, phrase } from '../errors.js';
import { checkEvaluateOptions } from './evaluate-options.js';
import type { Act, EvaluateOptions } from './evaluate-options.js';
import { mean, sampleDeviation } from './statistics.js';

export type {
  Act,
  EvaluateOptions,
  EvaluateProgress,
  PlayedEpisode,
  PlayedStep,
} from './evaluate-options.js';

export interface Evaluation {
  /** Sum of rewards of each episode, in the order of the seeds. */
  readonly returns: readonly number[];
  /** Steps of each episode. */
  readonly lengths: readonly number[];
  readonly mean: number;
  /** Sample standard deviation (n − 1); null for a single episode. */
  readonly std: number | null;
  /** std / √episodes; null for a single episode. */
  readonly standardError: number | null;
  /** Share of chosen actions that `compareWith` would have chosen too; null without it, or where all were drawn. */
  readonly similarity: number | null;
  /** Steps of all episodes together: as many as observations acted on. */
  readonly steps: number;
  /** Steps among them whose action was drawn. */
  readonly explored: number;
  /** The whole evaluation, environments and comparison included. */
  readonly seconds: number;
  /** `steps` over the time spent inside `act` alone. */
  readonly observationsPerSecond: number;
}

interface Episode {
  readonly index: number;
  readonly environment: Environment;
  /** The action drawn for a step, undefined where it is to be chosen. */
  readonly draw: (step: number) => number | undefined;
  observation: Float32Array;
  steps: number;
  earned: number;
}

/** The longest that synchronous policies keep the event loop from serving timers and signals. */
const breathEveryMilliseconds = 10;

/** Plays all episodes in lockstep; finished ones leave the batch, so it shrinks towards the end. */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  checkEvaluateOptions(options);
  const { episodes, maxSteps = Infinity, signal, onProgress } = options;
  refuseIfCancelled(signal);
  const begin = performance.now();
  const all = startEpisodes(options);
  let running = all;
  const size = running[0]!.environment.observationSpace.size;
  const batch = new Float32Array(episodes * size);
  let [steps, explored, compared, equal] = [0, 0, 0, 0];
  let actMilliseconds = 0;
  let lastBreath = begin;

  while (running.length > 0) {
    const rows = running.length;
    running.forEach((episode, row) => batch.set(episode.observation, row * size));
    const observations = batch.subarray(0, rows * size);
    const indices = running.map(({ index }) => index);
    const before = performance.now();
    const chosen = await ask('act', options.act, observations, indices);
    actMilliseconds += performance.now() - before;
    const others =
      options.compareWith && (await ask('compareWith', options.compareWith, observations, indices));
    running = running.filter((episode, row) => {
      const drawn = episode.draw(episode.steps);
      if (drawn !== undefined) explored += 1;
      else if (others) {
        compared += 1;
        equal += Number(chosen[row] === others[row]);
      }
      return take(episode, drawn ?? chosen[row]!, drawn !== undefined, maxSteps, options);
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

  const returns = all.map(({ earned }) => earned);
  const std = sampleDeviation(returns);
  return {
    returns,
    lengths: all.map((episode) => episode.steps),
    mean: mean(returns),
    std,
    standardError: std === null ? null : std / Math.sqrt(episodes),
    similarity: compared === 0 ? null : equal / compared,
    steps,
    explored,
    seconds: (performance.now() - begin) / 1000,
    observationsPerSecond: steps / (actMilliseconds / 1000),
  };
}

function startEpisodes(options: EvaluateOptions): Episode[] {
  const { environment, episodes, seed, epsilon = 0, noops } = options;
  const make = factoryOf(environment);
  return Array.from({ length: episodes }, (_, index) => {
    const made = noops === undefined ? make() : withNoopStarts(make(), noops);
    return {
      index,
      environment: made,
      draw: explorer(seed + index, epsilon, made.actionSpace.count),
      observation: made.reset(seed + index),
      steps: 0,
      earned: 0,
    };
  });
}

/** What is drawn for a step depends on the episode's own seed and the step alone. */
function explorer(seed: number, epsilon: number, actions: number): Episode['draw'] {
  if (epsilon === 0) return () => undefined;
  const random = uniformsOf(seed, streams.exploration);
  return (step) =>
    random(0, step, 0) < epsilon ? Math.floor(random(0, step, 1) * actions) : undefined;
}

/** Takes a step and tells whether the episode goes on. */
function take(
  episode: Episode,
  action: number,
  explored: boolean,
  maxSteps: number,
  { onStep, onEpisode }: EvaluateOptions,
): boolean {
  const { index, environment, observation, steps } = episode;
  onStep?.({ episode: index, step: steps, observation, action, explored, environment });
  const result = environment.step(action);
  episode.observation = result.observation;
  episode.steps += 1;
  episode.earned += result.reward;
  const { terminated } = result;
  const truncated = result.truncated || episode.steps >= maxSteps;
  if (!terminated && !truncated) return true;
  onEpisode?.({
    episode: index,
    return: episode.earned,
    steps: episode.steps,
    terminated,
    truncated,
    environment,
  });
  return false;
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
