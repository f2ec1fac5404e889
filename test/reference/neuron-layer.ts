import type { Arithmetic } from './arithmetic.js';
import { ofChannel, stepUnit } from './neuron.js';
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
    this.#unitsInChannel = units / channels;
    this.units = Array.from({ length: units }, (_, i) => ({
      current: 0,
      potential: ofChannel(parameters.initials, this.#channelOf(i)),
      waiting: 0,
    }));
    this.spikes = new Float64Array(units);
    this.#parameters = parameters;
    this.#arithmetic = arithmetic;
  }

  step({ data }: Value): Value {
    this.spikes = Float64Array.from(this.units, (unit, i) =>
      stepUnit(this.#parameters, this.#channelOf(i), unit, data[i]!, this.#arithmetic),
    );
    return { spikes: true, data: this.spikes };
  }

  #channelOf(unit: number): number {
    return Math.floor(unit / this.#unitsInChannel);
  }
}
