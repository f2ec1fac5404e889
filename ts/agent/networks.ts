import { uniformsOf, streams } from '../env/philox.js';
import { mismatch, phrase } from '../errors.js';
import type { Graph, GraphNode, Tensor } from '../graph.js';
import { Network } from '../network.js';
import { GraphDraft } from './graph-draft.js';
import type { Place } from './graph-draft.js';
import { weightsByPlace } from './initial-weights.js';
import type { NetworkParameters } from './network-parameters.js';

export interface NetworkShape {
  /** [size], or [channels, height, width] for convolutions. */
  readonly observation: readonly number[];
  readonly outputs: number;
  readonly dueling?: boolean;
  readonly seed: number;
  /** The observation that is 0 to the network, for parameters that say `centred`. */
  readonly centre?: Float32Array | undefined;
}

/** A network with nodes that are never trained. */
export interface InitialNetwork {
  readonly network: Network;
  readonly frozen: readonly string[];
}

/** A network with random weights, as the parameters describe it; the same seed draws the same. */
export function initialNetwork(parameters: NetworkParameters, shape: NetworkShape): InitialNetwork {
  return new Builder(parameters, shape).build();
}

/** What puts a network's outputs together: linear, and never trained. */
const fixed = { outputs: 'scaled-values', value: 'value-spread', advantages: 'advantages-spread' };

/** Those nodes of a network that came from here. */
export function fixedNodes({ nodes }: Graph): readonly string[] {
  const names = Object.values(fixed);
  return nodes.map(({ name }) => name).filter((name) => names.includes(name));
}

interface InputTransform {
  readonly factor?: Tensor;
  readonly offset?: Tensor;
}

class Builder {
  readonly #draft: GraphDraft;
  #convolutions = 0;

  constructor(
    private readonly parameters: NetworkParameters,
    private readonly shape: NetworkShape,
  ) {
    const { initialisation, weightScale, biasAsObservation } = parameters;
    const random = uniformsOf(shape.seed, streams.weights);
    const weights = weightsByPlace(initialisation, weightScale, random);
    const { observation } = shape;
    const units = observation.reduce((product, n) => product * n, 1);
    const input = parameters.centred ? this.#centred(units) : this.#scaled();
    const flat = biasAsObservation || parameters.centred;
    const width = units + (biasAsObservation ? 1 : 0);
    this.#draft = new GraphDraft(flat ? [width] : observation, weights, input);
  }

  build(): InitialNetwork {
    const { hidden, filters } = this.parameters;
    if (filters.length % 3 !== 0) {
      const expected = 'channels, kernel and stride of each convolution';
      throw mismatch('E_ARGUMENT', 'parameter filters', expected, filters);
    }
    for (let k = 0; k < filters.length; k += 3) {
      this.#convolve(filters[k]!, filters[k + 1]!, filters[k + 2]!);
    }
    this.#draft.flatten('flat');
    const shared = this.shape.dueling === true ? hidden.slice(0, -1) : hidden;
    shared.forEach((units, k) => {
      this.#hide(`hidden${k + 1}`, units);
    });
    if (this.shape.dueling === true) this.#duel(hidden.at(-1));
    else this.#dense('values', this.shape.outputs);
    this.#scaleOutput();
    if (this.parameters.spiking) this.#fire('outputs');
    const graph = this.#draft.graph();
    return { network: Network.fromGraph(graph), frozen: fixedNodes(graph) };
  }

  #dense(name: string, units: number): void {
    this.#draft.dense(units, this.parameters.bias, name);
  }

  #hide(name: string, units: number): void {
    this.#dense(name, units);
    this.#fire(`${name}-fires`);
  }

  #fire(name: string): void {
    const { spiking, threshold, alpha, beta, resetMode: reset } = this.parameters;
    const node: GraphNode = spiking
      ? { kind: 'neuron', name, threshold, alpha, beta, reset }
      : { kind: 'relu', name };
    this.#draft.add(node, this.#draft.place.shape);
  }

  #convolve(channels: number, kernel: number, stride: number): void {
    const { shape } = this.#draft.place;
    if (shape.length !== 3) {
      const received = phrase(`observations of the shape ${shape.join(' × ')}`);
      throw mismatch('E_SHAPE', 'parameter filters', 'pixels: channels, height, width', received);
    }
    this.#convolutions += 1;
    const name = `filters${this.#convolutions}`;
    this.#draft.conv({ channels, kernel, stride }, this.parameters.bias, name);
    this.#fire(`${name}-fires`);
  }

  /**
   * Value and advantages apart, Q = V + A − mean A (Wang et al., "Dueling network architectures", ICML 2016). What
   * puts them together is linear and stays as it is.
   */
  #duel(units: number | undefined): void {
    const trunk = this.#draft.place;
    const { outputs } = this.shape;
    const head = (name: 'value' | 'advantages', width: number, spread: Tensor): Place => {
      this.#draft.go(trunk);
      if (units !== undefined) this.#hide(`${name}-hidden`, units);
      this.#dense(name, width);
      this.#draft.add({ kind: 'dense', name: fixed[name], weight: spread }, [outputs]);
      return this.#draft.place;
    };
    const ones = new Float32Array(outputs).fill(1);
    const centring = Float32Array.from(
      { length: outputs ** 2 },
      (_, at) => (Math.floor(at / outputs) === at % outputs ? 1 : 0) - 1 / outputs,
    );
    const value = head('value', 1, { shape: [outputs, 1], data: ones });
    const advantages = head('advantages', outputs, { shape: [outputs, outputs], data: centring });
    this.#draft.add({ kind: 'add', name: 'values' }, [outputs], [value, advantages]);
  }

  #scaleOutput(): void {
    const { outputScale } = this.parameters;
    if (outputScale === 1) return;
    const data = new Float32Array(this.shape.outputs).fill(outputScale);
    const factor = { shape: [data.length], data };
    this.#draft.add({ kind: 'scale', name: fixed.outputs, factor }, this.#draft.place.shape);
  }

  #scaled(): InputTransform {
    const factor = this.#perValue('observationFactor', 1);
    const offset = this.#perValue('observationOffset', 0);
    return { ...(factor && { factor }), ...(offset && { offset }) };
  }

  /** x ↦ (x − centre) · factor, for each value of its own: what never changes does not drown what does. */
  #centred(units: number): InputTransform {
    const { filters, observationFactor, observationOffset, biasAsObservation } = this.parameters;
    const { centre } = this.shape;
    if (filters.length > 0 || observationOffset.length > 0 || observationFactor.length > 1) {
      const expected = 'neither filters nor observationOffset, and one observationFactor at most';
      throw mismatch('E_ARGUMENT', 'parameter centred', expected, phrase('others'));
    }
    if (centre?.length !== units) {
      const expected = `a centre of ${units} values beside it`;
      throw mismatch('E_ARGUMENT', 'parameter centred', expected, centre?.length);
    }
    const [factor = 1] = observationFactor;
    const rest = biasAsObservation ? [1] : [];
    const factors = Float32Array.from([...new Float32Array(units).fill(factor), ...rest]);
    const offsets = new Float32Array(factors.length);
    centre.forEach((value, k) => {
      offsets[k] = -value * factor;
    });
    return {
      factor: { shape: [factors.length], data: factors },
      offset: { shape: [factors.length], data: offsets },
    };
  }

  #perValue(name: 'observationFactor' | 'observationOffset', rest: number): Tensor | undefined {
    const given = this.parameters[name];
    if (given.length === 0) return undefined;
    const channels = this.shape.observation[0]!;
    if (given.length !== channels) {
      throw mismatch('E_SHAPE', `parameter ${name}`, `${channels} numbers, or none`, given);
    }
    const data = Float32Array.from(this.parameters.biasAsObservation ? [...given, rest] : given);
    return { shape: [data.length], data };
  }
}
