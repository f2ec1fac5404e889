import type { PoolMode } from '../../../graph.js';
import { elementsOf } from '../../sizes.js';
import { readAttributes } from '../attributes.js';
import { expectActivation, expectInputs, unsupported } from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import { axesFrom } from '../folding/arrays.js';
import { readAxes } from '../ranges.js';
import type { Activation } from '../values.js';
import { filled, permuted, reshaped } from './channels.js';
import { poolAll } from './pool.js';

/** A mean, sum or maximum along axes of each observation: pooling, with what stays in the place of channels. */
export function reduce(mode: PoolMode): OperatorHandler {
  return (call) => {
    const { node, label, inputs } = call;
    expectInputs(call, 1, 2);
    const kinds = { axes: 'ints', keepdims: 'int', noop_with_empty_axes: 'int' } as const;
    const attributes = readAttributes(node, kinds, label);
    const source = expectActivation(inputs[0], label, 'input');
    const given = readAxes(call, attributes.axes) ?? [];
    if (given.length === 0 && (attributes.noop_with_empty_axes ?? 0) !== 0) return source;
    const rank = source.shape.length + 1;
    const axes = axesFrom(given.length === 0 ? [...Array(rank).keys()] : given, rank, label);
    if (axes[0] === 0) {
      throw unsupported(label, 'axis 0 mixes observations', 'reduce along other axes');
    }
    const reduced = axes.map((axis) => axis - 1);
    const kept = source.shape.flatMap((_, axis) => (reduced.includes(axis) ? [] : [axis]));
    const keepsDims = (attributes.keepdims ?? 1) !== 0;
    const shape = keepsDims
      ? source.shape.map((size, axis) => (reduced.includes(axis) ? 1 : size))
      : kept.map((axis) => source.shape[axis]!);
    if (shape.length === 0) {
      throw unsupported(label, 'nothing but the batch is left of its output', 'keep dimensions');
    }
    if (kept.length === 0) return reshaped(call, reduceAll(call, source, mode), shape);
    const inOrder = permuted(call, source, [...kept, ...reduced]);
    const rows = elementsOf(kept.map((axis) => source.shape[axis]!));
    const fits = kept.length === 1 && reduced.length <= 2;
    const planes = fits
      ? inOrder
      : reshaped(call, inOrder, [rows, elementsOf(source.shape) / rows]);
    return reshaped(call, poolAll(call, planes, mode, node.name), shape);
  };
}

/** Of all elements; a mean or sum of a vector is a layer of weights. */
function reduceAll(call: OperatorCall, source: Activation, mode: PoolMode): Activation {
  const { builder, label, node } = call;
  const count = elementsOf(source.shape);
  if (mode === 'max') {
    return poolAll(call, reshaped(call, source, [1, count]), mode, node.name);
  }
  const { data } = filled(count, mode === 'sum' ? 1 : 1 / count);
  const flat = reshaped(call, source, [count]);
  return builder.add(
    { kind: 'dense', weight: { shape: [1, count], data } },
    node.name,
    flat,
    label,
  );
}
