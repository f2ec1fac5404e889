import { readAttributes } from '../attributes.js';
import { expectInputs, unsupported } from '../context.js';
import type { OperatorHandler } from '../context.js';
import { broadcastBias } from './bias.js';

/** The bias of a MatMul, in either operand order. */
export const add: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 2, 2);
  readAttributes(node, {}, label);
  const activation = inputs.find((input) => input?.kind === 'activation');
  const constant = inputs.find((input) => input?.kind === 'constant');
  if (activation === undefined || constant === undefined) {
    throw unsupported(
      label,
      'the sum of two computed values is not supported',
      'use a network in which every layer reads from one other',
    );
  }
  builder.expectUsable(activation, label);
  const dense = builder.denseWithoutBias(activation);
  if (dense === undefined) {
    throw unsupported(
      label,
      'a constant can only be added right after a MatMul, or a Gemm without C, as its bias',
      'fold this constant into the weights before exporting',
    );
  }
  const bias = broadcastBias(constant.read(), dense.weight.shape[0] ?? 0, 1, label);
  return builder.fuseBias(dense, activation, bias, label);
};
