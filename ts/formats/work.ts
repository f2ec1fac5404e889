import type { Graph } from '../graph.js';
import { orderedSteps, shapesOf } from './graph-structure.js';
import { isWeighted } from './node-tensors.js';
import { elementsOf } from './sizes.js';

/** Multiplications that a float graph costs for one observation, with groups spread over all channels as spiq has them. */
export function multiplications(graph: Graph, what: string): number {
  const shapes = shapesOf(graph, what);
  return orderedSteps(graph, what).reduce((sum, { node, sources: [source] }) => {
    if (!isWeighted(node)) return sum;
    const [first = 1] = node.weight.shape;
    // A convolution uses its kernels at each output position, a transposed one at each input position.
    const at = node.kind === 'conv_transpose' ? (source?.node.name ?? '') : node.name;
    const positions = elementsOf(shapes.get(at)!) / first;
    const groups = node.kind === 'dense' ? 1 : (node.groups ?? 1);
    return sum + positions * node.weight.data.length * groups;
  }, 0);
}
