import { SpiqError, mismatch, phrase, show } from '../errors.js';
import type { Graph, GraphNode, InputNode, Tensor } from '../graph.js';

/** A node with the one node it reads from; the input reads from none. */
export interface Step {
  readonly node: GraphNode;
  readonly source: GraphNode | undefined;
}

/**
 * The nodes in an order in which each follows its source, otherwise as listed. The formats of spiq carry
 * networks in which every node reads from exactly one other; anything else is refused here.
 */
export function orderedSteps(graph: Graph, what: string): Step[] {
  const byName = indexByName(graph, what);
  const sources = sourcesOf(graph, byName, what);
  const listed = graph.nodes.map((node) => ({ node, source: sources.get(node.name) }));
  checkEnds(graph, listed, what);
  const placed = new Set<GraphNode>();
  const ordered: Step[] = [];
  let waiting = listed;
  while (waiting.length > 0) {
    const later = waiting.filter(({ node, source }) => {
      if (source !== undefined && !placed.has(source)) return true;
      placed.add(node);
      ordered.push({ node, source });
      return false;
    });
    if (later.length === waiting.length) {
      const names = later.map(({ node }) => node.name);
      throw mismatch('E_GRAPH', what, 'edges without a cycle', names);
    }
    waiting = later;
  }
  return ordered;
}

function indexByName(graph: Graph, what: string): Map<string, GraphNode> {
  const byName = new Map<string, GraphNode>();
  for (const node of graph.nodes) {
    if (byName.has(node.name)) throw mismatch('E_GRAPH', what, 'each node name once', node.name);
    byName.set(node.name, node);
  }
  return byName;
}

function sourcesOf(graph: Graph, byName: ReadonlyMap<string, GraphNode>, what: string) {
  const sources = new Map<string, GraphNode>();
  for (const [from, to] of graph.edges) {
    const source = byName.get(from);
    if (source === undefined || !byName.has(to)) {
      const missing = source === undefined ? from : to;
      throw mismatch(
        'E_GRAPH',
        `${what}: edge ${show(from)} → ${show(to)}`,
        'known nodes',
        missing,
      );
    }
    if (sources.has(to)) {
      const expected = 'one incoming edge (sums of several are not carried by this format)';
      throw mismatch('E_UNSUPPORTED', `${what}: node ${show(to)}`, expected, 'several');
    }
    sources.set(to, source);
  }
  return sources;
}

function checkEnds(graph: Graph, steps: readonly Step[], what: string): void {
  const inputs = steps.filter(({ node }) => node.kind === 'input');
  if (inputs.length !== 1) throw mismatch('E_GRAPH', what, 'one input node', inputs.length);
  for (const { node, source } of steps) {
    if ((node.kind === 'input') === (source === undefined)) continue;
    const expected = node.kind === 'input' ? 'no incoming edge' : 'an incoming edge';
    throw mismatch('E_GRAPH', `${what}: node ${show(node.name)}`, expected, source?.name ?? 'none');
  }
  const names = new Set(graph.nodes.map(({ name }) => name));
  const distinct = new Set(graph.outputs);
  if (distinct.size === 0 || distinct.size !== graph.outputs.length) {
    throw mismatch('E_GRAPH', `${what}: outputs`, 'at least one, each once', graph.outputs);
  }
  for (const output of graph.outputs) {
    if (!names.has(output)) throw mismatch('E_GRAPH', `${what}: output`, 'a known node', output);
  }
}

export function inputOf(graph: Graph, what: string): InputNode {
  const input = graph.nodes.find((node) => node.kind === 'input');
  if (input === undefined) throw mismatch('E_GRAPH', what, 'an input node', phrase('none'));
  return input;
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** What a node makes of an input of this shape; batch dimension left out throughout. */
export function shapeAfter(
  node: GraphNode,
  shape: readonly number[],
  what: string,
): readonly number[] {
  if (node.kind === 'input') return node.shape;
  if (node.kind === 'flatten') return [elementsOf(shape)];
  if (node.kind !== 'dense') return shape;
  checkDense(node.weight, node.bias, what);
  const [outputs = 0, inputs = 0] = node.weight.shape;
  if (shape.length !== 1 || shape[0] !== inputs) {
    throw mismatch('E_SHAPE', `${what}: node ${show(node.name)}`, `an input of [${inputs}]`, shape);
  }
  return [outputs];
}

function checkDense(weight: Tensor, bias: Tensor | undefined, what: string): void {
  const [outputs = 0, inputs = 0] = weight.shape;
  if (weight.shape.length !== 2 || outputs < 1 || inputs < 1) {
    throw mismatch('E_SHAPE', `${what}: weight`, 'shape [out, in]', weight.shape);
  }
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
    throw mismatch('E_SHAPE', `${what}: bias`, `shape [${outputs}]`, bias.shape);
  }
  for (const [name, tensor] of Object.entries({ weight, bias })) {
    if (tensor === undefined) continue;
    if (tensor.data.length !== elementsOf(tensor.shape)) {
      const expected = `${elementsOf(tensor.shape)} elements`;
      throw mismatch('E_SHAPE', `${what}: ${name}`, expected, tensor.data.length);
    }
    const index = tensor.data.findIndex((value) => !Number.isFinite(value));
    if (index >= 0) {
      const expected = `finite numbers, at element ${index}`;
      throw mismatch('E_NOT_FINITE', `${what}: ${name}`, expected, tensor.data[index]);
    }
  }
}

/** Structure and shapes together; the shapes are those of each node's output. */
export function shapesOf(graph: Graph, what: string): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const { node, source } of orderedSteps(graph, what)) {
    const before = source === undefined ? [] : shapes.get(source.name);
    if (before === undefined) {
      throw new SpiqError('E_INTERNAL', `${what}: node ${show(node.name)} precedes its source`);
    }
    shapes.set(node.name, shapeAfter(node, before, what));
  }
  return shapes;
}
