import { mismatch } from '../../../errors.js';
import type { DenseNode, Tensor } from '../../../graph.js';
import { transpose } from '../../layout.js';
import { readAttributes } from '../attributes.js';
import { expectActivation, expectConstant, expectInputs, unsupported } from '../context.js';
import type { OperatorHandler } from '../context.js';
import { broadcastBias } from './bias.js';

/** Y = alpha·A·B + beta·C: a dense layer if A is the activation. */
export const gemm: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 2, 3);
  const kinds = { alpha: 'float', beta: 'float', transA: 'int', transB: 'int' } as const;
  const { alpha = 1, beta = 1, transA = 0, transB = 0 } = readAttributes(node, kinds, label);
  if (transA !== 0) {
    throw unsupported(
      label,
      'transA swaps the batch with the features',
      'export it with transA = 0',
    );
  }
  const source = expectActivation(inputs[0], label, 'input A');
  const matrix = expectConstant(inputs[1], label, 'input B').read();
  if (matrix.shape.length !== 2) {
    throw mismatch('E_SHAPE', `${label}: input B`, 'two dimensions', matrix.shape);
  }
  const weight = scale(transB === 0 ? transpose(matrix) : matrix, alpha);
  const units = weight.shape[0] ?? 0;
  const addend = inputs[2] && expectConstant(inputs[2], label, 'input C').read();
  const make = (name: string): DenseNode => {
    const dense = { kind: 'dense', name, weight } as const;
    return addend === undefined
      ? dense
      : { ...dense, bias: broadcastBias(addend, units, beta, label) };
  };
  return builder.add('dense', node.name, source, make, label);
};

function scale(tensor: Tensor, factor: number): Tensor {
  if (factor === 1) return tensor;
  return { shape: tensor.shape, data: tensor.data.map((value) => value * factor) };
}
