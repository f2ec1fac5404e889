import { mismatch, show } from '../../../errors.js';
import { elementsOf } from '../../sizes.js';
import { readAttributes } from '../attributes.js';
import { Constant, batchSize, checkFolded, constantOf, wholeNumbers } from '../constant.js';
import { expectConstant, expectInputs, unsupported } from '../context.js';
import type { FoldCall, FoldHandler } from '../context.js';
import { TensorProto_DataType as DataType } from '../gen/onnx_pb.js';
import { readAxes } from '../ranges.js';
import { decodeTensor } from '../tensors.js';
import type { Value } from '../values.js';
import { axesFrom, broadcastShapes, broadcastTo } from './arrays.js';

/** The shape of a constant, or of an activation with the stand-in for its batch. */
function shapeOf(value: Value | undefined, label: string): readonly number[] {
  if (value?.kind === 'activation') return [batchSize, ...value.shape];
  return expectConstant(value, label, 'input').tensor.shape;
}

/** Known without the numbers, so that an activation will do. */
export const shape: FoldHandler = (call) => {
  const { node, label, inputs } = call;
  expectInputs(call, 1, 1);
  const { start = 0, end } = readAttributes(node, { start: 'int', end: 'int' } as const, label);
  return new Constant(() => wholeNumbers(shapeOf(inputs[0], label).slice(start, end)));
};

export const size: FoldHandler = (call) => {
  const { node, label, inputs } = call;
  expectInputs(call, 1, 1);
  readAttributes(node, {}, label);
  return new Constant(() =>
    constantOf(DataType.INT64, [], [elementsOf(shapeOf(inputs[0], label))]),
  );
};

/** A constant with the same numbers under the shape that `reshape` finds. */
function reshaped(
  call: FoldCall,
  reshape: (shape: readonly number[]) => readonly number[],
): Constant {
  const source = expectConstant(call.inputs[0], call.label, 'input');
  return new Constant(() => {
    const { type, shape: before, data } = source.tensor;
    const after = reshape(before);
    if (elementsOf(after) !== data.length) {
      throw mismatch('E_SHAPE', call.label, `a shape of ${data.length} elements`, after);
    }
    return { type, shape: after, data };
  }, source.onRounded);
}

export const unsqueeze: FoldHandler = (call) => {
  expectInputs(call, 1, 2);
  const { axes: attribute } = readAttributes(call.node, { axes: 'ints' } as const, call.label);
  const axes = readAxes(call, attribute) ?? [];
  return reshaped(call, (before) => {
    const rank = before.length + axes.length;
    return insertOnes(before, axesFrom(axes, rank, call.label));
  });
};

/** Ascending `axes` of the result have size 1. */
export function insertOnes(shape: readonly number[], axes: readonly number[]): number[] {
  const result = [...shape];
  for (const axis of axes) result.splice(axis, 0, 1);
  return result;
}

export const squeeze: FoldHandler = (call) => {
  expectInputs(call, 1, 2);
  const { axes: attribute } = readAttributes(call.node, { axes: 'ints' } as const, call.label);
  const axes = readAxes(call, attribute);
  return reshaped(call, (before) => removeOnes(before, axes, call.label));
};

/** Without axes, every dimension of size 1 goes. */
export function removeOnes(
  shape: readonly number[],
  axes: readonly number[] | undefined,
  label: string,
): number[] {
  const gone = new Set(
    axes === undefined
      ? shape.flatMap((size, axis) => (size === 1 ? [axis] : []))
      : axesFrom(axes, shape.length, label),
  );
  for (const axis of gone) {
    if (shape[axis] === batchSize) {
      throw unsupported(label, 'axis 0 holds the batch', 'leave the batch in front');
    }
    if (shape[axis] !== 1) throw mismatch('E_SHAPE', `${label}: axis ${axis}`, 'size 1', shape);
  }
  return shape.filter((_, axis) => !gone.has(axis));
}

export const reshape: FoldHandler = (call) => {
  const { node, label } = call;
  expectInputs(call, 1, 2);
  const kinds = { allowzero: 'int', shape: 'ints' } as const;
  const { allowzero = 0, shape: attribute } = readAttributes(node, kinds, label);
  const target = attribute ?? expectConstant(call.inputs[1], label, 'shape').integers(label);
  return reshaped(call, (before) => resolveShape(target, before, allowzero !== 0, label));
};

/** The target of a Reshape with its 0 (as before) and −1 (what is left) filled in. */
export function resolveShape(
  target: readonly number[],
  before: readonly number[],
  allowZero: boolean,
  label: string,
): number[] {
  const sizes = target.map((size, axis) => (size === 0 && !allowZero ? (before[axis] ?? 0) : size));
  const open = sizes.indexOf(-1);
  if (open >= 0) {
    const others = elementsOf(sizes.filter((_, axis) => axis !== open));
    const total = elementsOf(before);
    sizes[open] = total / others;
    if (others === 0 || !Number.isInteger(sizes[open])) {
      throw mismatch('E_SHAPE', label, `a shape for the elements of ${show(before)}`, target);
    }
  }
  if (sizes.every((size) => size >= 0)) return sizes;
  throw mismatch('E_SHAPE', label, 'sizes of at least 0, or one −1', target);
}

export const flatten: FoldHandler = (call) => {
  expectInputs(call, 1, 1);
  const { axis = 1 } = readAttributes(call.node, { axis: 'int' } as const, call.label);
  return reshaped(call, (before) => {
    const at = axis < 0 ? axis + before.length : axis;
    return [elementsOf(before.slice(0, at)), elementsOf(before.slice(at))];
  });
};

export const constantOfShape: FoldHandler = (call) => {
  const { node, label, inputs, external } = call;
  expectInputs(call, 1, 1);
  const { value } = readAttributes(node, { value: 'tensor' } as const, label);
  const sizes = expectConstant(inputs[0], label, 'shape');
  return new Constant(() => {
    const filling =
      value === undefined
        ? constantOf(DataType.FLOAT, [1], [0])
        : decodeTensor(value, external, label);
    if (filling.data.length !== 1) {
      throw mismatch('E_FORMAT', `${label}: value`, 'one number', filling.data.length);
    }
    const target = sizes.integers(label);
    checkFolded(target, label);
    return broadcastTo({ ...filling, shape: [] }, target, label);
  });
};

export const expand: FoldHandler = (call) => {
  expectInputs(call, 2, 2);
  readAttributes(call.node, {}, call.label);
  const [source, sizes] = call.inputs.map((input) => expectConstant(input, call.label, 'input'));
  return new Constant(() => {
    const target = broadcastShapes(source!.tensor.shape, sizes!.integers(call.label), call.label);
    return broadcastTo(source!.tensor, target, call.label);
  }, source!.onRounded);
};

export const range: FoldHandler = (call) => {
  expectInputs(call, 3, 3);
  readAttributes(call.node, {}, call.label);
  const [start, limit, delta] = call.inputs.map((input) =>
    expectConstant(input, call.label, 'input'),
  );
  return new Constant(() => {
    const { type } = start!.tensor;
    const [from, to, step] = [start!, limit!, delta!].map(({ tensor }) => tensor.data[0] ?? 0);
    const count = Math.max(0, Math.ceil((to! - from!) / step!));
    checkFolded([count], call.label);
    return constantOf(
      type,
      [count],
      Float64Array.from({ length: count }, (_, i) => from! + i * step!),
    );
  });
};
