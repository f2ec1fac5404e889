import { mean } from './statistics.js';

/** Episodes whose mean return is looked at. */
export const goalWindow = 100;

/** What an agent remembers of its returns; plain data. */
export interface GoalState {
  readonly recent: readonly number[];
  readonly bestMean: number | null;
  readonly bestEpisode: number | null;
  /** Episodes in a row at which the mean was high enough. */
  readonly stay: number;
  /** The episode at which it had been for as long as asked. */
  readonly reached: number | null;
}

export const freshGoal: GoalState = {
  recent: [],
  bestMean: null,
  bestEpisode: null,
  stay: 0,
  reached: null,
};

export interface GoalStep {
  readonly state: GoalState;
  /** Of the hundred episodes before this one; null while there are fewer. */
  readonly mean: number | null;
  readonly isBest: boolean;
  readonly isReached: boolean;
}

/**
 * The published bookkeeping: at the end of an episode the mean of the 100 episodes before it counts, without its own
 * return; the best network is that of the highest mean, the trained one that of the first time the mean has been at
 * the goal for `stay` episodes in a row.
 */
export function watchGoal(
  before: GoalState,
  episode: number,
  earned: number,
  { goal, goalStay }: { readonly goal: number | null; readonly goalStay: number },
): GoalStep {
  const full = before.recent.length === goalWindow;
  const average = full ? mean(before.recent) : null;
  const isBest = average !== null && (before.bestMean === null || average > before.bestMean);
  const stay = average !== null && goal !== null && average >= goal ? before.stay + 1 : 0;
  const isReached = before.reached === null && stay >= goalStay;
  const state: GoalState = {
    recent: [...before.recent.slice(full ? 1 : 0), earned],
    bestMean: isBest ? average : before.bestMean,
    bestEpisode: isBest ? episode : before.bestEpisode,
    stay,
    reached: isReached ? episode : before.reached,
  };
  return { state, mean: average, isBest, isReached };
}
