import { show } from '../../../errors.js';
import { elementsOf } from '../../sizes.js';
import { readAttributes } from '../attributes.js';
import { expectActivation, expectConstant, expectInputs, unsupported } from '../context.js';
import type { OperatorHandler } from '../context.js';

/** Only the reshape that PyTorch's newer exporter writes for Flatten: [batch, everything else]. */
export const reshape: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 2, 2);
  const { allowzero = 0 } = readAttributes(node, { allowzero: 'int' } as const, label);
  const source = expectActivation(inputs[0], label, 'input');
  const target = expectConstant(inputs[1], label, 'shape').readIntegers();
  const elements = elementsOf(source.shape);
  const [batch, rest] = target;
  // Without allowzero, 0 copies the size of the input's dimension; -1 is what is left over.
  const keepsBatch = (batch === -1 && rest === elements) || (batch === 0 && allowzero === 0);
  if (target.length !== 2 || !keepsBatch || (rest !== elements && rest !== -1)) {
    throw unsupported(
      label,
      `the shape ${show(target)} is not [batch, ${elements}]`,
      'use Flatten, or a reshape to [-1, features]',
    );
  }
  return builder.add('flatten', node.name, source, (name) => ({ kind: 'flatten', name }), label);
};
