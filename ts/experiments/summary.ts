import { mean, sampleDeviation } from '../agent/statistics.js';
import type { Experiment, PublishedResult } from './experiment.js';
import { experimentNamed } from './index.js';
import type { RunOutcome } from './outcome.js';

/** An experiment over its seeds; plain data. */
export interface ExperimentSummary {
  readonly experiment: string;
  readonly summary: string;
  readonly seeds: readonly number[];
  /** Mean over the seeds of the mean of 100 greedy episodes, and its deviation over the seeds. */
  readonly score: { readonly mean: number; readonly std: number | null };
  readonly scores: readonly number[];
  /** Runs that reached the goal, and the mean number of the episode at which they did. */
  readonly goal: {
    readonly reached: number;
    readonly runs: number;
    readonly episode: number | null;
  };
  /** Highest mean return of 100 training episodes, and the episode: means over the runs. */
  readonly best: { readonly mean: number; readonly episode: number } | null;
  readonly classified: { readonly loss: number; readonly accuracy: number } | null;
  readonly episodes: number;
  readonly steps: number;
  readonly updates: number;
  /** Wall time of a run: mean and longest. */
  readonly seconds: { readonly mean: number; readonly longest: number };
  readonly published: PublishedResult | null;
  /** The published experiment that it is held against. */
  readonly against: string | null;
}

export function summarise(experiment: Experiment, runs: readonly RunOutcome[]): ExperimentSummary {
  const scores = runs.map(({ score }) => score.mean);
  const reached = runs.flatMap(({ goalEpisode }) => (goalEpisode === null ? [] : [goalEpisode]));
  const bests = runs.flatMap(({ best }) => (best === null ? [] : [best]));
  const classified = runs.flatMap((run) => (run.classified === null ? [] : [run.classified]));
  const over = <T>(all: readonly T[], value: (one: T) => number): number => mean(all.map(value));
  const against = experiment.against;
  return {
    experiment: experiment.name,
    summary: experiment.summary,
    seeds: runs.map(({ seed }) => seed),
    score: { mean: mean(scores), std: sampleDeviation(scores) },
    scores,
    goal: {
      reached: reached.length,
      runs: runs.length,
      episode: reached.length > 0 ? mean(reached) : null,
    },
    best:
      bests.length > 0
        ? { mean: over(bests, (best) => best.mean), episode: over(bests, (best) => best.episode) }
        : null,
    classified:
      classified.length > 0
        ? {
            loss: over(classified, ({ loss }) => loss),
            accuracy: over(classified, ({ accuracy }) => accuracy),
          }
        : null,
    episodes: over(runs, ({ episodes }) => episodes),
    steps: over(runs, ({ steps }) => steps),
    updates: over(runs, ({ updates }) => updates),
    seconds: {
      mean: over(runs, ({ seconds }) => seconds),
      longest: runs.reduce((longest, { seconds }) => Math.max(longest, seconds), 0),
    },
    published:
      (against === undefined ? experiment.published : experimentNamed(against).published) ?? null,
    against: against ?? null,
  };
}
