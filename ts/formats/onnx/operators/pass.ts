import { readAttributes } from '../attributes.js';
import { isFloating, nameOfType } from '../constant.js';
import { expectActivation, expectInputs, unsupported } from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import type { Value } from '../values.js';

function source({ inputs, label }: OperatorCall): Value {
  return inputs[0]?.kind === 'tail' ? inputs[0] : expectActivation(inputs[0], label, 'input');
}

/** Another name for the same value: no node of its own. */
export const identity: OperatorHandler = (call) => {
  expectInputs(call, 1, 1);
  readAttributes(call.node, {}, call.label);
  return source(call);
};

/** Everything is computed in floating point, so that whole numbers of the input are what they are. */
export const cast: OperatorHandler = (call) => {
  const { node, label } = call;
  expectInputs(call, 1, 1);
  const kinds = { to: 'int', saturate: 'int', round_mode: 'string' } as const;
  const { to = 0 } = readAttributes(node, kinds, label);
  const value = source(call);
  if (value.kind === 'tail' || isFloating(to)) return value;
  throw unsupported(
    label,
    `the cast to ${nameOfType(to)} rounds computed values`,
    'export the network without it',
  );
};

/** Acts in training only; its mask is no output that anything may use. */
export const dropout: OperatorHandler = (call) => {
  const { node, label, inputs, opset } = call;
  expectInputs(call, 1, 3);
  const kinds = { is_test: 'int', ratio: 'float', seed: 'int' } as const;
  const { is_test: testing = 0 } = readAttributes(node, kinds, label);
  const mode = inputs[2];
  const trains = mode !== undefined && (mode.kind !== 'constant' || mode.tensor.data[0] !== 0);
  if (trains || (opset < 7 && testing === 0)) {
    throw unsupported(
      label,
      'it is in training mode',
      'export the network in inference mode (model.eval() in PyTorch)',
    );
  }
  return source(call);
};
