import type { Graph, GraphNode } from '../graph.js';
import { shapesOf } from './graph-structure.js';
import { isWeighted } from './node-tensors.js';
import { elementsOf } from './sizes.js';

/**
 * The same function with a weighted layer in it, as the engine asks for: where a part of a network has none, one
 * weight of 1 is put behind its output, which changes no bit.
 */
export function withWeightedLayer(graph: Graph, what: string): Graph {
  if (graph.nodes.some(isWeighted)) return graph;
  const [output] = graph.outputs as [string];
  const shape = shapesOf(graph, what).get(output)!;
  const names = new Set(graph.nodes.map(({ name }) => name));
  const nameOf = (part: string): string => {
    let name = part;
    while (names.has(name)) name = `${name}'`;
    return name;
  };
  const added: GraphNode[] = [
    { kind: 'flatten', name: nameOf('flat') },
    { kind: 'reshape', name: nameOf('row'), shape: [1, elementsOf(shape)] },
    { kind: 'conv', name: nameOf('unit'), weight: { shape: [1, 1, 1], data: Float32Array.of(1) } },
  ];
  const chain = [output, ...added.map(({ name }) => name)];
  const edges = chain.slice(1).map((name, index) => [chain[index]!, name] as const);
  return {
    ...graph,
    nodes: [...graph.nodes, ...added],
    edges: [...graph.edges, ...edges],
    outputs: chain.slice(-1),
  };
}
