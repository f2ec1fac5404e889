import type { Decoding } from '../../ts/simulator.js';
import type { Arithmetic } from './arithmetic.js';
import type { NeuronLayer } from './neuron-layer.js';

/** Of the output layer's potentials and spikes the raw output, as `native/core/sim/decode.cc`; sums are in double. */
export class Decoder {
  readonly #decoding: Decoding;
  readonly #values: Float64Array;
  #hasFired = false;

  constructor(decoding: Decoding, outputs: number) {
    this.#decoding = decoding;
    this.#values = new Float64Array(outputs).fill(decoding === 'max_potential' ? -Infinity : 0);
  }

  /** True where the result is known. */
  see({ units, spikes }: NeuronLayer): boolean {
    this.#values.forEach((value, i) => {
      const { potential } = units[i]!;
      this.#values[i] = {
        potential,
        mean_potential: value + potential,
        max_potential: value < potential ? potential : value,
        spikes: value + spikes[i]!,
        first_spike: value + spikes[i]!,
      }[this.#decoding];
    });
    this.#hasFired ||= spikes.some((count) => count !== 0);
    return this.#decoding === 'first_spike' && this.#hasFired;
  }

  finish(steps: number, { round }: Arithmetic): Float64Array {
    return this.#values.map((value) => {
      if (this.#decoding === 'mean_potential') return round(value / steps);
      return this.#decoding === 'first_spike' && !this.#hasFired ? NaN : round(value);
    });
  }
}
