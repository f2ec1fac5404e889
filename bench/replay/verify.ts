import { alpha, errors } from './trials.js';
import type { ReplayTrial } from './trials.js';

export const checkedBatches = 500;

/** Where the rows of `checkedBatches` batches came from. */
export interface Draws {
  /** Mean number of the observation, as a share of all transitions. */
  readonly place: number;
  /** Share of rows from observations with an odd number. */
  readonly odd: number;
}

/** Standard deviations that a mean of so many draws may be off. */
const mostDeviations = 5;

/** Throws unless rows come from everywhere alike, and odd ones as often as their priorities say. */
export function verifyDraws({ place, odd }: Draws, trial: ReplayTrial, who: string): void {
  const { transitions, batch, episode, kind } = trial;
  const draws = checkedBatches * batch;
  // Each episode has one observation more than transitions.
  const middle = (0.5 * (transitions + transitions / episode)) / transitions;
  expectNear(place, middle, 1 / Math.sqrt(12 * draws), `${who}: mean place of the rows`);
  const wanted = kind === 'prioritised' ? shareOfOdd() : 0.5;
  const deviation = Math.sqrt((wanted * (1 - wanted)) / draws);
  expectNear(odd, wanted, deviation, `${who}: share of odd rows`);
}

export function shareOfOdd(): number {
  const [even, odd] = [errors.even ** alpha, errors.odd ** alpha];
  return odd / (even + odd);
}

function expectNear(value: number, wanted: number, deviation: number, what: string): void {
  if (Math.abs(value - wanted) <= mostDeviations * deviation) return;
  throw new Error(`${what}: ${value} in place of ${wanted} ± ${deviation}`);
}
