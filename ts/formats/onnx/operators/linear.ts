import { mismatch, show } from '../../../errors.js';
import type { Tensor } from '../../../graph.js';
import { transpose } from '../../layout.js';
import { readAttributes } from '../attributes.js';
import {
  expectActivation,
  expectConstant,
  expectInputs,
  optionalConstant,
  unsupported,
} from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import type { Activation } from '../values.js';
import { permuted, rowOfConstants } from './channels.js';

/** Y = alpha·A·B + beta·C: a dense layer if A is the activation. */
export const gemm: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 2, 3);
  const kinds = {
    alpha: 'float',
    beta: 'float',
    // Opset 6 says that C is spread over the rows, which it always is now.
    broadcast: 'int',
    transA: 'int',
    transB: 'int',
  } as const;
  const { alpha = 1, beta = 1, transA = 0, transB = 0 } = readAttributes(node, kinds, label);
  if (transA !== 0) {
    throw unsupported(
      label,
      'transA swaps the batch with the features',
      'export it with transA = 0',
    );
  }
  const source = expectActivation(inputs[0], label, 'input A');
  const matrix = readMatrix(call, 1, 'input B');
  const weight = scale(transB === 0 ? transpose(matrix) : matrix, alpha);
  const addend = optionalConstant(call, 2, 'input C')?.floats(`${label}: input C`);
  const bias = addend && broadcastBias(addend, weight.shape[0] ?? 0, beta, label);
  return builder.add({ kind: 'dense', weight, ...(bias && { bias }) }, node.name, source, label);
};

function readMatrix({ inputs, label }: OperatorCall, index: number, role: string): Tensor {
  const matrix = expectConstant(inputs[index], label, role).floats(`${label}: ${role}`);
  if (matrix.shape.length === 2) return matrix;
  throw unsupported(
    label,
    `${role} of shape ${show(matrix.shape)} is no matrix that all observations share`,
    'use a weight of two dimensions',
  );
}

function scale(tensor: Tensor, factor: number): Tensor {
  if (factor === 1) return tensor;
  return { shape: tensor.shape, data: tensor.data.map((value) => value * factor) };
}

/** Spreads a scalar, [n], [1] or [1, n] over `units`, as ONNX broadcasts it over the batch. */
function broadcastBias(constant: Tensor, units: number, factor: number, label: string): Tensor {
  const width = constant.shape.at(-1) ?? 1;
  const rows = constant.shape.slice(0, -1);
  if (rows.length === 1 && rows[0] !== 1) throw rowOfConstants(label, 'bias', constant.shape);
  if (rows.length > 1 || (width !== 1 && width !== units)) {
    const expected = `[], [1], [${units}] or [1, ${units}]`;
    throw mismatch('E_SHAPE', `${label}: bias`, expected, constant.shape);
  }
  const data = Float32Array.from({ length: units }, (_, unit) => {
    return factor * (constant.data[width === 1 ? 0 : unit] ?? 0);
  });
  return { shape: [units], data };
}

/** x·W; an Add that follows brings the bias. */
export const matmul: OperatorHandler = (call) => {
  const { node, label, inputs } = call;
  expectInputs(call, 2, 2);
  readAttributes(node, {}, label);
  if (inputs[0]?.kind === 'constant') return fromTheLeft(call);
  const source = expectActivation(inputs[0], label, 'left operand');
  if (inputs[1]?.kind !== 'constant') {
    expectActivation(inputs[1], label, 'right operand');
    throw unsupported(
      label,
      'it multiplies two computed values (as attention does), which spikes cannot',
      'use layers whose weights are constant',
    );
  }
  const weight = transpose(readMatrix(call, 1, 'right operand'));
  const { shape } = source;
  if (shape.length === 1) {
    return call.builder.add({ kind: 'dense', weight }, node.name, source, label);
  }
  const last = shape.length - 1;
  const places = [...shape.keys()];
  const channelsFirst = [last, ...places.slice(0, -1)];
  const channelsLast = [...places.slice(1), 0];
  const product = pointwise(call, permuted(call, source, channelsFirst), weight);
  return permuted(call, product, channelsLast);
};

/** The same layer at every position: a convolution whose kernel has size 1. */
function pointwise(call: OperatorCall, source: Activation, weight: Tensor): Activation {
  const { builder, label, node } = call;
  const dims = source.shape.length - 1;
  if (dims > 2) {
    throw unsupported(
      label,
      `a layer on values of ${dims + 2} dimensions`,
      'flatten the values before it',
    );
  }
  const shape = [...weight.shape, ...Array<number>(dims).fill(1)];
  const kernel = { shape, data: weight.data };
  return builder.add({ kind: 'conv', weight: kernel }, node.name, source, label);
}

/** W·X for X of [batch, features, positions]. */
function fromTheLeft(call: OperatorCall): Activation {
  const { label, inputs } = call;
  const source = expectActivation(inputs[1], label, 'right operand');
  if (source.shape.length === 2)
    return pointwise(call, source, readMatrix(call, 0, 'left operand'));
  throw unsupported(
    label,
    'a constant on the left of a matrix product mixes the observations of a batch',
    'write it as x·W with the constant on the right',
  );
}
