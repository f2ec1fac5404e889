import type { ConvNode, ConvTransposeNode, GraphNode, PoolNode } from '../../ts/graph.js';
import { elementCount } from './value.js';

type Shape = readonly number[];

/** The shape of what a node gives, from those of its inputs without delay. */
export function shapeOf(node: GraphNode, inputs: readonly Shape[]): Shape {
  const [first = []] = inputs;
  switch (node.kind) {
    case 'input':
    case 'reshape':
      return node.shape;
    case 'dense':
      return node.weight.shape.slice(0, 1);
    case 'conv':
      return convolved(node, first);
    case 'conv_transpose':
      return spread(node, first);
    case 'pool':
      return pooled(node, first);
    case 'flatten':
      return [elementCount(first)];
    case 'upsample':
      return first.map((size, d) => (d === 0 ? size : size * node.scale[d - 1]!));
    case 'concat': {
      const axis = node.axis ?? 0;
      const joined = inputs.reduce((sum, shape) => sum + shape[axis]!, 0);
      return first.map((size, d) => (d === axis ? joined : size));
    }
    case 'transpose':
      return node.axes.map((axis) => first[axis]!);
    case 'select':
      return first.map((size, d) => (d === (node.axis ?? 0) ? node.indices.length : size));
    case 'pad':
      return first.map((size, d) => size + padded(node.padding, first.length, d));
    case 'scale':
    case 'add':
    case 'relu':
    case 'neuron':
    case 'accumulator':
      return first;
    case 'batch_norm':
      throw new Error(`${node.kind} node '${node.name}' is gone before anything spikes`);
  }
}

/** The kernel of a pool; left out, it is the whole extent. */
export function poolKernel(node: PoolNode, input: Shape): Shape {
  return node.kernel ?? input.slice(1);
}

function convolved(node: ConvNode, [, ...sizes]: Shape): Shape {
  const kernel = node.weight.shape.slice(2);
  return [node.weight.shape[0]!, ...slide(sizes, kernel, node.stride ?? [], node)];
}

function pooled(node: PoolNode, input: Shape): Shape {
  const kernel = poolKernel(node, input);
  return [input[0]!, ...slide(input.slice(1), kernel, node.stride ?? kernel, node)];
}

function slide(
  sizes: Shape,
  kernel: Shape,
  stride: Shape,
  { dilation = [], padding = [] }: { dilation?: Shape; padding?: Shape },
): Shape {
  return sizes.map((size, d) => {
    const room = size + padded(padding, sizes.length, d);
    const extent = (dilation[d] ?? 1) * (kernel[d]! - 1) + 1;
    return Math.floor((room - extent) / (stride[d] ?? 1)) + 1;
  });
}

function spread(node: ConvTransposeNode, [, ...sizes]: Shape): Shape {
  const { weight, groups = 1, stride = [], dilation = [], padding = [], outputPadding = [] } = node;
  const spatial = sizes.map((size, d) => {
    const extent = (dilation[d] ?? 1) * (weight.shape[d + 2]! - 1) + 1;
    const cut = padded(padding, sizes.length, d);
    return (size - 1) * (stride[d] ?? 1) + extent - cut + (outputPadding[d] ?? 0);
  });
  return [weight.shape[1]! * groups, ...spatial];
}

function padded(padding: Shape, dimensions: number, d: number): number {
  return (padding[d] ?? 0) + (padding[dimensions + d] ?? 0);
}
