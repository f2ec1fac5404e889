import type { Environment } from '../env/env.js';
import { streams, uniformsOf } from '../env/philox.js';
import { isGroup } from '../env/group.js';
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
  /** Which of the stage's copies it has. */
  readonly copy: number;
  readonly environment: Environment;
  /** The action drawn for a step, undefined where it is to be chosen. */
  readonly draw: (step: number) => number | undefined;
  observation: Float32Array;
  steps: number;
  earned: number;
}

/** The longest that synchronous policies keep the event loop from serving timers and signals. */
const breathEveryMilliseconds = 10;

/**
 * Plays episodes in lockstep; finished ones leave the batch, so it shrinks towards the end. Copies of a group take the next
 * episode first, as long as there is one.
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  checkEvaluateOptions(options);
  const { episodes, maxSteps = Infinity, signal, onProgress, onStep } = options;
  refuseIfCancelled(signal);
  const begin = performance.now();
  const stage = stageOf(options);
  const all: Episode[] = [];
  const start = async (copies: readonly number[]): Promise<Episode[]> => {
    const next = copies.slice(0, episodes - all.length);
    const started = await stage.begin(next, all.length);
    all.push(...started);
    return started;
  };
  let running = await start(Array.from({ length: stage.atOnce }, (_, copy) => copy));
  const size = running[0]!.environment.observationSpace.size;
  const batch = new Float32Array(running.length * size);
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
    const actions = running.map((episode, row) => {
      const drawn = episode.draw(episode.steps);
      if (drawn !== undefined) explored += 1;
      else if (others) {
        compared += 1;
        equal += Number(chosen[row] === others[row]);
      }
      const action = drawn ?? chosen[row]!;
      const { index, environment, observation, steps: step } = episode;
      const isDrawn = drawn !== undefined;
      onStep?.({ episode: index, step, observation, action, explored: isDrawn, environment });
      return action;
    });
    await stage.ahead(running, actions);
    const ended: Episode[] = [];
    running = running.filter((episode, row) => {
      const goesOn = take(episode, actions[row]!, maxSteps, options);
      if (!goesOn) ended.push(episode);
      return goesOn;
    });
    steps += rows;
    if (ended.length > 0) {
      const unplayed = episodes - all.length;
      const finished = all.length - running.length;
      onProgress?.({ finished, episodes, steps });
      if (unplayed > 0) running.push(...(await start(ended.map(({ copy }) => copy))));
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

/** Where episodes are played. */
interface Stage {
  readonly atOnce: number;
  /** Starts episodes from number `first` on, one in each of the copies. */
  begin(copies: readonly number[], first: number): Episode[] | Promise<Episode[]>;
  /** What has to come before the episodes' own steps. */
  ahead(running: readonly Episode[], actions: readonly number[]): Promise<void> | undefined;
}

function stageOf(options: EvaluateOptions): Stage {
  const { environment, episodes, seed, epsilon = 0, noops } = options;
  const started = (made: Environment, copy: number, index: number): Episode => ({
    index,
    copy,
    environment: made,
    draw: explorer(seed + index, epsilon, made.actionSpace.count),
    observation: made.reset(seed + index),
    steps: 0,
    earned: 0,
  });
  if (!isGroup(environment)) {
    const make = factoryOf(environment);
    const one = (): Environment => (noops === undefined ? make() : withNoopStarts(make(), noops));
    return {
      atOnce: episodes,
      begin: (copies, first) => copies.map((copy, k) => started(one(), copy, first + k)),
      ahead: () => undefined,
    };
  }
  if (noops !== undefined) {
    throw mismatch('E_UNSUPPORTED', 'noops', 'none with copies that live elsewhere', noops);
  }
  return {
    atOnce: Math.min(environment.environments.length, episodes),
    begin: async (copies, first) => {
      const seeds = copies.map((_, k) => seed + first + k);
      await environment.reset(copies, seeds);
      return copies.map((copy, k) => started(environment.environments[copy]!, copy, first + k));
    },
    ahead: (running, actions) =>
      environment.step(
        running.map(({ copy }) => copy),
        actions,
      ),
  };
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
  maxSteps: number,
  { onEpisode }: EvaluateOptions,
): boolean {
  const { index, environment } = episode;
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
