import type { Source } from './arrange.js';
import type { Encoder } from './encode.js';
import { NeuronLayer } from './neuron-layer.js';
import type { Plan } from './simulate.js';
import { elementCount, reals } from './value.js';
import type { Operator, Value } from './value.js';

/** One observation on its way through the steps. */
export class RowSimulation {
  /** Of the neuron and accumulator nodes, in the order of the arrangement. */
  readonly layers: readonly NeuronLayer[];
  readonly output: NeuronLayer;
  readonly #plan: Plan;
  readonly #operators: readonly Operator[];
  /** What every place gave in each step so far. */
  readonly #history: Value[][];

  constructor(plan: Plan, encoder: Encoder) {
    const layers: NeuronLayer[] = [];
    let output: NeuronLayer | undefined;
    this.#plan = plan;
    this.#history = plan.places.map(() => []);
    this.#operators = plan.places.map((place, i) => {
      const parameters = plan.neurons.get(place);
      if (parameters === undefined)
        return plan.makers.get(place)?.() ?? (() => encoder(this.#history[i]!.length));
      const { shape } = place;
      const layer = new NeuronLayer(parameters, elementCount(shape), shape[0]!, plan.arithmetic);
      layers.push(layer);
      if (place.isOutput) output = layer;
      return ([value]) => layer.step(value!);
    });
    if (output === undefined) throw new Error('the output is no neuron and no accumulator');
    this.output = output;
    this.layers = layers;
  }

  step(step: number): void {
    this.#plan.places.forEach(({ sources }, i) => {
      const inputs = sources.map((source) => this.#given(source, step));
      this.#history[i]!.push(this.#operators[i]!(inputs));
    });
  }

  #given({ place, delay }: Source, step: number): Value {
    const value = this.#history[place]![step - delay];
    return value ?? reals(new Float64Array(elementCount(this.#plan.places[place]!.shape)));
  }
}
