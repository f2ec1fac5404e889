import type { ClassifierParameters } from '../agent/classifier-parameters.js';
import type { DqnParameters } from '../agent/dqn-parameters.js';
import type { ReinforceParameters } from '../agent/reinforce-parameters.js';

/** A mean over runs, with its standard deviation. */
export interface Spread {
  readonly mean: number;
  readonly std: number;
}

/** What the thesis reports of an experiment: C. Hahn, "Deep spiking Q-networks", TU München, January 2020. */
export interface PublishedResult {
  /** Of 100 greedy episodes of at most 500 steps, one network. */
  readonly score?: Spread;
  /** Of five runs, those that reached the goal, and the mean number of the episode at which they did. */
  readonly goal?: {
    readonly reached: number;
    readonly runs: number;
    readonly episode: number | null;
  };
  /** Highest mean return of 100 training episodes, and the episode, both means over five runs. */
  readonly best?: { readonly mean: number; readonly episode: number };
  /** Tables of the thesis. */
  readonly tables: string;
}

interface Shared {
  readonly name: string;
  readonly summary: string;
  readonly published?: PublishedResult;
  /** The published experiment that this one of ours is to be held against. */
  readonly against?: string;
}

interface DqnExperiment extends Shared {
  readonly agent: 'dqn';
  readonly parameters: Partial<DqnParameters>;
}

interface ReinforceExperiment extends Shared {
  readonly agent: 'reinforce';
  readonly parameters: Partial<ReinforceParameters>;
}

export interface ClassifierExperiment extends Shared {
  readonly agent: 'classifier';
  readonly parameters: Partial<ClassifierParameters>;
  /** Where it plays. */
  readonly environment: string;
  /** The experiment whose network of the same seed is learnt from, where no replay folder is given. */
  readonly teacher: string;
}

/** Settings under a name; data alone. */
export type Experiment = DqnExperiment | ReinforceExperiment | ClassifierExperiment;
