import { mismatch } from '../../../errors.js';
import { readAttributes } from '../attributes.js';
import { Constant, constantOf, wholeNumbers } from '../constant.js';
import { expectInputs } from '../context.js';
import type { FoldHandler } from '../context.js';
import { TensorProto_DataType as DataType } from '../gen/onnx_pb.js';
import { decodeTensor } from '../tensors.js';

const kinds = {
  value: 'tensor',
  value_float: 'float',
  value_floats: 'floats',
  value_int: 'int',
  value_ints: 'ints',
} as const;

export const constant: FoldHandler = (call) => {
  const { node, label, external } = call;
  expectInputs(call, 0, 0);
  if (node.attribute.length !== 1) {
    throw mismatch('E_FORMAT', `${label}: attributes`, 'exactly one', node.attribute.length);
  }
  return new Constant(() => {
    const {
      value,
      value_float: float,
      value_floats: floats,
      ...whole
    } = readAttributes(node, kinds, label);
    if (value !== undefined) return decodeTensor(value, external, label);
    if (float !== undefined) return constantOf(DataType.FLOAT, [], [float]);
    if (floats !== undefined) return constantOf(DataType.FLOAT, [floats.length], floats);
    if (whole.value_int !== undefined) return constantOf(DataType.INT64, [], [whole.value_int]);
    return wholeNumbers(whole.value_ints ?? []);
  });
};
