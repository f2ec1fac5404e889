import type { Environment } from '../env/env.js';
import type { EnvironmentGroup } from '../env/group.js';
import { seedOf, streams } from '../env/philox.js';
import { argmaxRows } from './argmax.js';
import { evaluate } from './evaluate.js';

/** Validations of one run share their seeds, so that networks are compared on equal terms. */
export interface ValidationOptions {
  /** Makes an environment with this time limit; or copies that have it. */
  readonly environment: (() => Environment) | EnvironmentGroup;
  /** Outputs of the network for rows of observations, of so many at a time that the event loop does not wait long. */
  readonly values: (observations: Float32Array) => Float32Array;
  readonly rowsAtOnce: number;
  readonly seed: number;
  readonly validateEpisodes: number;
  readonly confirmEpisodes: number;
  readonly stopScore: number | null;
  readonly testEpsilon: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Validation {
  /** Mean return of `validateEpisodes` greedy episodes. */
  readonly mean: number;
  /** Mean return of `confirmEpisodes` others, played where `stopScore` was reached; null elsewhere. */
  readonly confirmed: number | null;
}

/** Greedy episodes of their own seeds, which training never sees and scores are not taken from. */
export async function validate(options: ValidationOptions): Promise<Validation> {
  const { environment, seed, stopScore, testEpsilon: epsilon, signal } = options;
  const play = async (episodes: number, index: number): Promise<number> => {
    const { mean } = await evaluate({
      environment,
      act: (observations, rows) => actions(options, observations, rows),
      episodes,
      seed: seedOf(seed, streams.validation, index),
      epsilon,
      ...(signal && { signal }),
    });
    return mean;
  };
  const mean = await play(options.validateEpisodes, 0);
  const promising = stopScore !== null && mean >= stopScore;
  return { mean, confirmed: promising ? await play(options.confirmEpisodes, 1) : null };
}

async function actions(
  { values, rowsAtOnce }: ValidationOptions,
  observations: Float32Array,
  rows: number,
): Promise<Int32Array> {
  const width = observations.length / rows;
  const chosen = new Int32Array(rows);
  for (let row = 0; row < rows; row += rowsAtOnce) {
    if (row > 0) await new Promise((resolve) => setImmediate(resolve));
    const end = Math.min(row + rowsAtOnce, rows);
    const some = observations.subarray(row * width, end * width);
    chosen.set(argmaxRows(values(some), end - row), row);
  }
  return chosen;
}
