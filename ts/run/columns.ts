/** A phase of training as the original's statistics name it. */
export const phases = ['random', 'train', 'test', 'play'] as const;
export type PhaseName = (typeof phases)[number];

/**
 * The sixteen columns that the original's CSV has, in its order, so that either side's tools plot the other's files.
 * docs/runs.md defines each, and says which of them the original measured otherwise.
 */
export const publishedColumns = [
  'epoch',
  'phase',
  'steps',
  'nr_games',
  'average_reward',
  'min_game_reward',
  'max_game_reward',
  'last_exploration_rate',
  'total_train_steps',
  'replay_memory_count',
  'meanq',
  'meancost',
  'weight_updates',
  'total_time',
  'epoch_time',
  'steps_per_second',
] as const;

export const ownColumns = [
  'seed',
  'total_games',
  'return_std',
  'mean_game_steps',
  'learning_rate',
  'spikes_per_observation',
  'accuracy',
] as const;

export const episodeColumns = [
  'episode',
  'steps',
  'return',
  'total_steps',
  'seconds',
  'epsilon',
] as const;

export type NumericColumn =
  Exclude<(typeof publishedColumns)[number], 'phase'> | (typeof ownColumns)[number];

/** A row of metrics.csv under its columns' names; what is left out was not measured and stays empty. */
export type PhaseRow = { readonly epoch: number; readonly phase: PhaseName } & Readonly<
  Partial<Record<NumericColumn, number | undefined>>
> &
  Readonly<Record<string, number | string | undefined>>;

/** A row of episodes.csv. */
export interface EpisodeRow {
  /** Counted from 1. */
  readonly episode: number;
  readonly steps: number;
  readonly return: number;
  /** Training steps up to this episode's end. */
  readonly totalSteps: number;
  /** Wall time of training up to here; the run's own clock where left out. */
  readonly seconds?: number;
  readonly epsilon?: number | undefined;
}
