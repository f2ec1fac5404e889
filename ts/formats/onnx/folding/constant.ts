import { mismatch } from '../../../errors.js';
import { readAttributes } from '../attributes.js';
import { expectInputs } from '../context.js';
import type { FoldHandler } from '../context.js';
import { decodeTensor } from '../tensors.js';
import { lazyConstant } from '../values.js';

const kinds = { value: 'tensor', value_float: 'float', value_floats: 'floats' } as const;

/** Read only when used: exporters leave integer constants of shapes about. */
export const constant: FoldHandler = (call) => {
  expectInputs(call, 0, 0);
  return lazyConstant(() => {
    const { node, label } = call;
    const { value, value_float: number, value_floats: list } = readAttributes(node, kinds, label);
    if (node.attribute.length !== 1) {
      throw mismatch('E_FORMAT', `${label}: attributes`, 'exactly one', node.attribute.length);
    }
    if (value !== undefined) {
      const { shape, data } = decodeTensor(value, label);
      return { shape, data };
    }
    if (number !== undefined) return { shape: [], data: Float32Array.of(number) };
    const data = Float32Array.from(list ?? []);
    return { shape: [data.length], data };
  });
};
