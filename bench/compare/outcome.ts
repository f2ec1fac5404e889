import type { Spread } from '../statistics.js';
import type { Work } from '../simulate/work.js';
import type { TrialAbout } from './trial.js';

/** What a trial's process reports. Rates are medians in `unit`. */
export interface Outcome {
  readonly name: string;
  readonly unit: string;
  readonly spiq: number | null;
  /** The counted peers, whose best `ratio` is to. */
  readonly peers: Readonly<Record<string, number>>;
  readonly beside: Readonly<Record<string, number>>;
  readonly ratio: number | null;
  readonly target: number | null;
  readonly besideTargets: Readonly<Record<string, number>>;
  readonly spread: Readonly<Record<string, Spread>>;
  readonly versions: Readonly<Record<string, string>>;
  /** Whose outputs were compared with ours and agreed. */
  readonly verified: readonly string[];
  /** By peer, or `trial` for what ended the trial. */
  readonly errors: Readonly<Record<string, string>>;
  /** Of simulations: spikes for each unit and step, by hidden layer, and the least work of a call. */
  readonly activity: readonly number[];
  readonly work: Work | null;
}

export function bestPeer({ peers }: Outcome): readonly [name: string, rate: number] | undefined {
  return Object.entries(peers).sort(([, a], [, b]) => b - a)[0];
}

/** With the best counted peer, and with those beside it that have a target. */
export interface Comparison {
  readonly trial: string;
  readonly against: string;
  readonly ratio: number | null;
  readonly target: number | null;
}

export function comparisons(outcome: Outcome): Comparison[] {
  const { name, spiq, ratio, target, beside, besideTargets } = outcome;
  const best = bestPeer(outcome)?.[0] ?? 'best peer';
  return [
    { trial: name, against: best, ratio, target },
    ...Object.entries(besideTargets).map(([peer, wanted]) => ({
      trial: name,
      against: peer,
      ratio: spiq === null || beside[peer] === undefined ? null : spiq / beside[peer],
      target: wanted,
    })),
  ];
}

export function failedOutcome(trial: TrialAbout, unit: string, message: string): Outcome {
  return {
    name: trial.name,
    unit,
    spiq: null,
    peers: {},
    beside: {},
    ratio: null,
    target: trial.target,
    besideTargets: trial.besideTargets ?? {},
    spread: {},
    versions: {},
    verified: [],
    errors: { trial: message },
    activity: [],
    work: null,
  };
}
