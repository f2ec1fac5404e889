import { SpiqError, mismatch, phrase } from '../errors.js';
import { orderedSteps, shapesOf, type Step } from '../formats/graph-structure.js';
import type { Graph, GraphNode, NeuronNode } from '../graph.js';
import { compose, entriesOfComposition, identity, type Connections } from './connections.js';
import { estimateEntries, expand, isLinear, refusedNode, type LinearNode } from './expand.js';
import { concatenate, sum } from './merge.js';

/** The neurons of a layer, undefined behind the last weights of a network that ends in them. */
export interface WalkedLayer {
  readonly node: GraphNode | undefined;
  /** [channels, …]. */
  readonly shape: readonly number[];
  readonly connections: Connections;
}

interface Value {
  /** Which layer's spikes it is made of; −1 is the observation. */
  readonly layer: number;
  readonly connections: Connections;
}

type Shape = readonly number[];

/** The chain of layers that a graph is, everything between two of them joined in one list of connections. */
export function walk(graph: Graph, mostConnections: number): WalkedLayer[] {
  const shapes = shapesOf(graph, 'bridge');
  const steps = orderedSteps(graph, 'bridge');
  const [output, ...more] = graph.outputs;
  if (more.length > 0) {
    throw mismatch('E_UNSUPPORTED', 'bridge: outputs', 'one', phrase(`${more.length + 1}`));
  }
  checkEstimate(steps, shapes, mostConnections);
  const values = new Map<string, Value>();
  const layers: WalkedLayer[] = [];
  for (const step of steps) {
    const { node } = step;
    const shape = shapes.get(node.name)!;
    if (node.kind === 'input') {
      values.set(node.name, { layer: -1, connections: identity(sizeOf(shape)) });
      continue;
    }
    const value = join(step, values, shapes);
    if (isUnits(node)) {
      expectNewest(node, value, layers);
      layers.push({ node, shape, connections: value.connections });
      values.set(node.name, { layer: layers.length - 1, connections: identity(sizeOf(shape)) });
    } else if (isLinear(node)) {
      const input = shapes.get(step.sources[0]!.node.name)!;
      const connections = composed(expand(node, input, shape), value, node.name, mostConnections);
      values.set(node.name, { layer: value.layer, connections });
    } else if (node.kind === 'add' || node.kind === 'concat') {
      values.set(node.name, value);
    } else {
      throw refusedNode(node);
    }
  }
  const last = values.get(output!)!;
  const ends = layers.at(-1)?.node?.name === output;
  if (!ends) {
    expectNewest(steps.find(({ node }) => node.name === output)!.node, last, layers);
    layers.push({ node: undefined, shape: shapes.get(output!)!, connections: last.connections });
  }
  return layers;
}

/** Units of a network that was not converted are its ReLUs. */
export function isUnits(
  node: GraphNode,
): node is Extract<GraphNode, { kind: 'neuron' | 'accumulator' | 'relu' }> {
  return node.kind === 'neuron' || node.kind === 'accumulator' || node.kind === 'relu';
}

/** What a unit has; a ReLU becomes one with the defaults. */
export function neuronOf(node: GraphNode | undefined): NeuronNode {
  if (node?.kind === 'neuron') return node;
  if (node?.kind === 'accumulator') return { ...node, kind: 'neuron' };
  return { kind: 'neuron', name: node?.name ?? 'readout' };
}

const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** The sources of a node as one value. */
function join(
  { node, sources }: Step,
  values: ReadonlyMap<string, Value>,
  shapes: ReadonlyMap<string, Shape>,
): Value {
  if (sources.some(({ delay }) => delay > 0)) {
    const what = `bridge: node '${node.name}'`;
    throw mismatch('E_UNSUPPORTED', what, 'edges without a delay', phrase('a delayed one'));
  }
  const joined = sources.map(({ node: source }) => values.get(source.name)!);
  const [first] = joined;
  if (first === undefined) {
    throw new SpiqError('E_INTERNAL', `bridge: node '${node.name}' has no source`);
  }
  if (joined.some(({ layer }) => layer !== first.layer)) {
    const expected = 'inputs from one layer of neurons, since layers stand in a chain';
    throw mismatch('E_UNSUPPORTED', `bridge: node '${node.name}'`, expected, phrase('several'));
  }
  const parts = joined.map(({ connections }) => connections);
  if (node.kind !== 'concat') return { layer: first.layer, connections: sum(parts) };
  const own = sources.map(({ node: source }) => shapes.get(source.name)!);
  return { layer: first.layer, connections: concatenate(parts, own, node.axis ?? 0) };
}

function expectNewest(node: GraphNode, { layer }: Value, layers: readonly WalkedLayer[]): void {
  if (layer === layers.length - 1) return;
  const expected = 'an input from the layer of neurons just before, since layers stand in a chain';
  throw mismatch(
    'E_UNSUPPORTED',
    `bridge: node '${node.name}'`,
    expected,
    phrase('an earlier one'),
  );
}

function composed(outer: Connections, inner: Value, name: string, most: number): Connections {
  const entries = entriesOfComposition(outer, inner.connections);
  if (entries > most) throw tooMany(`node '${name}'`, entries, most);
  return compose(outer, inner.connections);
}

/** Before anything is made: what is too large has to be refused while there is memory left. */
function checkEstimate(
  steps: readonly Step[],
  shapes: ReadonlyMap<string, Shape>,
  most: number,
): void {
  let entries = 0;
  for (const { node, sources } of steps) {
    if (!isLinear(node)) continue;
    entries += estimate(node, shapes.get(sources[0]!.node.name)!, shapes.get(node.name)!);
  }
  if (entries > most) throw tooMany('network', entries, most);
}

/** Nodes that only move values make no connections of their own. */
function estimate(node: LinearNode, input: Shape, output: Shape): number {
  const connects = node.kind === 'dense' || node.kind === 'conv' || node.kind === 'pool';
  return connects ? estimateEntries(node, input, output) : 0;
}

function tooMany(what: string, entries: number, most: number): SpiqError {
  const expected = `${most} connections at most (mostConnections)`;
  return mismatch('E_TOO_LARGE', `bridge: ${what}`, expected, phrase(`about ${entries}`));
}
