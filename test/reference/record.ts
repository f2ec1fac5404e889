import type { Observations } from '../../ts/native.js';
import type { NeuronLayer } from './neuron-layer.js';
import type { Plan } from './simulate.js';
import { elementCount } from './value.js';

export interface ReferenceTrace {
  /** Each [steps][rows][units], after the step. */
  readonly potential: Observations;
  readonly current: Observations;
  readonly spikes: Int8Array;
}

export interface ReferenceResult {
  readonly out: Observations;
  readonly steps: Int32Array;
  readonly totalSpikes: Float64Array;
  /** Of each neuron node that fires [rows][units]. */
  readonly counts: readonly Int32Array[];
  /** Of each neuron and accumulator node, where asked for. */
  readonly traces: readonly ReferenceTrace[];
}

/** Writes down what a simulation does, in the layout of the engine's results. */
export class Recorder {
  readonly result: ReferenceResult;
  readonly outputSize: number;
  readonly #rows: number;
  /** The array of counts for each layer that fires. */
  readonly #counts: readonly (Int32Array | undefined)[];

  constructor({ places, neurons, arithmetic }: Plan, rows: number, steps: number, trace: boolean) {
    this.#rows = rows;
    this.outputSize = elementCount(places.find(({ isOutput }) => isOutput)!.shape);
    const layers = places.filter((place) => neurons.has(place));
    const units = layers.map(({ shape }) => elementCount(shape));
    this.#counts = layers.map((place, i) =>
      neurons.get(place)!.fires ? new Int32Array(rows * units[i]!) : undefined,
    );
    this.result = {
      out: arithmetic.array(rows * this.outputSize),
      steps: new Int32Array(rows),
      totalSpikes: new Float64Array(rows),
      counts: this.#counts.filter((counts) => counts !== undefined),
      traces: (trace ? units : []).map((size) => ({
        potential: arithmetic.array(steps * rows * size),
        current: arithmetic.array(steps * rows * size),
        spikes: new Int8Array(steps * rows * size),
      })),
    };
  }

  step(row: number, step: number, layers: readonly NeuronLayer[]): void {
    layers.forEach(({ units, spikes }, i) => {
      const trace = this.result.traces[i];
      const at = (step * this.#rows + row) * units.length;
      units.forEach(({ potential, current }, unit) => {
        const count = spikes[unit]!;
        this.result.totalSpikes[row]! += Math.abs(count);
        if (this.#counts[i]) this.#counts[i][row * units.length + unit]! += count;
        if (!trace) return;
        trace.potential[at + unit] = potential;
        trace.current[at + unit] = current;
        trace.spikes[at + unit] = count;
      });
    });
  }

  finish(row: number, steps: number, out: Float64Array): void {
    this.result.steps[row] = steps;
    this.result.out.set(out, row * this.outputSize);
  }
}
