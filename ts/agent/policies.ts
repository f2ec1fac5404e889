import type { Network } from '../network.js';
import type { Simulator } from '../simulator.js';
import { argmaxRows } from './argmax.js';
import type { Act } from './evaluate.js';

export interface Policy {
  readonly act: Act;
  /** Spikes fired so far. */
  readonly spikes: () => number;
}

/** Observations × steps of a few milliseconds: more of them must not keep the event loop waiting. */
const longestSync = 100_000;

/** Greedy play by a float network's outputs. */
export function floatPolicy(network: Network, options: { readonly threads?: number } = {}): Policy {
  return {
    act: (observations, rows) => argmaxRows(network.forwardSync(observations, options), rows),
    spikes: () => 0,
  };
}

/** Greedy play by a spiking network's decoded outputs; `first_spike` without a spike takes action 0. */
export function spikingPolicy(simulator: Simulator, seed = 0): Policy {
  let spikes = 0;
  let firstObservation = 0;
  return {
    act: async (observations, rows) => {
      const options = { seed, firstObservation };
      const { out, totalSpikes } =
        rows * simulator.steps > longestSync
          ? await simulator.run(observations, options)
          : simulator.runSync(observations, options);
      firstObservation += rows;
      for (const count of totalSpikes) spikes += count;
      return argmaxRows(out, rows);
    },
    spikes: () => spikes,
  };
}
