import { SpiqError, mismatch, phrase, show } from '../errors.js';
import type { Graph, GraphNode, InputNode } from '../graph.js';
import { shapeAfter } from './node-shapes.js';
import { sameShape } from './sizes.js';

const mostDelay = 1000;

export interface Source {
  readonly node: GraphNode;
  /** Steps. */
  readonly delay: number;
}

/** A node with what it reads from, in the order of the edges; the input reads from none. */
export interface Step {
  readonly node: GraphNode;
  readonly sources: readonly Source[];
}

/**
 * The nodes in an order in which each follows its sources, but for delayed ones; among those that could come next,
 * the first in the list does. That is the engine's order too, so weights and scales are numbered alike.
 */
export function orderedSteps(graph: Graph, what: string): Step[] {
  const byName = indexByName(graph, what);
  const listed = listSteps(graph, byName, what);
  checkEnds(graph, listed, what);
  const position = new Map(listed.map(({ node }, index) => [node, index]));
  const missing = listed.map(({ sources }) => promptSources(sources).length);
  const users = listed.map((): number[] => []);
  listed.forEach(({ sources }, index) => {
    for (const { node } of promptSources(sources)) users[position.get(node)!]!.push(index);
  });
  const ordered: Step[] = [];
  // From last to first, so that the next one is taken from the end.
  const ready = missing.flatMap((count, index) => (count === 0 ? [index] : [])).reverse();
  for (let index = ready.pop(); index !== undefined; index = ready.pop()) {
    ordered.push(listed[index]!);
    for (const user of users[index]!) {
      missing[user]! -= 1;
      if (missing[user] === 0) insertDescending(ready, user);
    }
  }
  if (ordered.length === listed.length) return ordered;
  const names = listed.filter((_, index) => missing[index]! > 0).map(({ node }) => node.name);
  throw mismatch('E_GRAPH', what, 'edges without a cycle that no delay breaks', names);
}

function promptSources(sources: readonly Source[]): Source[] {
  return sources.filter(({ delay }) => delay === 0);
}

function insertDescending(list: number[], value: number): void {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! > value) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, value);
}

function indexByName(graph: Graph, what: string): Map<string, GraphNode> {
  const byName = new Map<string, GraphNode>();
  for (const node of graph.nodes) {
    if (byName.has(node.name)) throw mismatch('E_GRAPH', what, 'each node name once', node.name);
    byName.set(node.name, node);
  }
  return byName;
}

function listSteps(graph: Graph, byName: ReadonlyMap<string, GraphNode>, what: string): Step[] {
  const sources = new Map(graph.nodes.map(({ name }): [string, Source[]] => [name, []]));
  for (const [from, to, delay = 0] of graph.edges) {
    const label = `${what}: edge ${show(from)} → ${show(to)}`;
    const source = byName.get(from);
    const leading = sources.get(to);
    if (source === undefined || leading === undefined) {
      throw mismatch('E_GRAPH', label, 'known nodes', source === undefined ? from : to);
    }
    if (leading.some(({ node }) => node === source)) {
      throw mismatch('E_GRAPH', label, 'each edge once', phrase('a second one'));
    }
    checkDelay(delay, byName.get(to)!, label);
    leading.push({ node: source, delay });
  }
  return graph.nodes.map((node) => ({ node, sources: sources.get(node.name) ?? [] }));
}

function checkDelay(delay: number, to: GraphNode, label: string): void {
  if (!Number.isInteger(delay) || delay < 0 || delay > mostDelay) {
    throw mismatch('E_RANGE', `${label}: delay`, `0 to ${mostDelay} steps`, delay);
  }
  if (delay > 0 && to.kind !== 'add') {
    throw mismatch('E_UNSUPPORTED', label, 'an add node at the end of a delayed edge', to.kind);
  }
}

function checkEnds(graph: Graph, steps: readonly Step[], what: string): void {
  const inputs = steps.filter(({ node }) => node.kind === 'input');
  if (inputs.length !== 1) throw mismatch('E_GRAPH', what, 'one input node', inputs.length);
  for (const { node, sources } of steps) checkSources(node, sources, what);
  const names = new Set(graph.nodes.map(({ name }) => name));
  const distinct = new Set(graph.outputs);
  if (distinct.size === 0 || distinct.size !== graph.outputs.length) {
    throw mismatch('E_GRAPH', `${what}: outputs`, 'at least one, each once', graph.outputs);
  }
  for (const output of graph.outputs) {
    if (!names.has(output)) throw mismatch('E_GRAPH', `${what}: output`, 'a known node', output);
  }
}

function checkSources(node: GraphNode, sources: readonly Source[], what: string): void {
  const label = `${what}: node ${show(node.name)}`;
  const takesSeveral = node.kind === 'add' || node.kind === 'concat';
  if (takesSeveral && promptSources(sources).length === 0) {
    throw mismatch('E_GRAPH', label, 'an edge without delay into it', phrase('none'));
  }
  const expected = node.kind === 'input' ? 0 : 1;
  if (takesSeveral || sources.length === expected) return;
  const words = expected === 0 ? 'no edge into it' : 'exactly one edge into it';
  throw mismatch('E_GRAPH', label, words, sources.length);
}

export function inputOf(graph: Graph, what: string): InputNode {
  const input = graph.nodes.find((node) => node.kind === 'input');
  if (input === undefined) throw mismatch('E_GRAPH', what, 'an input node', phrase('none'));
  return input;
}

/** Structure and shapes together; the shapes are those of each node's output. */
export function shapesOf(graph: Graph, what: string): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const steps = orderedSteps(graph, what);
  const shapeOf = ({ node }: Source): readonly number[] => {
    const shape = shapes.get(node.name);
    if (shape !== undefined) return shape;
    throw new SpiqError('E_INTERNAL', `${what}: node ${show(node.name)} follows its user`);
  };
  for (const { node, sources } of steps) {
    shapes.set(node.name, shapeAfter(node, promptSources(sources).map(shapeOf), what));
  }
  for (const { node, sources } of steps) {
    const own = shapes.get(node.name)!;
    const stranger = sources.map(shapeOf).find((shape) => !sameShape(shape, own));
    if (sources.every(({ delay }) => delay === 0) || stranger === undefined) continue;
    const label = `${what}: node ${show(node.name)}`;
    throw mismatch('E_SHAPE', label, `inputs of ${show(own)} throughout`, stranger);
  }
  return shapes;
}
