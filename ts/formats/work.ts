import type { Graph } from '../graph.js';
import { orderedSteps, shapesOf } from './graph-structure.js';
import { isWeighted } from './node-tensors.js';
import { elementsOf } from './sizes.js';

/** Multiplications with weights that a float graph makes for one observation. */
export function multiplications(graph: Graph, what: string): number {
  const shapes = shapesOf(graph, what);
  return orderedSteps(graph, what).reduce((sum, { node, sources: [source] }) => {
    if (!isWeighted(node)) return sum;
    const [first = 1] = node.weight.shape;
    // A convolution uses its kernels at each output position, a transposed one at each input position.
    const at = node.kind === 'conv_transpose' ? (source?.node.name ?? '') : node.name;
    const positions = elementsOf(shapes.get(at)!) / first;
    return sum + positions * node.weight.data.length;
  }, 0);
}
