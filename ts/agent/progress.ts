import type { Validation } from './validation.js';

/** What an agent that plays tells at the end of every episode; plain data. */
export interface EpisodeProgress {
  /** Counted from 0, in the order in which episodes began. */
  readonly episode: number;
  /** Sum of the environment's own rewards. */
  readonly return: number;
  readonly steps: number;
  /** Of all episodes up to now, and of those that still go on. */
  readonly totalSteps: number;
  readonly updates: number;
  /** Share of random actions at the episode's last step; null for agents that draw all actions. */
  readonly epsilon: number | null;
  /** Mean over the updates since the last episode ended; null where there was none. */
  readonly loss: number | null;
  readonly meanQ: number | null;
  /** Transitions that are remembered. */
  readonly remembered: number;
  /** Mean return of the hundred episodes before this one; null while there are fewer. */
  readonly mean: number | null;
  /** The episode at which the goal was reached; null before. */
  readonly goalEpisode: number | null;
  readonly learningRate: number;
  /** Where this episode was followed by a validation. */
  readonly validation?: Validation;
}

export interface TrainOptions {
  /** Ends training between two steps, with E_CANCELLED; `checkpoint` and `train` then go on from there. */
  readonly signal?: AbortSignal | undefined;
  /** Called with what the iterator then gives. */
  readonly onProgress?: (progress: EpisodeProgress) => void;
}
