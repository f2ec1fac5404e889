import { selectTrials as select } from '../compare/trial.js';
import type { TrialAbout } from '../compare/trial.js';
import type { NetName } from './nets.js';

/** One measurement: a network with seeded weights, simulated for T steps with a constant input. */
export interface Trial extends TrialAbout {
  readonly net: NetName;
  readonly batch: number;
  readonly steps: number;
  readonly threads: number;
  readonly input: 'uniform' | 'breakout';
  /** Weights are scaled until each hidden layer fires this often, in spikes for each unit and step. */
  readonly activity?: number;
}

const common = { steps: 100, input: 'uniform' } as const;
const cartpole = { ...common, net: 'cartpole', threads: 1 } as const;
const patel = { ...common, net: 'patel', threads: 2 } as const;
const nature = { ...common, net: 'nature', threads: 2 } as const;

export const trials: readonly Trial[] = [
  {
    ...cartpole,
    name: 'simulate/cartpole-b1',
    batch: 1,
    target: 1000,
    besideTargets: { NEST: 100 },
  },
  { ...cartpole, name: 'simulate/cartpole-b256', batch: 256, target: 30 },
  { ...patel, name: 'simulate/patel-b1', batch: 1, target: 12, besideTargets: { NEST: 8 } },
  { ...patel, name: 'simulate/patel-b32', batch: 32, target: 60 },
  { ...patel, name: 'simulate/patel-frames-b1', batch: 1, input: 'breakout', target: 25 },
  { ...nature, name: 'simulate/nature-b1', batch: 1, target: 20 },
  { ...nature, name: 'simulate/nature-b16', batch: 16, target: 12 },
  { ...nature, name: 'simulate/nature-b1-active', batch: 1, activity: 0.15, target: 10 },
  { ...nature, name: 'simulate/nature-b16-active', batch: 16, activity: 0.15, target: 6 },
];

/** Different observations that single calls go through in turn, so that no call repeats the one before. */
export const singleCallRows = 64;

export const rowsOf = ({ batch }: Trial): number => (batch === 1 ? singleCallRows : batch);

export const selectTrials = (only: string): readonly Trial[] => select(trials, only);
