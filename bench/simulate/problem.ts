import { Random } from '../../ts/env/random.js';
import type { Graph, GraphNode } from '../../ts/graph.js';
import type { Trial } from './trials.js';

export interface Problem {
  readonly graph: Graph;
  readonly observations: Float32Array;
}

/** Weights as torch draws them, uniform in ±1/√fan_in; observations uniform in [0, 1). The same for every side. */
export function makeProblem(trial: Trial): Problem {
  const random = new Random(1);
  const uniform = (count: number, low: number, high: number): Float32Array =>
    Float32Array.from({ length: count }, () => random.uniform(low, high));
  const nodes: GraphNode[] = [{ kind: 'input', name: 'input', shape: [trial.layers[0]!] }];
  trial.layers.slice(1).forEach((units, layer) => {
    const inputs = trial.layers[layer]!;
    const bound = 1 / Math.sqrt(inputs);
    nodes.push({
      kind: 'dense',
      name: `dense${layer}`,
      weight: { shape: [units, inputs], data: uniform(units * inputs, -bound, bound) },
      bias: { shape: [units], data: uniform(units, -bound, bound) },
    });
    if (layer + 2 < trial.layers.length) nodes.push({ kind: 'relu', name: `relu${layer}` });
  });
  return {
    graph: {
      nodes,
      edges: nodes.slice(1).map((node, index) => [nodes[index]!.name, node.name]),
      outputs: [nodes.at(-1)!.name],
    },
    observations: uniform(trial.batch * trial.layers[0]!, 0, 1),
  };
}
