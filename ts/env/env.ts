/** Real-valued vectors of `size` numbers, each between its `low` and `high` (which may be infinite). */
export interface BoxSpace {
  readonly kind: 'box';
  readonly size: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Of images: [channels, rows, columns], the order in which the numbers lie. */
  readonly shape?: readonly number[];
}

/** Whole numbers from 0 to `count` − 1. */
export interface DiscreteSpace {
  readonly kind: 'discrete';
  readonly count: number;
  /** What each action does. */
  readonly names?: readonly string[];
  /** The action that does least, 0 if left out: for steps before an agent is asked. */
  readonly noop?: number;
}

export interface StepResult {
  /** The environment's own buffer: the next `step` or `reset` overwrites it. */
  readonly observation: Float32Array;
  readonly reward: number;
  /** The task itself ended: nothing of value lies beyond this observation. */
  readonly terminated: boolean;
  /** A time limit cut the episode off; can be true together with `terminated`. */
  readonly truncated: boolean;
  /** One of several lives was lost; the episode may go on. */
  readonly lifeLost?: boolean;
}

/** A picture: rows from the top, three bytes (red, green, blue) for each pixel. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What `save` gives: plain data that JSON keeps. */
export type Saved = boolean | number | string | null | readonly Saved[] | SavedFields;
export interface SavedFields {
  readonly [name: string]: Saved;
}

/** One copy of a task. Call `reset` first, then `step` until the episode is terminated or truncated. */
export interface Environment {
  readonly observationSpace: BoxSpace;
  readonly actionSpace: DiscreteSpace;
  /**
   * Starts an episode and returns its first observation, in a buffer that the next call overwrites. A seed
   * restarts the generator; without one the generator continues, and the very first reset uses seed 0.
   */
  reset(seed?: number): Float32Array;
  step(action: number): StepResult;
  /** The episode as it stands, drawn. */
  render?(): Frame;
  /** Episode and generator as they stand: after `restore` everything goes on as it would have. */
  save?(): Saved;
  /** Takes up what `save` gave, also in another process, and returns the observation to act on. */
  restore?(saved: Saved): Float32Array;
}

/**
 * `count` independent copies stepped by one call, with **same-step autoreset**: when a copy's episode ends
 * in a step, that very step also starts its next episode. Then `observations` holds the new episode's
 * first observation, `finalObservations` the one the old episode ended with, and `rewards`, `terminated`,
 * `truncated` and `livesLost` still speak of the old episode. No action is ever ignored.
 *
 * All arrays belong to the environment and are overwritten by `step` and `reset`; copy what must stay.
 * Row k of a two-dimensional one starts at k × observationSpace.size.
 */
export interface VectorEnvironment {
  readonly count: number;
  readonly observationSpace: BoxSpace;
  readonly actionSpace: DiscreteSpace;
  /** [count, size]: what to act on next. */
  readonly observations: Float32Array;
  /** [count, size]: equals `observations` in rows whose episode goes on. */
  readonly finalObservations: Float32Array;
  /** [count], of the last step. */
  readonly rewards: Float64Array;
  /** [count], 1 where the last step ended the task. */
  readonly terminated: Uint8Array;
  /** [count], 1 where the last step reached the time limit. */
  readonly truncated: Uint8Array;
  /** [count], 1 where the last step cost a life; 0 throughout in tasks without lives. */
  readonly livesLost: Uint8Array;
  /** Starts an episode in every copy; `seeds` holds one seed for each. Without seeds the generators continue. */
  reset(seeds?: readonly number[]): void;
  step(actions: ArrayLike<number>): void;
  /** All copies as they stand; refused (`E_UNSUPPORTED`) where the environment cannot be saved. */
  save(): Saved;
  restore(saved: Saved): void;
}
