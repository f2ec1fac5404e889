import type { NativeOperations } from '../native.js';

/**
 * Energy of one 32-bit floating-point operation in 45 nm, in picojoules: M. Horowitz, "Computing's energy problem (and
 * what we can do about it)", ISSCC 2014: an addition 0.9, a multiplication 3.7.
 */
export const energyPerAccumulate = 0.9;
export const energyPerMultiplyAccumulate = 4.6;

/** What the synapses of a layer with weights did, each [rows]. */
export interface LayerOperations {
  readonly name: string;
  /** Additions that spikes caused: one for each connection of a unit that spiked. */
  readonly accumulates: Float64Array;
  /** Of real inputs: once for an input that never changes, in every step behind pools and sums. */
  readonly multiplyAccumulates: Float64Array;
}

export interface Operations {
  readonly layers: readonly LayerOperations[];
  /** Of one forward pass of the float network. */
  readonly floatMultiplyAccumulates: number;
  /** An estimate from arithmetic alone: memory traffic, neuron updates, leaks, pools and sums are not in it. */
  readonly energy: {
    /** Picojoules for each row. */
    readonly spiking: Float64Array;
    /** Picojoules for one forward pass of the float network. */
    readonly float: number;
  };
}

export function withEnergy(operations: NativeOperations): Operations {
  const { layers, floatMultiplyAccumulates } = operations;
  const rows = layers[0]?.accumulates.length ?? 0;
  const spiking = Float64Array.from({ length: rows }, (_, row) =>
    layers.reduce(
      (sum, { accumulates, multiplyAccumulates }) =>
        sum +
        accumulates[row]! * energyPerAccumulate +
        multiplyAccumulates[row]! * energyPerMultiplyAccumulate,
      0,
    ),
  );
  const float = floatMultiplyAccumulates * energyPerMultiplyAccumulate;
  return { layers, floatMultiplyAccumulates, energy: { spiking, float } };
}
