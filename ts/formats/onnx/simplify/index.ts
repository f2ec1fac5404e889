import type { Graph, GraphNode } from '../../../graph.js';
import { absorbIntoInput } from './input.js';
import { MutableGraph } from './mutable-graph.js';
import { asReshape, dropIdentity, joinRelus, joinReshapes, joinTransposes } from './rearrange.js';
import { fuseScale, fusePad, fuseTranspose } from './weights.js';

/** Each looks at one node and those before it; true where it changed something. */
const rules: readonly ((graph: MutableGraph, node: GraphNode) => boolean)[] = [
  dropIdentity,
  absorbIntoInput,
  fuseScale,
  fusePad,
  joinTransposes,
  asReshape,
  joinReshapes,
  joinRelus,
  fuseTranspose,
];

export interface Simplified {
  readonly graph: Graph;
  /** By the name of a node of the original, where its value is now. */
  readonly places: ReadonlyMap<string, string>;
}

/** The same function in fewer nodes. Nodes are listed after their sources, so that one pass reaches all. */
export function simplify(graph: Graph, what: string): Simplified {
  const mutable = new MutableGraph(graph, what);
  for (const { name } of graph.nodes) {
    let changed = true;
    while (changed) {
      changed = rules.some((rule) => {
        const node = mutable.nodes.get(name);
        return node !== undefined && rule(mutable, node);
      });
    }
  }
  mutable.prune();
  return { graph: mutable.build(), places: mutable.places };
}
