import type { Network } from '../network.js';
import type { Simulator } from '../simulator.js';
import { argmaxRows } from './argmax.js';
import type { Act } from './evaluate.js';

export interface Policy {
  readonly act: Act;
  /** Spikes fired so far. */
  readonly spikes: () => number;
  /** What it chooses by: outputs for each of the rows. Policies that remember have none for a row alone. */
  readonly outputs?: (observations: Float32Array) => Promise<Float32Array>;
}

/** Observations × steps of a few milliseconds: more of them must not keep the event loop waiting. */
const longestSync = 100_000;

/** Greedy play by a float network's outputs. */
export function floatPolicy(network: Network, options: { readonly threads?: number } = {}): Policy {
  return {
    act: (observations, rows) => argmaxRows(network.forwardSync(observations, options), rows),
    spikes: () => 0,
    outputs: async (observations) => network.forward(observations, options),
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
    outputs: async (observations) => {
      const { out } = await simulator.run(observations, { seed });
      return Float32Array.from(out);
    },
  };
}

/**
 * Greedy play with potentials that outlast a decision (`Stream.carry`), one row of a stream for each of `episodes`.
 * Rows whose episode has ended go on with what they saw last, and nobody asks them.
 */
export function carryingPolicy(simulator: Simulator, episodes: number, seed = 0): Policy {
  const { observationSize, outputSize, steps } = simulator;
  const stream = simulator.stream({ rows: episodes, seed });
  const seen = new Float32Array(episodes * observationSize);
  let spikes = 0;
  return {
    act: async (observations, rows, indices = Array.from({ length: rows }, (_, row) => row)) => {
      indices.forEach((episode, row) => {
        const from = row * observationSize;
        seen.set(observations.subarray(from, from + observationSize), episode * observationSize);
      });
      if (stream.steps > 0) stream.carry();
      const { totalSpikes } =
        episodes * steps > longestSync
          ? await stream.advance(seen, steps)
          : stream.step(seen, steps);
      const { out } = stream.decode();
      const asked = new Float32Array(rows * outputSize);
      indices.forEach((episode, row) => {
        const from = episode * outputSize;
        asked.set(out.subarray(from, from + outputSize), row * outputSize);
        spikes += totalSpikes[episode]!;
      });
      return argmaxRows(asked, rows);
    },
    spikes: () => spikes,
  };
}
