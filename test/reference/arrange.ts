import type { Graph, GraphNode } from '../../ts/graph.js';
import { shapeOf } from './shapes.js';

export interface Source {
  readonly place: number;
  readonly delay: number;
}

export interface Place {
  readonly node: GraphNode;
  /** In the order of the edges. */
  readonly sources: readonly Source[];
  readonly shape: readonly number[];
  readonly isOutput: boolean;
}

/** Nodes in an order that follows the edges without delay; of those that could come next, the first listed. */
export function arrange({ nodes, edges, outputs }: Graph): Place[] {
  const order: GraphNode[] = [];
  const isReady = (node: GraphNode): boolean =>
    edges.every(
      ([from, to, delay = 0]) =>
        to !== node.name || delay > 0 || order.some(({ name }) => name === from),
    );
  while (order.length < nodes.length) {
    const next = nodes.find((node) => !order.includes(node) && isReady(node));
    if (next === undefined) throw new Error('a cycle without a delay');
    order.push(next);
  }
  const placeOf = new Map(order.map(({ name }, place) => [name, place]));
  const places: Place[] = [];
  for (const node of order) {
    const sources = edges
      .filter(([, to]) => to === node.name)
      .map(([from, , delay = 0]) => ({ place: placeOf.get(from)!, delay }));
    const now = sources.filter(({ delay }) => delay === 0);
    const shape = shapeOf(
      node,
      now.map(({ place }) => places[place]!.shape),
    );
    places.push({ node, sources, shape, isOutput: outputs.includes(node.name) });
  }
  return places;
}
