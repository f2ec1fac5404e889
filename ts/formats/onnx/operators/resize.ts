import { mismatch } from '../../../errors.js';
import { readAttributes } from '../attributes.js';
import { batchSize } from '../constant.js';
import { expectActivation, expectInputs, optionalConstant, unsupported } from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import { axisFrom } from '../folding/arrays.js';
import type { Activation } from '../values.js';
import { selected } from './select.js';

/** A new extent, and how many output elements there are for each input element. */
interface Target {
  readonly size: number;
  readonly scale: number;
}

export const upsample: OperatorHandler = (call) => {
  const { node, label, inputs } = call;
  expectInputs(call, 1, 2);
  const kinds = { mode: 'string', scales: 'floats' } as const;
  const { mode = 'nearest', scales: attribute } = readAttributes(node, kinds, label);
  expectNearest(mode, label);
  const source = expectActivation(inputs[0], label, 'input');
  const scales = attribute ?? listOf(call, 1, 'scales') ?? [];
  return resized(call, source, scaledSizes(scales, source, label), (place, { scale }) =>
    Math.floor(place / scale),
  );
};

const resizeAttributes = {
  antialias: 'int',
  axes: 'ints',
  coordinate_transformation_mode: 'string',
  cubic_coeff_a: 'float',
  exclude_outside: 'int',
  extrapolation_value: 'float',
  keep_aspect_ratio_policy: 'string',
  mode: 'string',
  nearest_mode: 'string',
} as const;

export const resize: OperatorHandler = (call) => {
  const { node, label, inputs, opset } = call;
  expectInputs(call, 1, 4);
  const attributes = readAttributes(node, resizeAttributes, label);
  expectNearest(attributes.mode ?? 'nearest', label);
  const policy = attributes.keep_aspect_ratio_policy ?? 'stretch';
  if (policy !== 'stretch') {
    throw unsupported(label, `keep_aspect_ratio_policy '${policy}'`, "export it with 'stretch'");
  }
  const source = expectActivation(inputs[0], label, 'input');
  // Opset 10 has scales in the second place and rounds down.
  const scales = listOf(call, opset < 11 ? 1 : 2, 'scales');
  const sizes = opset < 11 ? undefined : listOf(call, 3, 'sizes');
  const axes = attributes.axes ?? [...Array(source.shape.length + 1).keys()];
  const spread = (list: readonly number[]) => overAxes(list, axes, source, label);
  const targets =
    sizes !== undefined && sizes.length > 0
      ? sizedTargets(call, sizes, axes, source)
      : scaledSizes(spread(scales ?? []), source, label);
  const standard = opset < 11 ? 'asymmetric' : 'half_pixel';
  const position = transformation(attributes.coordinate_transformation_mode ?? standard, label);
  const round = rounding(
    attributes.nearest_mode ?? (opset < 11 ? 'floor' : 'round_prefer_floor'),
    label,
  );
  return resized(call, source, targets, (place, target, size) =>
    round(position(place, target, size)),
  );
};

function expectNearest(mode: string, label: string): void {
  if (mode === 'nearest') return;
  throw unsupported(
    label,
    `it interpolates (mode '${mode}'), which the graph has no node for`,
    "use mode 'nearest', or a ConvTranspose with the interpolation's weights",
  );
}

function listOf(call: OperatorCall, index: number, role: string): readonly number[] | undefined {
  const tensor = optionalConstant(call, index, role)?.tensor;
  return tensor === undefined || tensor.data.length === 0 ? undefined : [...tensor.data];
}

/** One number for every dimension, 1 where none is given. */
function overAxes(
  list: readonly number[],
  axes: readonly number[],
  source: Activation,
  label: string,
): number[] {
  const rank = source.shape.length + 1;
  if (list.length !== axes.length) {
    throw mismatch('E_SHAPE', `${label}: scales or sizes`, `${axes.length} numbers`, list);
  }
  const all = Array<number>(rank).fill(1);
  axes.forEach((axis, index) => (all[axisFrom(axis, rank, label)] = list[index]!));
  return all;
}

function scaledSizes(scales: readonly number[], source: Activation, label: string): Target[] {
  const [batch, ...factors] = scales;
  if (scales.length !== source.shape.length + 1) {
    throw mismatch('E_SHAPE', `${label}: scales`, `${source.shape.length + 1} numbers`, scales);
  }
  if (batch !== 1) throw unsupported(label, 'it resizes the batch', 'leave the batch as it is');
  return source.shape.map((size, axis) =>
    checked({ size: Math.floor(size * factors[axis]!), scale: factors[axis]! }, label),
  );
}

function sizedTargets(
  { label, batch }: OperatorCall,
  sizes: readonly number[],
  axes: readonly number[],
  source: Activation,
): Target[] {
  const rank = source.shape.length + 1;
  if (sizes.length !== axes.length) {
    throw mismatch('E_SHAPE', `${label}: sizes`, `${axes.length} numbers`, sizes);
  }
  const wanted: number[] = [batchSize, ...source.shape];
  axes.forEach((axis, index) => (wanted[axisFrom(axis, rank, label)] = sizes[index]!));
  const [first, ...rest] = wanted;
  if (first !== batchSize && first !== batch) {
    throw unsupported(label, 'it resizes the batch', 'leave the batch as it is');
  }
  return source.shape.map((size, axis) =>
    checked({ size: rest[axis]!, scale: rest[axis]! / size }, label),
  );
}

function checked(target: Target, label: string): Target {
  const { size, scale } = target;
  if (Number.isInteger(size) && size >= 1 && size <= 2 ** 24 && scale > 0) return target;
  throw mismatch('E_RANGE', `${label}: size`, 'whole sizes of 1 to 16777216', size);
}

type Position = (place: number, target: Target, size: number) => number;

/** Where in the input an output element lies. */
function transformation(mode: string, label: string): Position {
  const modes: Readonly<Partial<Record<string, Position>>> = {
    asymmetric: (place, { scale }) => place / scale,
    half_pixel: (place, { scale }) => (place + 0.5) / scale - 0.5,
    pytorch_half_pixel: (place, { scale, size }) => (size > 1 ? (place + 0.5) / scale - 0.5 : 0),
    align_corners: (place, { size }, own) => (size > 1 ? (place * (own - 1)) / (size - 1) : 0),
    tf_half_pixel_for_nn: (place, { scale }) => (place + 0.5) / scale,
  };
  const position = Object.hasOwn(modes, mode) ? modes[mode] : undefined;
  if (position !== undefined) return position;
  throw unsupported(
    label,
    `coordinate_transformation_mode '${mode}'`,
    `use one of ${Object.keys(modes).join(', ')}`,
  );
}

function rounding(mode: string, label: string): (position: number) => number {
  switch (mode) {
    case 'round_prefer_floor':
      return (position) => Math.ceil(position - 0.5);
    case 'round_prefer_ceil':
      return (position) => Math.floor(position + 0.5);
    case 'floor':
      return Math.floor;
    case 'ceil':
      return Math.ceil;
    default:
      throw mismatch('E_FORMAT', `${label}: nearest_mode`, 'a mode that ONNX has', mode);
  }
}

/** Repeats that are alike along the spatial dimensions make an upsample, all others selections. */
function resized(
  call: OperatorCall,
  source: Activation,
  targets: readonly Target[],
  from: (place: number, target: Target, size: number) => number,
): Activation {
  const { builder, label, node } = call;
  const indices = targets.map((target, axis) => {
    const size = source.shape[axis]!;
    const within = (place: number): number => Math.min(Math.max(place, 0), size - 1);
    return Array.from({ length: target.size }, (_, place) => within(from(place, target, size)));
  });
  const factors = indices.map((list, axis) => list.length / source.shape[axis]!);
  const isRepeat = indices.every((list, axis) => {
    const factor = factors[axis]!;
    return (
      Number.isInteger(factor) && list.every((index, place) => index === Math.floor(place / factor))
    );
  });
  const [channels, ...scale] = factors;
  if (!isRepeat || channels !== 1 || (scale.length !== 1 && scale.length !== 2)) {
    return indices.reduce<Activation>(
      (result, list, axis) => selected(call, result, axis, list, node.name),
      source,
    );
  }
  if (scale.every((factor) => factor === 1)) return source;
  return builder.add({ kind: 'upsample', scale }, node.name, source, label);
}
