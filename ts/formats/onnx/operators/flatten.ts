import { readAttributes } from '../attributes.js';
import { expectActivation, expectInputs, unsupported } from '../context.js';
import type { OperatorHandler } from '../context.js';

export const flatten: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 1, 1);
  const { axis = 1 } = readAttributes(node, { axis: 'int' } as const, label);
  const source = expectActivation(inputs[0], label, 'input');
  const rank = source.shape.length + 1;
  if ((axis < 0 ? axis + rank : axis) !== 1) {
    throw unsupported(label, `axis ${axis} mixes observations`, 'export it with axis = 1');
  }
  return builder.add('flatten', node.name, source, (name) => ({ kind: 'flatten', name }), label);
};
