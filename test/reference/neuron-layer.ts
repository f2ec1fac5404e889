import type { Arithmetic } from './arithmetic.js';
import { stepUnit } from './neuron.js';
import type { NeuronParameters, UnitState } from './neuron.js';
import type { Value } from './value.js';

/** The units of one neuron or accumulator node while one row is simulated. */
export class NeuronLayer {
  readonly units: readonly UnitState[];
  /** Spikes of the last step. */
  spikes: Float64Array;
  readonly #parameters: NeuronParameters;
  readonly #unitsInChannel: number;
  readonly #arithmetic: Arithmetic;

  constructor(
    parameters: NeuronParameters,
    units: number,
    channels: number,
    arithmetic: Arithmetic,
  ) {
    const { initial } = parameters;
    this.units = Array.from({ length: units }, () => ({
      current: 0,
      potential: initial,
      waiting: 0,
    }));
    this.spikes = new Float64Array(units);
    this.#parameters = parameters;
    this.#unitsInChannel = units / channels;
    this.#arithmetic = arithmetic;
  }

  step({ data }: Value): Value {
    const { thresholds } = this.#parameters;
    this.spikes = Float64Array.from(this.units, (unit, i) => {
      const channel = Math.floor(i / this.#unitsInChannel);
      const threshold = thresholds.length === 1 ? thresholds[0]! : thresholds[channel]!;
      return stepUnit(this.#parameters, threshold, unit, data[i]!, this.#arithmetic);
    });
    return { spikes: true, data: this.spikes };
  }
}
