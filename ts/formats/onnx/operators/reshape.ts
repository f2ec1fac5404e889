import { show } from '../../../errors.js';
import { elementsOf } from '../../sizes.js';
import { readAttributes } from '../attributes.js';
import { batchSize } from '../constant.js';
import { expectActivation, expectConstant, expectInputs, unsupported } from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import { axesFrom } from '../folding/arrays.js';
import { readPermutation } from '../folding/rearrange.js';
import { insertOnes, removeOnes, resolveShape } from '../folding/shapes.js';
import { readAxes } from '../ranges.js';
import type { Activation, Tail, Value } from '../values.js';
import { permuted, reshaped } from './channels.js';
import { behind, rearrangedTail } from './tail.js';

export const flatten: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 1, 1);
  const { axis = 1 } = readAttributes(node, { axis: 'int' } as const, label);
  const source = shapedInput(call);
  const rank = source.shape.length + 1;
  if ((axis < 0 ? axis + rank : axis) !== 1) {
    throw unsupported(label, `axis ${axis} mixes observations`, 'export it with axis = 1');
  }
  if (source.kind === 'tail') return rearrangedTail(source, [elementsOf(source.shape)]);
  return builder.add(
    { kind: 'flatten' },
    node.name,
    expectActivation(inputs[0], label, 'input'),
    label,
  );
};

/** A Tail may be given another shape too, since that is what often follows an ArgMax. */
function shapedInput({ inputs, label }: OperatorCall): Activation | Tail {
  const [value] = inputs;
  return value?.kind === 'tail' ? value : expectActivation(value, label, 'input');
}

/** A shape without dimensions beside the batch is one that only an output can have. */
export function withShape(
  call: OperatorCall,
  source: Activation | Tail,
  shape: readonly number[],
): Value {
  if (source.kind === 'tail') return rearrangedTail(source, shape);
  if (shape.length > 0) return reshaped(call, source, shape, call.node.name);
  return behind(call, source, shape, {
    why: 'it leaves nothing but the batch',
    whatToDo: 'keep the dimension of size 1',
  });
}

export const reshape: OperatorHandler = (call) => {
  const { node, label, inputs } = call;
  expectInputs(call, 1, 2);
  const kinds = { allowzero: 'int', shape: 'ints' } as const;
  const { allowzero = 0, shape: attribute } = readAttributes(node, kinds, label);
  const source = shapedInput(call);
  const target = attribute ?? expectConstant(inputs[1], label, 'shape').integers(`${label}: shape`);
  return withShape(call, source, restOf(target, source.shape, call, allowzero !== 0));
};

/** What the target of a Reshape leaves beside the batch, which has to stay what it is. */
function restOf(
  target: readonly number[],
  before: readonly number[],
  { batch, label }: OperatorCall,
  allowZero: boolean,
): readonly number[] {
  const elements = elementsOf(before);
  const [first, ...rest] = target.map((size, axis) => {
    if (size !== 0 || allowZero) return size;
    return axis === 0 ? batchSize : (before[axis - 1] ?? 0);
  });
  const keepsBatch = first === batchSize || (batch !== undefined && first === batch);
  const fits = keepsBatch
    ? rest.every((size) => size < batchSize) && isWhole(rest, elements)
    : first === -1 && !rest.includes(-1) && elementsOf(rest) === elements;
  if (fits) return resolveShape(rest, before, true, label);
  const shown = target.map((size) => (size === batchSize ? 'batch' : size));
  throw unsupported(
    label,
    `the shape ${show(shown)} is not [batch, …] of the ${elements} elements of each observation`,
    'use Flatten, or a reshape to [-1, …] that keeps the batch apart',
  );
}

function isWhole(sizes: readonly number[], elements: number): boolean {
  const known = elementsOf(sizes.filter((size) => size !== -1));
  const open = sizes.filter((size) => size === -1).length;
  return open === 0 ? known === elements : open === 1 && known > 0 && elements % known === 0;
}

function dimensionsOf(source: Activation | Tail): number[] {
  return [batchSize, ...source.shape];
}

function withoutBatch(shape: readonly number[], label: string): number[] {
  if (shape[0] === batchSize) return shape.slice(1);
  throw unsupported(
    label,
    'it adds or removes the batch dimension',
    'leave that dimension as it is',
  );
}

export const squeeze: OperatorHandler = (call) => {
  const { node, label } = call;
  expectInputs(call, 1, 2);
  const { axes: attribute } = readAttributes(node, { axes: 'ints' } as const, label);
  const source = shapedInput(call);
  const shape = removeOnes(dimensionsOf(source), readAxes(call, attribute), label);
  return withShape(call, source, withoutBatch(shape, label));
};

export const unsqueeze: OperatorHandler = (call) => {
  const { node, label } = call;
  expectInputs(call, 1, 2);
  const { axes: attribute } = readAttributes(node, { axes: 'ints' } as const, label);
  const source = shapedInput(call);
  const axes = readAxes(call, attribute) ?? [];
  const rank = source.shape.length + 1 + axes.length;
  const shape = insertOnes(dimensionsOf(source), axesFrom(axes, rank, label));
  return withShape(call, source, withoutBatch(shape, label));
};

export const transpose: OperatorHandler = (call) => {
  const { node, label, inputs } = call;
  expectInputs(call, 1, 1);
  const { perm } = readAttributes(node, { perm: 'ints' } as const, label);
  const source = expectActivation(inputs[0], label, 'input');
  const [first, ...axes] = readPermutation(perm, source.shape.length + 1, label);
  if (first !== 0) {
    throw unsupported(label, 'it moves the batch dimension', 'leave that dimension in front');
  }
  return permuted(
    call,
    source,
    axes.map((axis) => axis - 1),
    node.name,
  );
};
