import { readAttributes } from '../attributes.js';
import { expectActivation, expectInputs } from '../context.js';
import type { OperatorHandler } from '../context.js';

export const relu: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 1, 1);
  readAttributes(node, {}, label);
  const source = expectActivation(inputs[0], label, 'input');
  return builder.add('relu', node.name, source, (name) => ({ kind: 'relu', name }), label);
};
