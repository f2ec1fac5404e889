import type { Network } from '../../ts/network.js';
import { Simulator, type Semantics } from '../../ts/simulator.js';
import { randomNetwork, uniforms } from '../conformance/random-nets.js';

/** A network, observations, and what spiq makes of them in float64. */
export interface SpiqNet {
  readonly reset: 'subtraction' | 'zero';
  readonly semantics: Semantics;
  readonly steps: number;
  readonly epsilon: number;
  readonly sizes: readonly number[];
  readonly weights: readonly (readonly number[])[];
  readonly biases: readonly (readonly number[])[];
  readonly readout: 'potential' | 'spikes';
  readonly rows: readonly number[];
  readonly counts: readonly (readonly number[])[];
  readonly out: readonly number[];
}

const rowCount = 20;

export function spiqNets(): SpiqNet[] {
  const nets: SpiqNet[] = [];
  for (const reset of ['subtraction', 'zero'] as const)
    for (const semantics of ['direct', 'dsqn'] as const)
      for (const readout of ['potential', 'spikes'] as const)
        nets.push(spiqNet(nets.length, reset, semantics, readout));
  return nets;
}

function spiqNet(
  seed: number,
  reset: SpiqNet['reset'],
  semantics: Semantics,
  readout: SpiqNet['readout'],
): SpiqNet {
  const sizes = [6, 20, 15, 4];
  const [steps, epsilon] = [60, 1e-5];
  // Biases of both signs.
  const network = randomNetwork(sizes, { seed: seed + 1 });
  // Doubles of full length: their products with weights are no doubles.
  const rows = Float64Array.from(
    uniforms(rowCount * sizes[0]!, 0, 1, seed + 50),
    (value, k) => value + 1 / (k + 3e7),
  );
  return told(network, rows, { reset, semantics, steps, epsilon, readout });
}

/** What `network` and spiq's simulator give, for a network of fully connected layers. */
export function told(
  network: Network,
  rows: Float32Array | Float64Array,
  setting: Pick<SpiqNet, 'reset' | 'semantics' | 'steps' | 'epsilon' | 'readout'>,
): SpiqNet {
  const { readout, ...rest } = setting;
  const options = { ...rest, decoding: readout, precision: 'float64' } as const;
  const { out, counts } = new Simulator(network, options).runSync(rows, {
    record: { counts: true },
  });
  const dense = network.graph.nodes.filter((node) => node.kind === 'dense');
  return {
    ...setting,
    sizes: [dense[0]!.weight.shape[1]!, ...dense.map(({ weight }) => weight.shape[0]!)],
    weights: dense.map(({ weight }) => [...weight.data]),
    biases: dense.map(({ bias }) => [...bias!.data]),
    rows: [...rows],
    counts: counts!.map((layer) => [...layer]),
    out: [...out],
  };
}
