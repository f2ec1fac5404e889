import type { Operations } from '../simulator/energy.js';

/** What a network does for an observation, beside one forward pass of the float network. */
export interface SimulationCost {
  /** Spikes of all layers. */
  readonly spikes: number;
  /** Additions that spikes cause. */
  readonly synapticOperations: number;
  /** Of real inputs: observations, and what stands behind pools and sums of spikes. */
  readonly multiplyAccumulates: number;
  /** Units times steps: what a device that is not driven by events has to do. */
  readonly membraneUpdates: number;
  readonly floatMultiplyAccumulates: number;
  /** Picojoules of the arithmetic alone, as in `Operations`. */
  readonly energy: { readonly spiking: number; readonly float: number };
}

interface Ran {
  readonly totalSpikes: Float64Array;
  readonly operations?: Operations;
}

/** Sums the runs of one network over all rows. */
export class CostSums {
  #rows = 0;
  #spikes = 0;
  #synaptic = 0;
  #multiply = 0;
  #energy = 0;
  #float = { multiplyAccumulates: 0, energy: 0 };

  constructor(readonly membraneUpdates: number) {}

  add({ totalSpikes, operations }: Ran): void {
    this.#rows += totalSpikes.length;
    this.#spikes += sum(totalSpikes);
    if (operations === undefined) return;
    const { layers, energy, floatMultiplyAccumulates } = operations;
    for (const { accumulates, multiplyAccumulates } of layers) {
      this.#synaptic += sum(accumulates);
      this.#multiply += sum(multiplyAccumulates);
    }
    this.#energy += sum(energy.spiking);
    this.#float = { multiplyAccumulates: floatMultiplyAccumulates, energy: energy.float };
  }

  result(): SimulationCost {
    return {
      spikes: this.#spikes / this.#rows,
      synapticOperations: this.#synaptic / this.#rows,
      multiplyAccumulates: this.#multiply / this.#rows,
      membraneUpdates: this.membraneUpdates,
      floatMultiplyAccumulates: this.#float.multiplyAccumulates,
      energy: { spiking: this.#energy / this.#rows, float: this.#float.energy },
    };
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
