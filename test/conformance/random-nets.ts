import { Random } from '../../ts/env/random.js';
import type { Graph, GraphNode, NeuronAttributes } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';

export interface NetOptions {
  readonly seed?: number;
  readonly bias?: boolean;
  /** Neurons instead of ReLUs, the last layer included. */
  readonly neurons?: NeuronAttributes;
}

export function uniforms(count: number, low: number, high: number, seed: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.uniform(low, high));
}

/** Fully connected layers of the given widths; weights of a size that lets most layers fire. */
export function randomGraph(sizes: readonly number[], options: NetOptions = {}): Graph {
  const { seed = 1, bias = true, neurons } = options;
  const nodes: GraphNode[] = [{ kind: 'input', name: 'x', shape: [sizes[0]!] }];
  for (let layer = 1; layer < sizes.length; layer += 1) {
    const [inputs, units] = [sizes[layer - 1]!, sizes[layer]!];
    const spread = 1.5 / Math.sqrt(inputs);
    const weight = {
      shape: [units, inputs],
      data: uniforms(units * inputs, -spread, 1.4 * spread, seed * 100 + layer),
    };
    const shift = { shape: [units], data: uniforms(units, -0.1, 0.3, seed * 100 + 50 + layer) };
    nodes.push({ kind: 'dense', name: `fc${layer}`, weight, ...(bias ? { bias: shift } : {}) });
    if (neurons) nodes.push({ kind: 'neuron', name: `n${layer}`, ...neurons });
    else if (layer + 1 < sizes.length) nodes.push({ kind: 'relu', name: `relu${layer}` });
  }
  return chainOf(nodes);
}

export function chainOf(nodes: readonly GraphNode[]): Graph {
  const names = nodes.map(({ name }) => name);
  return {
    nodes,
    edges: names.slice(1).map((name, i) => [names[i]!, name] as const),
    outputs: names.slice(-1),
  };
}

export function randomNetwork(sizes: readonly number[], options: NetOptions = {}): Network {
  return Network.fromGraph(randomGraph(sizes, options));
}
