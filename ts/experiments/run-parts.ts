import type { ClassifierProgress, RecordedPlay } from '../agent/classifier.js';
import type { NetworkParameters } from '../agent/network-parameters.js';
import type { EpisodeProgress } from '../agent/progress.js';
import type { Environment } from '../env/env.js';
import type { EnvironmentGroup } from '../env/group.js';
import { SpiqError } from '../errors.js';
import type { Network } from '../network.js';
import type { Checkpoint, Run } from '../run/index.js';
import type { Experiment } from './experiment.js';
import type { RunOutcome } from './outcome.js';
import { scoreOf } from './score.js';

export type RunProgress =
  | { readonly kind: 'notice'; readonly text: string }
  | {
      readonly kind: 'episode';
      readonly told: EpisodeProgress;
      readonly episodes: number;
      /** 0 where episodes alone are counted. */
      readonly steps: number;
    }
  | { readonly kind: 'report'; readonly told: ClassifierProgress; readonly updates: number };

export interface TrainRunOptions {
  readonly experiment: Experiment;
  readonly seed: number;
  /** Where runs lie: this one in EXPERIMENT/seed-N. */
  readonly root: string;
  /** Parameters in place of the experiment's. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Of classifiers: what to learn from, in place of a teacher's play. */
  readonly recorded?: RecordedPlay;
  /** The network to begin with, in place of a random one; classifiers take none. */
  readonly network?: Network;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Whether Python packages that environments need may be installed. */
  readonly install?: boolean;
}

/** What one kind of agent does in a run, from where it stands to its end. */
export type Part<E extends Experiment> = (
  run: Run,
  experiment: E,
  checkpoint: Checkpoint | undefined,
  options: TrainRunOptions,
) => Promise<RunOutcome>;

/** A training that is broken off leaves a checkpoint. */
export async function* keptUp<T>(
  training: AsyncGenerator<T>,
  checkpoint: () => void,
): AsyncGenerator<T> {
  try {
    yield* training;
  } catch (error) {
    if (error instanceof SpiqError && error.code === 'E_CANCELLED') checkpoint();
    throw error;
  }
}

export async function scored(
  run: Run,
  epoch: number,
  network: Network,
  parameters: NetworkParameters & { readonly seed: number; readonly testEpsilon?: number },
  environment: (() => Environment) | EnvironmentGroup,
  signal: AbortSignal | undefined,
): Promise<RunOutcome['score']> {
  const { mean, std, returns, steps } = await scoreOf(network, parameters, environment, signal);
  const least = returns.reduce((a, b) => Math.min(a, b));
  const most = returns.reduce((a, b) => Math.max(a, b));
  run.recordPhase({
    epoch,
    phase: 'play',
    steps,
    nr_games: returns.length,
    average_reward: mean,
    min_game_reward: least,
    max_game_reward: most,
    return_std: std ?? undefined,
  });
  return { mean, std: std!, least };
}

export function about(
  run: Run,
  { name, agent }: Experiment,
): Pick<RunOutcome, 'experiment' | 'agent' | 'seed'> {
  return { experiment: name, agent, seed: run.seed };
}
