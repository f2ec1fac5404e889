import { mismatch } from '../errors.js';
import type { ConvNode, ConvTransposeNode, DenseNode, GraphNode, Tensor } from '../graph.js';
import { elementsOf } from './sizes.js';

/** The arrays that a node may hold, by the names of their fields. */
const rolesOf = {
  input: ['factor', 'offset'],
  dense: ['weight', 'bias'],
  conv: ['weight', 'bias'],
  conv_transpose: ['weight', 'bias'],
  batch_norm: ['scale', 'shift', 'mean', 'variance'],
  scale: ['factor', 'offset'],
  relu: ['slopes'],
  neuron: ['thresholds', 'initials', 'negatives'],
  accumulator: ['initials'],
} as const;

export type TensorRole = (typeof rolesOf)[keyof typeof rolesOf][number];

export type WeightedNode = DenseNode | ConvNode | ConvTransposeNode;

export function isWeighted(node: GraphNode): node is WeightedNode {
  return node.kind === 'dense' || node.kind === 'conv' || node.kind === 'conv_transpose';
}

/** The names of a kind's arrays, in the order in which they are written. */
export function tensorRoles(kind: string): readonly TensorRole[] {
  return Object.hasOwn(rolesOf, kind) ? rolesOf[kind as keyof typeof rolesOf] : [];
}

/** The arrays that a node does hold. */
export function tensorsOf(node: GraphNode): [TensorRole, Tensor][] {
  const fields = node as unknown as Partial<Record<TensorRole, Tensor>>;
  return tensorRoles(node.kind).flatMap((role): [TensorRole, Tensor][] => {
    const tensor = fields[role];
    return tensor === undefined ? [] : [[role, tensor]];
  });
}

export function checkTensor({ shape, data }: Tensor, what: string): void {
  if (shape.some((size) => size < 1)) {
    throw mismatch('E_SHAPE', what, 'sizes of at least 1', shape);
  }
  if (data.length !== elementsOf(shape)) {
    throw mismatch('E_SHAPE', what, `${elementsOf(shape)} elements`, data.length);
  }
  if (!allFinite(data)) {
    const index = data.findIndex((value) => !Number.isFinite(value));
    throw mismatch('E_NOT_FINITE', what, `finite numbers, at element ${index}`, data[index]);
  }
}

/** A plain loop over products with 0, which only finite numbers leave at 0: weights can be hundreds of megabytes. */
function allFinite(data: Float32Array): boolean {
  let sum = 0;
  for (let index = 0; index < data.length; index += 1) sum += data[index]! * 0;
  return sum === 0;
}
