import type { TrialAbout } from '../compare/trial.js';

/** Batches drawn from a full memory whose contents tell which transition each row is. */
export interface ReplayTrial extends TrialAbout {
  readonly kind: 'uniform' | 'prioritised' | 'frames';
  readonly transitions: number;
  readonly batch: number;
  /** Steps of an episode. */
  readonly episode: number;
}

const rows = { transitions: 100_000, batch: 32, episode: 200, target: 3 } as const;

export const trials: readonly ReplayTrial[] = [
  { ...rows, name: 'replay/uniform', kind: 'uniform' },
  { ...rows, name: 'replay/prioritised', kind: 'prioritised' },
  // States and next states of four frames of 84 × 84 bytes, from one episode, since not every peer knows more.
  { ...rows, name: 'replay/frames', kind: 'frames', transitions: 20_000, episode: 20_000 },
];

export const replayUnit = 'batches/s';

/** Floats of an observation, or the sides and number of the frames. */
export const floats = 4;
export const side = 84;
export const stack = 4;
export const alpha = 0.6;
export const beta = 0.4;
/** Errors of transitions from even and from odd observations. */
export const errors = { even: 1, odd: 8 } as const;
