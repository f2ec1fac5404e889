import { mismatch } from '../errors.js';

/** Type of the states of a batch: bytes only where frames are stored as `uint8` or `bits`. */
export type StateType = 'float32' | 'uint8';

export type States<T extends StateType> = T extends 'uint8' ? Uint8Array : Float32Array;

/** Sampled transitions, row after row. */
export interface ReplayBatch<T extends StateType = 'float32'> {
  readonly rows: number;
  /** [rows][stateSize] */
  readonly states: States<T>;
  readonly actions: Int32Array;
  /** Rewards of n steps, or of fewer at an episode's end, each times its power of gamma. */
  readonly returns: Float32Array;
  /** [rows][stateSize] */
  readonly nextStates: States<T>;
  /** What the next state's value is worth: gamma to the number of steps, 0 where the task ended. */
  readonly discounts: Float32Array;
  /** Importance weights, the largest 1; all 1 under uniform sampling. */
  readonly weights: Float32Array;
  /** Of each draw. */
  readonly probabilities: Float32Array;
  /** By which priorities are set: whole numbers that no other transition of this memory ever has. */
  readonly indices: Float64Array;
}

export function emptyBatch<T extends StateType>(
  rows: number,
  stateSize: number,
  type: T,
): ReplayBatch<T> {
  if (!Number.isSafeInteger(rows) || rows < 1)
    throw mismatch('E_RANGE', 'rows of a batch', 'a whole number above 0', rows);
  const states = (): States<T> =>
    (type === 'uint8'
      ? new Uint8Array(rows * stateSize)
      : new Float32Array(rows * stateSize)) as States<T>;
  return {
    rows,
    states: states(),
    actions: new Int32Array(rows),
    returns: new Float32Array(rows),
    nextStates: states(),
    discounts: new Float32Array(rows),
    weights: new Float32Array(rows),
    probabilities: new Float32Array(rows),
    indices: new Float64Array(rows),
  };
}
