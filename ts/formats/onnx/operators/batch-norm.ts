import { readAttributes } from '../attributes.js';
import { expectActivation, expectConstant, expectInputs, unsupported } from '../context.js';
import type { OperatorHandler } from '../context.js';

export const batchNorm: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 5, 5);
  const kinds = {
    epsilon: 'float',
    is_test: 'int',
    momentum: 'float',
    spatial: 'int',
    training_mode: 'int',
  } as const;
  const attributes = readAttributes(node, kinds, label);
  const { epsilon = Math.fround(1e-5), spatial = 1 } = attributes;
  // Opset 6 has the opposite attribute.
  const testing = call.opset < 7 ? (attributes.is_test ?? 0) : 1;
  const training = testing === 0 ? 1 : (attributes.training_mode ?? 0);
  if (training !== 0) {
    throw unsupported(
      label,
      'in training mode it depends on the other observations of a batch',
      'export the network in inference mode (model.eval() in PyTorch)',
    );
  }
  if (spatial !== 1) {
    throw unsupported(
      label,
      'spatial = 0 normalises every element',
      'export it with a newer opset',
    );
  }
  const source = expectActivation(inputs[0], label, 'input');
  const [scale, shift, mean, variance] = ['scale', 'B', 'mean', 'var'].map((role, index) =>
    expectConstant(inputs[index + 1], label, role).floats(`${label}: ${role}`),
  );
  const norm = { scale: scale!, shift: shift!, mean: mean!, variance: variance!, epsilon };
  return builder.add({ kind: 'batch_norm', ...norm }, node.name, source, label);
};
