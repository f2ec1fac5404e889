import type { Policy } from '../agent/policies.js';
import type { Bridge } from './bridge.js';
import { joinResults } from './self-test.js';

/** Greedy play by what another simulator makes of the observations, as many at once as the bridge has copies. */
export function bridgePolicy(bridge: Bridge): Policy {
  const { copies, observationSize } = bridge;
  let spikes = 0;
  return {
    act: async (observations, rows) => {
      const parts = [];
      for (let row = 0; row < rows; row += copies) {
        const last = Math.min(rows, row + copies);
        parts.push(
          await bridge.run(observations.subarray(row * observationSize, last * observationSize)),
        );
      }
      const { actions, counts } = joinResults(parts);
      for (const layer of counts) for (const count of layer) spikes += count;
      return actions;
    },
    spikes: () => spikes,
    outputs: async (observations) => Float32Array.from((await bridge.evaluate(observations)).out),
  };
}
