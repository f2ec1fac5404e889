import type { DenseNode, Graph, GraphNode } from '../../ts/graph.js';
import type { ReferenceOptions } from './options.js';

/** With two input neurons for each observed value the first matrix is [W; −W], the weight of the constant 1 last. */
export function forFirstLayer(graph: Graph, options: ReferenceOptions): Graph {
  const { twoInputNeurons = false, biasAsObservation = false } = options;
  if (!twoInputNeurons && !biasAsObservation) return graph;
  const input = graph.nodes.find(({ kind }) => kind === 'input')!;
  const users = graph.edges.filter(([from]) => from === input.name).map(([, to]) => to);
  const first = graph.nodes.find(({ name }) => name === users[0]);
  if (users.length !== 1 || first?.kind !== 'dense')
    throw new Error('these options need an input straight into one dense layer');
  if (!twoInputNeurons) return graph;
  const dense = doubled(first, biasAsObservation);
  const replaced = (node: GraphNode): GraphNode => {
    if (node === first) return dense;
    // What it does to values is done before they are divided.
    const { kind, name } = node;
    return kind === 'input' ? { kind, name, shape: [dense.weight.shape[1]!] } : node;
  };
  return { ...graph, nodes: graph.nodes.map(replaced) };
}

function doubled(node: DenseNode, hasConstant: boolean): DenseNode {
  const [units, inputs] = node.weight.shape as [number, number];
  const observed = inputs - (hasConstant ? 1 : 0);
  const rows = Array.from({ length: units }, (_, unit) => {
    const row = Array.from(node.weight.data.subarray(unit * inputs, (unit + 1) * inputs));
    const plain = row.slice(0, observed);
    return [...plain, ...plain.map((weight) => -weight), ...row.slice(observed)];
  });
  const shape = [units, rows[0]!.length];
  return { ...node, weight: { shape, data: Float32Array.from(rows.flat()) } };
}
