import { mismatch } from '../../../errors.js';
import { elementsOf } from '../../sizes.js';
import { readAttributes } from '../attributes.js';
import { batchSize } from '../constant.js';
import { expectActivation, expectConstant, expectInputs, unsupported } from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import { axisFrom } from '../folding/arrays.js';
import { checkIndices } from '../folding/rearrange.js';
import { readSlice, readSplit } from '../ranges.js';
import type { Activation } from '../values.js';
import { repeated } from './arithmetic.js';
import { withShape } from './reshape.js';

/** Elements that repetition may make; more is taken for damage. */
const mostRepeated = 2 ** 24;

/** The elements at `indices` along an axis of the observation. */
export function selected(
  { builder, label }: OperatorCall,
  source: Activation,
  axis: number,
  indices: readonly number[],
  onnxName = '',
): Activation {
  if (indices.length === 0) {
    throw unsupported(label, 'it leaves no element', 'take at least one along each axis');
  }
  const whole = source.shape[axis] === indices.length;
  if (whole && indices.every((index, place) => index === place)) return source;
  return builder.add({ kind: 'select', axis, indices }, onnxName, source, label);
}

function span(start: number, count: number, step = 1): number[] {
  return Array.from({ length: count }, (_, index) => start + index * step);
}

function mixesBatch(label: string) {
  return unsupported(
    label,
    'axis 0 takes some observations and leaves others',
    'choose another axis',
  );
}

export const slice: OperatorHandler = (call) => {
  const { node, label, inputs } = call;
  const source = expectActivation(inputs[0], label, 'input');
  return readSlice(call, [batchSize, ...source.shape]).reduce((result, range) => {
    const { axis, start, count, step } = range;
    if (axis > 0) return selected(call, result, axis - 1, span(start, count, step), node.name);
    if (start === 0 && step === 1 && count === batchSize) return result;
    throw mixesBatch(label);
  }, source);
};

export const gather: OperatorHandler = (call) => {
  const { node, label, inputs } = call;
  expectInputs(call, 2, 2);
  const { axis: given = 0 } = readAttributes(node, { axis: 'int' } as const, label);
  const source = expectActivation(inputs[0], label, 'input');
  const indices = expectConstant(inputs[1], label, 'indices').tensor;
  const axis = axisFrom(given, source.shape.length + 1, label) - 1;
  if (axis < 0) throw mixesBatch(label);
  const size = source.shape[axis]!;
  const picked = selected(call, source, axis, checkIndices(indices.data, size, label), node.name);
  const shape = [...source.shape.slice(0, axis), ...indices.shape, ...source.shape.slice(axis + 1)];
  return withShape(call, picked, shape);
};

export const split: OperatorHandler = (call) => {
  const { node, label, inputs } = call;
  expectInputs(call, 1, 2);
  const kinds = { axis: 'int', split: 'ints', num_outputs: 'int' } as const;
  const attributes = readAttributes(node, kinds, label);
  const source = expectActivation(inputs[0], label, 'input');
  const axis = axisFrom(attributes.axis ?? 0, source.shape.length + 1, label) - 1;
  if (axis < 0) throw mixesBatch(label);
  let start = 0;
  return readSplit(call, attributes, source.shape[axis]!).map((count) => {
    const part = selected(call, source, axis, span(start, count));
    start += count;
    return part;
  });
};

export const tile: OperatorHandler = (call) => {
  const { node, label, inputs } = call;
  expectInputs(call, 2, 2);
  readAttributes(node, {}, label);
  const source = expectActivation(inputs[0], label, 'input');
  const repeats = expectConstant(inputs[1], label, 'repeats').integers(`${label}: repeats`);
  if (repeats.length !== source.shape.length + 1) {
    throw mismatch('E_SHAPE', `${label}: repeats`, `${source.shape.length + 1} numbers`, repeats);
  }
  const [batch, ...times] = repeats;
  if (batch !== 1) throw unsupported(label, 'it repeats observations', 'leave the batch as it is');
  return times.reduce((result, count, axis) => {
    const size = source.shape[axis]!;
    if (!Number.isInteger(count) || count < 1 || count * elementsOf(result.shape) > mostRepeated) {
      throw mismatch('E_RANGE', `${label}: repeats`, 'numbers from 1', repeats);
    }
    const indices = span(0, size * count).map((place) => place % size);
    return selected(call, result, axis, indices, node.name);
  }, source);
};

/** Repeats dimensions of size 1; the batch is left as it is. */
export const expand: OperatorHandler = (call) => {
  const { node, label, inputs, batch } = call;
  expectInputs(call, 2, 2);
  readAttributes(node, {}, label);
  const source = expectActivation(inputs[0], label, 'input');
  const target = expectConstant(inputs[1], label, 'shape').integers(`${label}: shape`);
  const rank = source.shape.length + 1;
  if (target.length > rank) {
    throw unsupported(
      label,
      `it adds dimensions in front of the batch`,
      'leave the batch in front',
    );
  }
  const sizes = [...Array<number>(rank - target.length).fill(1), ...target];
  const [first, ...rest] = sizes;
  if (first !== 1 && first !== batchSize && first !== batch) {
    throw unsupported(label, 'it repeats observations', 'leave the batch as it is');
  }
  if (rest.some((size) => size < 1 || size > mostRepeated)) {
    throw mismatch('E_RANGE', `${label}: shape`, 'sizes from 1', target);
  }
  const shape = source.shape.map((size, axis) => (rest[axis] === 1 ? size : rest[axis]!));
  return repeated(call, source, shape);
};

/** One value after another along an axis; one that is named twice is selected twice. */
export const concat: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 1, Infinity);
  const { axis: given = 1 } = readAttributes(node, { axis: 'int' } as const, label);
  const sources = inputs.map((input) => {
    if (input?.kind !== 'constant') return expectActivation(input, label, 'input');
    throw unsupported(
      label,
      'it joins a constant to computed values',
      'make the constant a bias, or leave it out',
    );
  });
  const [first] = sources as [Activation];
  const axis = axisFrom(given, first.shape.length + 1, label) - 1;
  if (axis < 0) throw unsupported(label, 'axis 0 joins batches', 'choose another axis');
  if (sources.length === 1) return first;
  const distinct = sources.filter(
    (source, index) => sources.findIndex(({ node: other }) => other === source.node) === index,
  );
  const joined =
    distinct.length === 1
      ? first
      : builder.add({ kind: 'concat', axis }, node.name, distinct, label);
  if (distinct.length === sources.length) return joined;
  const starts = new Map<string, number>();
  let start = 0;
  for (const source of distinct) {
    starts.set(source.node, start);
    start += source.shape[axis] ?? 0;
  }
  const indices = sources.flatMap((source) =>
    span(starts.get(source.node)!, source.shape[axis] ?? 0),
  );
  return selected(call, joined, axis, indices);
};
