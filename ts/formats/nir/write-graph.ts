import { mismatch, phrase, show } from '../../errors.js';
import type { Graph, GraphNode } from '../../graph.js';
import { orderedSteps, shapesOf } from '../graph-structure.js';
import type { Step } from '../graph-structure.js';
import { isWeighted } from '../node-tensors.js';
import { elementsOf } from '../sizes.js';
import { floats, group, integers, text } from './hdf5/index.js';
import type { Hdf5Group } from './hdf5/index.js';
import type { WriteContext } from './write-context.js';
import { isWrittenAsSum, kernelOf, writeLayer } from './write-layers.js';

const what = 'network to export';

interface Origin {
  readonly node: GraphNode;
  readonly delay: number;
}

export interface WrittenGraph {
  readonly nodes: ReadonlyMap<string, Hdf5Group>;
  readonly edges: readonly (readonly [string, string])[];
  /** Our names to those in the file. */
  readonly names: ReadonlyMap<string, string>;
  /** Our names of layers whose weights were multiplied. */
  readonly factors: ReadonlyMap<string, number>;
}

export function writeGraph(graph: Graph, context: WriteContext): WrittenGraph {
  return new GraphWriter(graph, context).write();
}

class GraphWriter {
  readonly #steps: readonly Step[];
  readonly #stepOf: ReadonlyMap<string, Step>;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #names: Map<string, string>;
  readonly #nodes = new Map<string, Hdf5Group>();
  readonly #edges: (readonly [string, string])[] = [];

  constructor(
    private readonly graph: Graph,
    private readonly context: WriteContext,
  ) {
    this.#shapes = shapesOf(graph, what);
    this.#steps = orderedSteps(graph, what);
    this.#stepOf = new Map(this.#steps.map((step) => [step.node.name, step]));
    this.#names = fileNames(graph);
  }

  write(): WrittenGraph {
    const { context } = this;
    const factors = this.#factors();
    for (const { node, sources } of this.#steps) {
      // A sum is what several edges into one node are.
      if (node.kind === 'add') continue;
      const output = this.#shapes.get(node.name)!;
      const input = this.#shapes.get(sources[0]?.node.name ?? node.name)!;
      const factor = factors.get(node.name) ?? 1;
      const name = this.#names.get(node.name)!;
      this.#nodes.set(name, writeLayer(node, { input, output }, factor, context));
      this.#connect(node, this.#origins(this.#stepOf.get(node.name)!), name);
    }
    this.#writeOutputs();
    return { nodes: this.#nodes, edges: this.#edges, names: this.#names, factors };
  }

  #writeOutputs(): void {
    const { outputs } = this.graph;
    if (outputs.length > 1 && this.context.profile !== 'generic') {
      const label = `NIR export (${this.context.profile}): outputs`;
      throw mismatch('E_UNSUPPORTED', label, 'one', outputs);
    }
    outputs.forEach((output, index) => {
      const name = outputs.length === 1 ? 'output' : `output_${index}`;
      const shape = this.#shapes.get(output)!;
      this.#nodes.set(
        name,
        group({ type: text('Output'), shape: integers(shape, [shape.length]) }),
      );
      const { node, sources } = this.#stepOf.get(output)!;
      const origins = node.kind === 'add' ? this.#origins({ node, sources }) : [{ node, delay: 0 }];
      this.#connect(node, origins, name);
    });
  }

  /** What flows into a node, sums on the way resolved; each once, or NIR could not tell one from two. */
  #origins(step: Step): Origin[] {
    const origins = this.#resolve(step, 0, [step.node]);
    const keys = origins.map(({ node, delay }) => JSON.stringify([delay, node.name]));
    const twice = origins.find((_, index) => keys.indexOf(keys[index]!) < index);
    if (twice === undefined) return origins;
    throw this.context.refuse(step.node, 'each summand once', show(twice.node.name));
  }

  #resolve({ sources }: Step, late: number, path: readonly GraphNode[]): Origin[] {
    return sources.flatMap(({ node, delay }): Origin[] => {
      const total = late + delay;
      if (node.kind !== 'add') return [{ node, delay: total }];
      if (path.includes(node)) {
        throw this.context.refuse(node, 'a node other than sums in each cycle', 'a sum of itself');
      }
      return this.#resolve(this.#stepOf.get(node.name)!, total, [...path, node]);
    });
  }

  #connect(node: GraphNode, origins: readonly Origin[], name: string): void {
    for (const { node: from, delay } of origins) {
      const source = this.#names.get(from.name)!;
      this.#edges.push([delay === 0 ? source : this.#delayed(node, from, delay), name]);
    }
  }

  #delayed(to: GraphNode, from: GraphNode, delay: number): string {
    if (!this.context.holds('Delay')) {
      throw this.context.refuse(
        to,
        'edges without delay',
        `${delay} steps from ${show(from.name)}`,
      );
    }
    const source = this.#names.get(from.name)!;
    const name = unique(`${source}_delay_${delay}`, this.#nodes);
    const shape = this.#shapes.get(from.name)!;
    const seconds = new Float32Array(elementsOf(shape)).fill(delay * this.context.dt);
    this.#nodes.set(name, group({ type: text('Delay'), delay: floats(shape, seconds) }));
    this.#edges.push([source, name]);
    return name;
  }

  /** Averages written as sums: what the layers behind them are multiplied with. */
  #factors(): Map<string, number> {
    const factors = new Map<string, number>();
    for (const { node, sources } of this.#steps) {
      if (!isWrittenAsSum(node, this.context)) continue;
      const kernel = kernelOf(node, this.#shapes.get(sources[0]!.node.name)!);
      this.#spreadFactor(node, 1 / elementsOf(kernel), node, factors);
    }
    return factors;
  }

  #spreadFactor(
    from: GraphNode,
    factor: number,
    pool: GraphNode,
    factors: Map<string, number>,
  ): void {
    const users = this.#steps.filter(({ sources }) => sources.some(({ node }) => node === from));
    const isOutput = this.graph.outputs.includes(from.name);
    for (const { node } of users) {
      if (node.kind === 'flatten') this.#spreadFactor(node, factor, pool, factors);
      else if (isWeighted(node)) factors.set(node.name, factor);
      else throw this.#badAverage(pool, node.kind);
    }
    if (isOutput) throw this.#badAverage(pool, 'the output');
  }

  #badAverage(pool: GraphNode, received: string): Error {
    const expected = 'a dense or conv node behind an average, to take its divisor';
    return mismatch('E_UNSUPPORTED', this.context.label(pool), expected, phrase(received));
  }
}

/** Readers make attributes of Python objects of these: letters, digits and underscores. */
function fileNames(graph: Graph): Map<string, string> {
  const taken = new Map<string, unknown>([['output', undefined]]);
  graph.outputs.forEach((_, index) => taken.set(`output_${index}`, undefined));
  return new Map(
    graph.nodes.map(({ kind, name }) => {
      const plain = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|$)/, 'node_');
      const own = unique(kind === 'input' ? 'input' : plain === 'input' ? 'input_' : plain, taken);
      taken.set(own, undefined);
      return [name, own] as const;
    }),
  );
}

function unique(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}_${number}`;
  return name;
}
