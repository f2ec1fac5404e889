import { mismatch } from '../../../errors.js';
import { elementsOf } from '../../sizes.js';
import { readAttributes } from '../attributes.js';
import { Constant, checkFolded, isFloating, nameOfType, storageFor } from '../constant.js';
import type { ConstantTensor } from '../constant.js';
import { expectConstant, expectInputs } from '../context.js';
import type { FoldHandler } from '../context.js';
import { readSlice, readSplit } from '../ranges.js';
import type { Range } from '../ranges.js';
import { axisFrom, pick, placesOf, stridesOf } from './arrays.js';

export const gather: FoldHandler = (call) => {
  const { node, label } = call;
  expectInputs(call, 2, 2);
  const { axis = 0 } = readAttributes(node, { axis: 'int' } as const, label);
  const [source, indices] = call.inputs.map((input) => expectConstant(input, label, 'input'));
  return new Constant(() => {
    const { tensor } = source!;
    const at = axisFrom(axis, tensor.shape.length, label);
    const wanted = indices!.tensor;
    const before = tensor.shape.slice(0, at);
    const after = tensor.shape.slice(at + 1);
    const shape = [...before, ...wanted.shape, ...after];
    checkFolded(shape, label);
    const picks = checkIndices(wanted.data, tensor.shape[at] ?? 1, label);
    const inner = elementsOf(after);
    const places = new Float64Array(elementsOf(shape));
    let place = 0;
    for (let block = 0; block < elementsOf(before); block += 1) {
      for (const index of picks) {
        const from = (block * (tensor.shape[at] ?? 1) + index) * inner;
        for (let i = 0; i < inner; i += 1) places[place++] = from + i;
      }
    }
    return pick(tensor, shape, places);
  }, source!.onRounded);
};

/** Indices from the front, of `size` elements. */
export function checkIndices(indices: ArrayLike<number>, size: number, label: string): number[] {
  return Array.from(indices, (given) => {
    const index = given < 0 ? given + size : given;
    if (Number.isInteger(index) && index >= 0 && index < size) return index;
    throw mismatch('E_RANGE', `${label}: indices`, `${-size} to ${size - 1}`, given);
  });
}

export const slice: FoldHandler = (call) => {
  const source = expectConstant(call.inputs[0], call.label, 'input');
  return new Constant(
    () => cut(source.tensor, readSlice(call, source.tensor.shape)),
    source.onRounded,
  );
};

function cut(tensor: ConstantTensor, ranges: readonly Range[]): ConstantTensor {
  const shape = [...tensor.shape];
  const own = stridesOf(tensor.shape);
  const strides = [...own];
  let offset = 0;
  for (const { axis, start, count, step } of ranges) {
    shape[axis] = count;
    strides[axis] = own[axis]! * step;
    offset += own[axis]! * start;
  }
  return pick(tensor, shape, placesOf(shape, strides, offset));
}

export const split: FoldHandler = (call) => {
  const { node, label } = call;
  expectInputs(call, 1, 2);
  const kinds = { axis: 'int', split: 'ints', num_outputs: 'int' } as const;
  const attributes = readAttributes(node, kinds, label);
  const source = expectConstant(call.inputs[0], label, 'input');
  const { tensor } = source;
  const axis = axisFrom(attributes.axis ?? 0, tensor.shape.length, label);
  let start = 0;
  return readSplit(call, attributes, tensor.shape[axis] ?? 0).map((count) => {
    const part = { axis, start, count, step: 1 };
    start += count;
    return new Constant(() => cut(tensor, [part]), source.onRounded);
  });
};

export const transpose: FoldHandler = (call) => {
  const { node, label } = call;
  expectInputs(call, 1, 1);
  const { perm } = readAttributes(node, { perm: 'ints' } as const, label);
  const source = expectConstant(call.inputs[0], label, 'input');
  return new Constant(() => {
    const { tensor } = source;
    const axes = readPermutation(perm, tensor.shape.length, label);
    const strides = stridesOf(tensor.shape);
    const shape = axes.map((axis) => tensor.shape[axis]!);
    return pick(
      tensor,
      shape,
      placesOf(
        shape,
        axes.map((axis) => strides[axis]!),
      ),
    );
  }, source.onRounded);
};

/** The axes of a Transpose; left out, all in reverse. */
export function readPermutation(
  perm: readonly number[] | undefined,
  rank: number,
  label: string,
): readonly number[] {
  const axes = perm ?? Array.from({ length: rank }, (_, index) => rank - 1 - index);
  const isEach = [...axes].sort((a, b) => a - b).every((axis, index) => axis === index);
  if (isEach && axes.length === rank) return axes;
  throw mismatch('E_SHAPE', `${label}: perm`, `each of ${rank} dimensions once`, axes);
}

export const concat: FoldHandler = (call) => {
  const { node, label } = call;
  expectInputs(call, 1, Infinity);
  const { axis = 0 } = readAttributes(node, { axis: 'int' } as const, label);
  const parts = call.inputs.map((input) => expectConstant(input, label, 'input'));
  return new Constant(() =>
    join(
      parts.map(({ tensor }) => tensor),
      axis,
      label,
    ),
  );
};

function join(parts: readonly ConstantTensor[], given: number, label: string): ConstantTensor {
  const [first] = parts as [ConstantTensor];
  const axis = axisFrom(given, first.shape.length, label);
  const odd = parts.find(({ type }) => isFloating(type) !== isFloating(first.type));
  if (odd !== undefined) {
    throw mismatch('E_FORMAT', `${label}: inputs`, nameOfType(first.type), nameOfType(odd.type));
  }
  const shape = first.shape.map((size, d) =>
    d === axis ? parts.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0) : size,
  );
  const blocks = elementsOf(first.shape.slice(0, axis));
  const data = storageFor(first.type, elementsOf(shape));
  if (parts.reduce((sum, part) => sum + part.data.length, 0) !== data.length) {
    const shapes = parts.map((part) => part.shape);
    throw mismatch('E_SHAPE', label, `inputs alike beside axis ${axis}`, shapes);
  }
  let place = 0;
  for (let block = 0; block < blocks; block += 1) {
    for (const part of parts) {
      const width = part.data.length / blocks;
      data.set(part.data.subarray(block * width, (block + 1) * width), place);
      place += width;
    }
  }
  return { type: first.type, shape, data };
}

export const tile: FoldHandler = (call) => {
  expectInputs(call, 2, 2);
  readAttributes(call.node, {}, call.label);
  const [source, repeats] = call.inputs.map((input) => expectConstant(input, call.label, 'input'));
  return new Constant(() => {
    const { tensor } = source!;
    const times = repeats!.integers(call.label);
    const shape = tensor.shape.map((size, axis) => size * (times[axis] ?? 1));
    checkFolded(shape, call.label);
    const strides = stridesOf(tensor.shape);
    const own = stridesOf(shape);
    const places = Float64Array.from({ length: elementsOf(shape) }, (_, index) =>
      tensor.shape.reduce((place, size, axis) => {
        const coordinate = Math.floor(index / own[axis]!) % shape[axis]!;
        return place + (coordinate % size) * strides[axis]!;
      }, 0),
    );
    return pick(tensor, shape, places);
  }, source!.onRounded);
};
