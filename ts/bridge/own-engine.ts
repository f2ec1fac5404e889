import type { Network, Precision } from '../network.js';
import { Simulator } from '../simulator.js';
import type { Outcome } from './differences.js';
import { referenceOptions, type BridgeModelOptions } from './options.js';

export interface OwnOutcome extends Outcome {
  readonly milliseconds: number;
}

/** The same simulation on spiq's own engine. Of an output layer that fires, potentials are those after its last reset. */
export async function runOwn(
  network: Network,
  options: BridgeModelOptions,
  observations: Float64Array,
  precision: Precision = 'float64',
  signal?: AbortSignal,
): Promise<OwnOutcome> {
  const simulator = new Simulator(network, { ...referenceOptions(options), precision });
  const { steps, layers, outputSize } = simulator;
  const begin = performance.now();
  try {
    const { rows, out, counts, potentials } = await simulator.run(
      precision === 'float64' ? observations : Float32Array.from(observations),
      {
        record: {
          counts: true,
          ...(options.decoding === 'spikes' && { potentials: [layers.at(-1)!.name] }),
        },
        ...(signal && { signal }),
      },
    );
    const milliseconds = performance.now() - begin;
    const trace = potentials && Object.values(potentials)[0];
    const last = trace?.subarray((steps - 1) * rows * outputSize);
    return {
      rows,
      out: Float64Array.from(out),
      counts: counts!,
      potentials: Float64Array.from(last ?? out),
      milliseconds,
    };
  } finally {
    simulator.close();
  }
}
