import { mismatch, show } from '../../../errors.js';
import type { SpiqError } from '../../../errors.js';
import type { Tensor } from '../../../graph.js';
import { elementsOf, sameShape } from '../../sizes.js';
import { broadcastShapes, broadcastTo, pick, placesOf, stridesOf } from '../folding/arrays.js';
import { unsupported } from '../context.js';
import type { OperatorCall } from '../context.js';
import { TensorProto_DataType as DataType } from '../gen/onnx_pb.js';
import type { Activation } from '../values.js';

type Shape = readonly number[];

/**
 * Applies what a graph node does to each channel where ONNX broadcasts constants over an activation: along another
 * axis than the channels that axis is moved to the front for a while; along several every element is a channel.
 * `apply` receives one value of each constant for each channel.
 */
export function withChannels(
  { builder, label }: OperatorCall,
  source: Activation,
  constants: readonly Tensor[],
  apply: (source: Activation, channels: readonly Tensor[]) => Activation,
): Activation {
  const full = constants.map((constant) => spread(constant, source.shape, label));
  const axes = source.shape.flatMap((_, axis) =>
    constants.some((constant) => varies(constant, axis, source.shape.length)) ? [axis] : [],
  );
  const [axis = 0] = axes;
  if (axes.length > 1) {
    const flat = builder.add({ kind: 'flatten' }, '', source, label);
    const result = apply(
      flat,
      full.map((data) => ({ shape: flat.shape, data })),
    );
    return builder.add({ kind: 'reshape', shape: source.shape }, '', result, label);
  }
  const size = source.shape[axis]!;
  const stride = stridesOf(source.shape)[axis]!;
  const channels = full.map((data) => ({
    shape: [size],
    data: Float32Array.from({ length: size }, (_, index) => data[index * stride]!),
  }));
  if (axis === 0) return apply(source, channels);
  const rest = source.shape.map((_, other) => other).filter((other) => other !== axis);
  const front = [axis, ...rest];
  const moved = builder.add({ kind: 'transpose', axes: front }, '', source, label);
  const back = source.shape.map((_, place) => front.indexOf(place));
  return builder.add({ kind: 'transpose', axes: back }, '', apply(moved, channels), label);
}

/** A constant with a row for each observation fixes the batch. */
export function rowOfConstants(label: string, role: string, shape: Shape): SpiqError {
  return unsupported(
    label,
    `the ${role} of shape ${show(shape)} differs from observation to observation of a batch`,
    'use one that is the same for all',
  );
}

/** One value for each element of an observation; constants may not differ from row to row of the batch. */
function spread({ shape, data }: Tensor, target: Shape, label: string): Float32Array {
  const own = shape.length > target.length ? shape.slice(1) : shape;
  const extra = shape.length - own.length;
  if (extra === 1 && shape[0] !== 1) throw rowOfConstants(label, 'constant', shape);
  if (extra > 1) {
    const expected = `shape that broadcasts over [batch, ${target.join(', ')}]`;
    throw mismatch('E_SHAPE', `${label}: constant`, expected, shape);
  }
  const tensor = { type: DataType.FLOAT, shape: own, data };
  if (!sameShape(broadcastShapes(own, target, `${label}: constant`), target)) {
    const expected = `a shape that broadcasts over [batch, ${target.join(', ')}]`;
    throw mismatch('E_SHAPE', `${label}: constant`, expected, shape);
  }
  return broadcastTo(tensor, target, `${label}: constant`).data as Float32Array;
}

/** Whether a constant has different values along an axis of an observation of `rank` dimensions. */
function varies({ shape, data }: Tensor, axis: number, rank: number): boolean {
  const own = axis - rank + shape.length;
  const size = shape[own] ?? 1;
  if (size === 1) return false;
  const strides = stridesOf(shape);
  const first = shape.map((length, d) => (d === own ? 1 : length));
  const places = placesOf(first, strides);
  const tensor = { type: DataType.FLOAT, shape, data };
  const reference = pick(tensor, first, places).data;
  for (let step = 1; step < size; step += 1) {
    for (let index = 0; index < places.length; index += 1) {
      if (data[places[index]! + step * strides[own]!] !== reference[index]) return true;
    }
  }
  return false;
}

/** The one value of an array whose elements are all the same. */
export function uniformValue({ data }: Tensor): number | undefined {
  const [first = 0] = data;
  return data.every((value) => value === first) ? first : undefined;
}

export function filled(size: number, value: number): Tensor {
  return { shape: [size], data: new Float32Array(size).fill(value) };
}

/** `factor` times an activation, all elements alike. */
export function scaled(
  { builder, label }: OperatorCall,
  source: Activation,
  factor: number,
  onnxName = '',
): Activation {
  const node = { kind: 'scale', factor: filled(source.shape[0]!, factor) } as const;
  return builder.add(node, onnxName, source, label);
}

/** The same elements under another shape: a flatten, a reshape, or nothing. */
export function reshaped(
  { builder, label }: OperatorCall,
  source: Activation,
  shape: Shape,
  onnxName = '',
): Activation {
  if (sameShape(source.shape, shape)) return source;
  if (shape.length === 1 && shape[0] === elementsOf(source.shape)) {
    return builder.add({ kind: 'flatten' }, onnxName, source, label);
  }
  return builder.add({ kind: 'reshape', shape }, onnxName, source, label);
}

/** In another order of dimensions, unless it is the order they have. */
export function permuted(
  { builder, label }: OperatorCall,
  source: Activation,
  axes: readonly number[],
  onnxName = '',
): Activation {
  if (axes.every((axis, index) => axis === index)) return source;
  return builder.add({ kind: 'transpose', axes }, onnxName, source, label);
}

/** A constant whose dimensions are meant to begin at `axis` of a value of `rank` dimensions. */
export function alongAxis({ shape, data }: Tensor, axis: number, rank: number): Tensor {
  const behind = Math.max(0, rank - axis - shape.length);
  return { shape: [...shape, ...Array<number>(shape.length === 0 ? 0 : behind).fill(1)], data };
}
