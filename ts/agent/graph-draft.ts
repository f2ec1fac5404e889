import { mismatch } from '../errors.js';
import type { Graph, GraphNode, Tensor } from '../graph.js';
import type { WeightSource } from './initial-weights.js';
import type { Convolution } from './builders.js';

/** A node that others may lead on from, and what it gives. */
export interface Place {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A graph in the making, node behind node from the place where it stands. */
export class GraphDraft {
  readonly #nodes: GraphNode[] = [];
  readonly #edges: [string, string][] = [];
  readonly #weights: WeightSource;
  #place: Place;

  constructor(
    shape: readonly number[],
    weights: WeightSource,
    input: { readonly factor?: Tensor; readonly offset?: Tensor } = {},
  ) {
    checkShape(shape);
    this.#weights = weights;
    this.#place = { name: 'observation', shape };
    this.#nodes.push({ kind: 'input', ...this.#place, ...input });
  }

  get place(): Place {
    return this.#place;
  }

  /** What is added next follows this. */
  go(place: Place): this {
    this.#place = place;
    return this;
  }

  add(node: GraphNode, shape: readonly number[], sources = [this.#place]): this {
    this.#nodes.push(node);
    for (const source of sources) this.#edges.push([source.name, node.name]);
    this.#place = { name: node.name, shape };
    return this;
  }

  dense(units: number, bias: boolean, name = this.#name('dense')): this {
    checkShape([units]);
    const inputs = this.#place.shape[0]!;
    const fan = { in: inputs, out: units };
    const weight = this.#weights.weight([units, inputs], fan);
    const shift = bias ? { bias: this.#weights.bias(units, fan) } : {};
    return this.add({ kind: 'dense', name, weight, ...shift }, [units]);
  }

  conv(convolution: Convolution, bias: boolean, name = this.#name('conv')): this {
    const { channels, kernel, stride = 1, padding = 0 } = convolution;
    const [inputs = 0, height = 0, width = 0] = this.#place.shape;
    const sizes = [height, width].map((size) => (size + 2 * padding - kernel) / stride + 1);
    const shape = [channels, ...sizes.map(Math.floor)];
    checkShape(shape);
    const area = kernel * kernel;
    const fan = { in: inputs * area, out: channels * area };
    const sized = [channels, inputs, kernel, kernel];
    const weight = this.#weights.weight(sized, fan);
    const shift = bias ? { bias: this.#weights.bias(channels, fan) } : {};
    const window = {
      stride: [stride, stride],
      ...(padding !== 0 && { padding: [padding, padding, padding, padding] }),
    };
    return this.add({ kind: 'conv', name, weight, ...shift, ...window }, shape);
  }

  relu(name = this.#name('relu')): this {
    return this.add({ kind: 'relu', name }, this.#place.shape);
  }

  flatten(name = 'flatten'): this {
    if (this.#place.shape.length === 1) return this;
    const units = this.#place.shape.reduce((product, size) => product * size, 1);
    return this.add({ kind: 'flatten', name }, [units]);
  }

  concat(places: readonly Place[], name: string): this {
    const units = places.reduce((sum, { shape }) => sum + shape[0]!, 0);
    return this.add({ kind: 'concat', name }, [units], [...places]);
  }

  graph(): Graph {
    return { nodes: this.#nodes, edges: this.#edges, outputs: [this.#place.name] };
  }

  #name(kind: GraphNode['kind']): string {
    return `${kind}${this.#nodes.filter((node) => node.kind === kind).length}`;
  }
}

function checkShape(shape: readonly number[]): void {
  if (!shape.every((size) => Number.isSafeInteger(size) && size > 0))
    throw mismatch('E_ARGUMENT', 'sizes of a layer', 'whole numbers from 1 on', shape);
}
