import { decodeBareWeights } from '../../ts/formats/bare-weights.js';
import type { Layout } from '../../ts/formats/layout.js';
import type { Npz } from '../../ts/formats/npz/index.js';
import type { Graph, GraphNode } from '../../ts/graph.js';
import { chainOf } from '../conformance/random-nets.js';

/** Bare weights as layers of neurons, the last one included. */
export function spikingChain(file: Npz, layout: Layout = 'in-out'): Graph {
  const { nodes } = decodeBareWeights(file, { layout }).graph;
  const hidden = nodes.map((node): GraphNode =>
    node.kind === 'relu' ? { kind: 'neuron', name: node.name } : node,
  );
  return chainOf([...hidden, { kind: 'neuron', name: 'readout' }]);
}
