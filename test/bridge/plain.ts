import { multiply } from '../../ts/bridge/connections.js';
import type { BridgeModel } from '../../ts/bridge/model.js';

export interface PlainResult {
  readonly counts: readonly number[][];
  readonly potentials: Float64Array;
}

/** The direct semantics in plain loops over lists of connections: what every back end has to do. */
export function simulatePlainly(model: BridgeModel, observation: ArrayLike<number>): PlainResult {
  const { steps, epsilon, reset, layers } = model;
  const x = model.prepare(observation, 1);
  const v = layers.map(({ units }) => new Float64Array(units));
  const counts = layers.map(({ units }) => new Array<number>(units).fill(0));
  for (let step = 0; step < steps; step += 1) {
    let given: ArrayLike<number> = x;
    layers.forEach(({ units, fires, threshold, connections }, l) => {
      const sums = multiply(connections, given);
      const fired = new Float64Array(units);
      for (let unit = 0; unit < units; unit += 1) {
        v[l]![unit]! += sums[unit]!;
        const own = typeof threshold === 'number' ? threshold : threshold[unit]!;
        const theta = own * (1 - epsilon);
        if (!fires || v[l]![unit]! < theta) continue;
        v[l]![unit] = reset === 'zero' ? 0 : v[l]![unit]! - theta;
        counts[l]![unit]! += 1;
        fired[unit] = 1;
      }
      given = fired;
    });
  }
  return {
    counts: counts.filter((_, l) => layers[l]!.fires),
    potentials: v.at(-1)!,
  };
}
