import type { Random } from '../env/random.js';
import { mismatch } from '../errors.js';
import type { Graph, GraphNode } from '../graph.js';
import { initialBias, initialWeight } from './initial-weights.js';
import type { Initialisation } from './initial-weights.js';
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
  readonly #init: Initialisation;
  readonly #random: Random;
  #place: Place;

  constructor(
    shape: readonly number[],
    init: Initialisation,
    random: Random,
    inputFactor?: number,
  ) {
    checkShape(shape);
    this.#init = init;
    this.#random = random;
    const name = 'observation';
    const factor = { shape: [shape[0]!], data: new Float32Array(shape[0]!).fill(inputFactor ?? 1) };
    this.#nodes.push({
      kind: 'input',
      name,
      shape,
      ...(inputFactor === undefined ? {} : { factor }),
    });
    this.#place = { name, shape };
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
    const weight = initialWeight(this.#init, [units, inputs], fan, this.#random);
    const shift = bias ? { bias: initialBias(this.#init, units, fan, this.#random) } : {};
    return this.add({ kind: 'dense', name, weight, ...shift }, [units]);
  }

  conv(convolution: Convolution, bias: boolean): this {
    const { channels, kernel, stride = 1, padding = 0 } = convolution;
    const [inputs = 0, height = 0, width = 0] = this.#place.shape;
    const sizes = [height, width].map((size) => (size + 2 * padding - kernel) / stride + 1);
    const shape = [channels, ...sizes.map(Math.floor)];
    checkShape(shape);
    const area = kernel * kernel;
    const fan = { in: inputs * area, out: channels * area };
    const sized = [channels, inputs, kernel, kernel];
    const weight = initialWeight(this.#init, sized, fan, this.#random);
    const shift = bias ? { bias: initialBias(this.#init, channels, fan, this.#random) } : {};
    const window = { stride: [stride, stride], padding: [padding, padding, padding, padding] };
    const name = this.#name('conv');
    return this.add({ kind: 'conv', name, weight, ...shift, ...window }, shape);
  }

  relu(name = this.#name('relu')): this {
    return this.add({ kind: 'relu', name }, this.#place.shape);
  }

  flatten(): this {
    if (this.#place.shape.length === 1) return this;
    const units = this.#place.shape.reduce((product, size) => product * size, 1);
    return this.add({ kind: 'flatten', name: 'flatten' }, [units]);
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
