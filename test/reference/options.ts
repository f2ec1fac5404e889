import type { Observations } from '../../ts/native.js';
import type { RunOptions, SimulationOptions } from '../../ts/simulator.js';

/** What `Simulator` and its runs take, without what must not matter: threads and instruction set. */
export interface ReferenceOptions
  extends
    Omit<SimulationOptions, 'threads' | 'isa'>,
    Pick<RunOptions, 'spikes' | 'seed' | 'firstObservation' | 'rows'> {
  readonly trace?: boolean;
  /** Other observations from a step on, as a stream may be given. */
  readonly later?: { readonly from: number; readonly observations: Observations };
}

export const defaultSteps = 100;
