import { mismatch } from '../../../errors.js';
import { readAttributes } from '../attributes.js';
import { Constant, isFloating, nameOfType, storageFor } from '../constant.js';
import type { ConstantTensor } from '../constant.js';
import { expectConstant, expectInputs } from '../context.js';
import type { FoldHandler } from '../context.js';
import { TensorProto_DataType as DataType } from '../gen/onnx_pb.js';
import { bytesOfType } from '../tensors.js';

const bool: number = DataType.BOOL;

/** Types that a cast may lead to; smaller integers would have to wrap round. */
const targets: ReadonlySet<number> = new Set([
  DataType.FLOAT,
  DataType.DOUBLE,
  DataType.INT64,
  DataType.INT32,
  DataType.BOOL,
]);

/**
 * To a 16-bit type numbers are left as they are: what is computed with them is computed in float32 anyway. A batch
 * size, which is larger than an int32, is left alone too.
 */
export const cast: FoldHandler = (call) => {
  const { node, label } = call;
  expectInputs(call, 1, 1);
  const kinds = { to: 'int', saturate: 'int', round_mode: 'string' } as const;
  const { to } = readAttributes(node, kinds, label);
  return converted(expectConstant(call.inputs[0], label, 'input'), to ?? 0, label);
};

export const castLike: FoldHandler = (call) => {
  expectInputs(call, 2, 2);
  readAttributes(call.node, { saturate: 'int', round_mode: 'string' } as const, call.label);
  const [source, like] = call.inputs.map((input) => expectConstant(input, call.label, 'input'));
  return converted(source!, like!.tensor.type, call.label);
};

function converted(source: Constant, to: number, label: string): Constant {
  if (!targets.has(to) && !(isFloating(to) && bytesOfType(to) === 2)) {
    const expected = 'a cast to a float, double, int64, int32 or bool';
    throw mismatch('E_UNSUPPORTED', label, expected, nameOfType(to));
  }
  return new Constant(() => convert(source.tensor, to), source.onRounded);
}

function convert({ type, shape, data }: ConstantTensor, to: number): ConstantTensor {
  if (type === to) return { type, shape, data };
  const result = storageFor(to, data.length);
  if (to === bool) {
    data.forEach((value, index) => (result[index] = Number(value !== 0)));
  } else if (isFloating(to)) {
    result.set(data);
  } else {
    data.forEach((value, index) => (result[index] = Math.trunc(value)));
  }
  return { type: to, shape, data: result };
}
