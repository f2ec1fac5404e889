import { mismatch } from '../../../errors.js';
import { transpose } from '../../layout.js';
import { readAttributes } from '../attributes.js';
import { expectActivation, expectConstant, expectInputs } from '../context.js';
import type { OperatorHandler } from '../context.js';

/** x·W; an Add that follows brings the bias. */
export const matmul: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 2, 2);
  readAttributes(node, {}, label);
  const source = expectActivation(inputs[0], label, 'left operand');
  const matrix = expectConstant(inputs[1], label, 'right operand').read();
  if (matrix.shape.length !== 2) {
    throw mismatch('E_SHAPE', `${label}: right operand`, 'two dimensions', matrix.shape);
  }
  const weight = transpose(matrix);
  return builder.add(
    'dense',
    node.name,
    source,
    (name) => ({ kind: 'dense', name, weight }),
    label,
  );
};
