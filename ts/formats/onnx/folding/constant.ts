import { mismatch } from '../../../errors.js';
import type { Tensor } from '../../../graph.js';
import { readAttributes } from '../attributes.js';
import { expectInputs } from '../context.js';
import type { FoldHandler } from '../context.js';
import { decodeIntegers } from '../integers.js';
import { decodeTensor } from '../tensors.js';
import { lazyConstant } from '../values.js';

const kinds = {
  value: 'tensor',
  value_float: 'float',
  value_floats: 'floats',
  value_int: 'int',
  value_ints: 'ints',
} as const;

/** Its attribute is read only when used, since what the number is used for decides what it must be. */
export const constant: FoldHandler = (call) => {
  const { node, label } = call;
  expectInputs(call, 0, 0);
  return lazyConstant(readFloats, readIntegers);

  function readOnly() {
    if (node.attribute.length !== 1) {
      throw mismatch('E_FORMAT', `${label}: attributes`, 'exactly one', node.attribute.length);
    }
    return readAttributes(node, kinds, label);
  }

  function readFloats(): Tensor {
    const { value, value_float: number, value_floats: list } = readOnly();
    if (value !== undefined) return decodeTensor(value, label);
    if (number !== undefined) return { shape: [], data: Float32Array.of(number) };
    if (list !== undefined) return { shape: [list.length], data: Float32Array.from(list) };
    throw mismatch('E_UNSUPPORTED', label, 'floating-point numbers', node.attribute[0]?.name);
  }

  function readIntegers(): readonly number[] {
    const { value, value_int: number, value_ints: list } = readOnly();
    if (value !== undefined) return decodeIntegers(value, label);
    if (number !== undefined) return [number];
    if (list !== undefined) return list;
    throw mismatch('E_UNSUPPORTED', label, 'whole numbers', node.attribute[0]?.name);
  }
};
