import { uniformsOf, streams } from '../env/philox.js';
import { mismatch, phrase } from '../errors.js';
import type { Edge, Graph, GraphNode, Tensor } from '../graph.js';
import { Network } from '../network.js';
import type { NetworkParameters } from './network-parameters.js';

export interface NetworkShape {
  /** [size], or [channels, height, width] for convolutions. */
  readonly observation: readonly number[];
  readonly outputs: number;
  readonly dueling?: boolean;
  readonly seed: number;
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

class Builder {
  readonly #nodes: GraphNode[] = [];
  readonly #edges: Edge[] = [];
  readonly #frozen: string[] = [];
  readonly #random: (layer: number, at: number, index: number) => number;
  #layers = 0;
  #last: string;
  #size: readonly number[];

  constructor(
    private readonly parameters: NetworkParameters,
    private readonly shape: NetworkShape,
  ) {
    this.#random = uniformsOf(shape.seed, streams.weights);
    this.#size = shape.observation;
    if (parameters.biasAsObservation) this.#size = [this.#flat() + 1];
    this.#last = 'observation';
    const factor = this.#perValue('observationFactor', 1);
    const offset = this.#perValue('observationOffset', 0);
    const input = { kind: 'input' as const, name: this.#last, shape: this.#size };
    this.#nodes.push({ ...input, ...(factor && { factor }), ...(offset && { offset }) });
  }

  build(): InitialNetwork {
    const { hidden, filters } = this.parameters;
    if (filters.length % 3 !== 0) {
      const what = 'parameter filters';
      throw mismatch(
        'E_ARGUMENT',
        what,
        'channels, kernel and stride of each convolution',
        filters,
      );
    }
    for (let k = 0; k < filters.length; k += 3) {
      this.#convolve(filters[k]!, filters[k + 1]!, filters[k + 2]!);
    }
    if (this.#size.length > 1) this.#chain({ kind: 'flatten', name: 'flat' }, [this.#flat()]);
    const shared = this.shape.dueling === true ? hidden.slice(0, -1) : hidden;
    shared.forEach((units, k) => this.#hide(`hidden${k + 1}`, units));
    if (this.shape.dueling === true) this.#duel(hidden.at(-1));
    else this.#dense('values', this.shape.outputs);
    this.#scaleOutput();
    if (this.parameters.spiking) this.#chain(this.#neuron('outputs'), this.#size);
    const graph: Graph = { nodes: this.#nodes, edges: this.#edges, outputs: [this.#last] };
    return { network: Network.fromGraph(graph), frozen: this.#frozen };
  }

  #hide(name: string, units: number): void {
    this.#dense(name, units);
    this.#fire(`${name}-fires`);
  }

  #fire(name: string): void {
    this.#chain(this.parameters.spiking ? this.#neuron(name) : { kind: 'relu', name }, this.#size);
  }

  #neuron(name: string): GraphNode {
    const { threshold, alpha, beta, resetMode } = this.parameters;
    return { kind: 'neuron', name, threshold, alpha, beta, reset: resetMode };
  }

  #dense(name: string, units: number): void {
    const inputs = this.#flat();
    const { weight, bias } = this.#draw([units, inputs], inputs);
    this.#chain({ kind: 'dense', name, weight, ...(bias && { bias }) }, [units]);
  }

  #convolve(channels: number, kernel: number, stride: number): void {
    const [depth, height, width] = this.#size;
    if (depth === undefined || height === undefined || width === undefined) {
      const shape = phrase(`observations of the shape ${this.#size.join(' × ')}`);
      throw mismatch('E_SHAPE', 'parameter filters', 'pixels: channels, height, width', shape);
    }
    const name = `filters${this.#layers + 1}`;
    const { weight, bias } = this.#draw([channels, depth, kernel, kernel], depth * kernel ** 2);
    const after = [height, width].map((size) => Math.floor((size - kernel) / stride) + 1);
    const node = { kind: 'conv' as const, name, weight, stride: [stride, stride] };
    this.#chain({ ...node, ...(bias && { bias }) }, [channels, ...after]);
    this.#fire(`${name}-fires`);
  }

  /**
   * Value and advantages apart, Q = V + A − mean A (Wang et al., "Dueling network architectures", ICML 2016). What
   * puts them together is linear and stays as it is.
   */
  #duel(units: number | undefined): void {
    const [trunk, size] = [this.#last, this.#size];
    const { outputs } = this.shape;
    const head = (name: string, width: number, spread: Tensor): string => {
      [this.#last, this.#size] = [trunk, size];
      if (units !== undefined) this.#hide(`${name}-hidden`, units);
      this.#dense(name, width);
      this.#fixed({ kind: 'dense', name: `${name}-spread`, weight: spread }, [outputs]);
      return this.#last;
    };
    const ones = new Float32Array(outputs).fill(1);
    const centring = Float32Array.from(
      { length: outputs ** 2 },
      (_, at) => (Math.floor(at / outputs) === at % outputs ? 1 : 0) - 1 / outputs,
    );
    const value = head('value', 1, { shape: [outputs, 1], data: ones });
    const advantages = head('advantages', outputs, { shape: [outputs, outputs], data: centring });
    this.#nodes.push({ kind: 'add', name: 'values' });
    this.#edges.push([value, 'values'], [advantages, 'values']);
    [this.#last, this.#size] = ['values', [outputs]];
  }

  #scaleOutput(): void {
    const { outputScale } = this.parameters;
    if (outputScale === 1) return;
    const data = new Float32Array(this.shape.outputs).fill(outputScale);
    const factor = { shape: [data.length], data };
    this.#fixed({ kind: 'scale', name: 'scaled-values', factor }, this.#size);
  }

  #fixed(node: GraphNode, size: readonly number[]): void {
    this.#frozen.push(node.name);
    this.#chain(node, size);
  }

  #chain(node: GraphNode, size: readonly number[]): void {
    this.#nodes.push(node);
    this.#edges.push([this.#last, node.name]);
    [this.#last, this.#size] = [node.name, size];
  }

  #draw(shape: readonly number[], fanIn: number): { weight: Tensor; bias: Tensor | undefined } {
    const layer = this.#layers;
    this.#layers += 1;
    const { initialisation, weightScale, bias } = this.parameters;
    const spread = weightScale / Math.sqrt(fanIn);
    const uniform = (at: number, index: number): number =>
      (2 * this.#random(layer, at, index) - 1) * spread;
    const size = shape.reduce((product, n) => product * n, 1);
    const data = new Float32Array(size).map((_, at) =>
      initialisation === 'uniform' ? uniform(at, 0) : this.#normal(layer, at) * spread,
    );
    const outputs = new Float32Array(shape[0]!);
    const drawn = initialisation === 'uniform' ? outputs.map((_, at) => uniform(at, 1)) : outputs;
    return {
      weight: { shape, data },
      bias: bias ? { shape: [drawn.length], data: drawn } : undefined,
    };
  }

  /** Box and Muller's transform; 1 − u since a uniform may be 0. */
  #normal(layer: number, at: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.#random(layer, at, 2)));
    return radius * Math.cos(2 * Math.PI * this.#random(layer, at, 3));
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

  #flat(): number {
    return this.#size.reduce((product, n) => product * n, 1);
  }
}
