import { mismatch, show } from '../errors.js';
import type { Graph } from '../graph.js';

/** The part of a graph that one node's value needs, with that node as its only output. */
export function graphForOutput(graph: Graph, output: string): Graph {
  const sources = new Map<string, string[]>(graph.nodes.map(({ name }) => [name, []]));
  for (const [from, to] of graph.edges) sources.get(to)?.push(from);
  if (!sources.has(output)) {
    throw mismatch('E_GRAPH', 'output', 'the name of a node', show(output));
  }
  const needed = new Set<string>();
  const open = [output];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    open.push(...(sources.get(name) ?? []));
  }
  return {
    ...graph,
    nodes: graph.nodes.filter(({ name }) => needed.has(name)),
    edges: graph.edges.filter(([, to]) => needed.has(to)),
    outputs: [output],
  };
}
