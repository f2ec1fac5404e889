import { mismatch, show } from '../../errors.js';
import type { Edge, Graph, GraphNode, NeuronNode, ReluNode } from '../../graph.js';
import { orderedSteps } from '../graph-structure.js';

/**
 * The float network a spiking one stands for: hidden neurons become ReLUs; accumulators, which only sum, and the
 * neurons of the output go.
 * Thresholds, leaks and the like have no float counterpart and are left out.
 */
export function floatTwin(graph: Graph, what: string): Graph {
  const standIns = new Map<string, string>();
  const nodes: GraphNode[] = [];
  const edges: Edge[] = [];
  const nameOf = (node: GraphNode): string => standIns.get(node.name) ?? node.name;
  for (const { node, sources } of orderedSteps(graph, what)) {
    // A read-out is linear: what its neurons would fire is a matter of the decoding.
    const readout = node.kind === 'neuron' && graph.outputs.includes(node.name);
    if (node.kind === 'accumulator' || readout) {
      for (const source of sources) standIns.set(node.name, nameOf(source.node));
      continue;
    }
    nodes.push(node.kind === 'neuron' ? rectifier(node) : node);
    for (const source of sources) edges.push([nameOf(source.node), node.name, source.delay]);
  }
  const outputs = graph.outputs.map((name) => standIns.get(name) ?? name);
  const isInput = (name: string) =>
    nodes.some((node) => node.kind === 'input' && node.name === name);
  if (new Set(outputs).size !== outputs.length || outputs.some(isInput)) {
    const expected = 'a different computed value for each once accumulators are left out';
    throw mismatch('E_UNSUPPORTED', `${what}: outputs`, expected, show(outputs));
  }
  return { nodes, edges, outputs };
}

/** A unit that fires −1 at −negative · θ counts what is below 0 at a rate of 1/negative. */
function rectifier({ name, ternary = false, negative = 1, negatives }: NeuronNode): ReluNode {
  if (!ternary) return { kind: 'relu', name };
  if (negatives === undefined) return { kind: 'relu', name, slope: 1 / negative };
  const slopes = { shape: negatives.shape, data: negatives.data.map((value) => 1 / value) };
  return { kind: 'relu', name, slopes };
}
