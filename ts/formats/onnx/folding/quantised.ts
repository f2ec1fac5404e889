import { mismatch } from '../../../errors.js';
import { readAttributes } from '../attributes.js';
import { Constant, storageFor } from '../constant.js';
import type { ConstantTensor } from '../constant.js';
import { expectConstant, expectInputs, optionalConstant } from '../context.js';
import type { FoldHandler } from '../context.js';
import { TensorProto_DataType as DataType } from '../gen/onnx_pb.js';
import { axisFrom } from './arrays.js';

/** (x − zero point) · scale, with one scale for all or one for each index along `axis`. */
export const dequantise: FoldHandler = (call) => {
  const { node, label } = call;
  expectInputs(call, 2, 3);
  const kinds = { axis: 'int', block_size: 'int', output_dtype: 'int' } as const;
  const { axis = 1, block_size: block = 0 } = readAttributes(node, kinds, label);
  if (block !== 0) throw mismatch('E_UNSUPPORTED', `${label}: block_size`, '0', block);
  const source = expectConstant(call.inputs[0], label, 'input');
  const scale = expectConstant(call.inputs[1], label, 'scale');
  const zero = optionalConstant(call, 2, 'zero point');
  return new Constant(() => dequantised(source.tensor, scale.tensor, zero?.tensor, axis, label));
};

function dequantised(
  { shape, data }: ConstantTensor,
  scale: ConstantTensor,
  zero: ConstantTensor | undefined,
  axis: number,
  label: string,
): ConstantTensor {
  const parts = scale.data.length;
  const at = parts === 1 ? 0 : axisFrom(axis, shape.length, label);
  const fits = parts === 1 || (scale.shape.length === 1 && shape[at] === parts);
  if (!fits || (zero !== undefined && zero.data.length !== parts)) {
    const expected = `one number, or one for each of the ${shape[at] ?? 1} along axis ${at}`;
    throw mismatch('E_SHAPE', `${label}: scale and zero point`, expected, scale.shape);
  }
  const inner = shape.slice(at + 1).reduce((product, size) => product * size, 1);
  const result = storageFor(DataType.FLOAT, data.length);
  for (let index = 0; index < data.length; index += 1) {
    const part = parts === 1 ? 0 : Math.floor(index / inner) % parts;
    result[index] = (data[index]! - (zero?.data[part] ?? 0)) * scale.data[part]!;
  }
  return { type: DataType.FLOAT, shape, data: result };
}
