import { mismatch, show } from '../errors.js';
import type { ConcatNode, PadNode, SelectNode, TransposeNode, UpsampleNode } from '../graph.js';
import { sameShape } from './sizes.js';
import { sizesOr } from './windows.js';

type Shape = readonly number[];

export function afterTranspose({ axes }: TransposeNode, shape: Shape, label: string): Shape {
  const each = [...axes].sort((a, b) => a - b).every((axis, index) => axis === index);
  if (!each || axes.length !== shape.length) {
    throw mismatch('E_SHAPE', `${label}: axes`, `each dimension of ${show(shape)} once`, axes);
  }
  return axes.map((axis) => shape[axis]!);
}

export function afterSelect({ axis = 0, indices }: SelectNode, shape: Shape, label: string): Shape {
  const size = shape[axis];
  if (size === undefined) {
    throw mismatch('E_RANGE', `${label}: axis`, `0 to ${shape.length - 1}`, axis);
  }
  const isIndex = (index: number) => Number.isInteger(index) && index >= 0 && index < size;
  if (indices.length === 0 || !indices.every(isIndex)) {
    throw mismatch('E_RANGE', `${label}: indices`, `some of 0 to ${size - 1}`, indices);
  }
  return shape.map((own, dimension) => (dimension === axis ? indices.length : own));
}

export function afterPad({ padding }: PadNode, shape: Shape, label: string): Shape {
  const sizes = sizesOr(padding, [2 * shape.length, 0, 0], `${label}: padding`);
  return shape.map((size, d) => size + sizes[d]! + sizes[shape.length + d]!);
}

export function afterConcat(
  { axis = 0 }: ConcatNode,
  inputs: readonly Shape[],
  label: string,
): Shape {
  const [first = []] = inputs;
  if (!Number.isInteger(axis) || axis < 0 || axis >= first.length) {
    throw mismatch('E_RANGE', `${label}: axis`, `0 to ${first.length - 1}`, axis);
  }
  const along = (shape: Shape, size: number): Shape =>
    shape.map((own, index) => (index === axis ? size : own));
  const other = inputs.find((shape) => !sameShape(along(shape, first[axis]!), first));
  if (other !== undefined) {
    throw mismatch('E_SHAPE', label, `inputs like ${show(first)} beside axis ${axis}`, other);
  }
  return along(
    first,
    inputs.reduce((sum, shape) => sum + shape[axis]!, 0),
  );
}

export function afterUpsample({ scale }: UpsampleNode, shape: Shape, label: string): Shape {
  const dims = shape.length - 1;
  if (dims < 1) throw mismatch('E_SHAPE', label, 'an input of channels with extents', shape);
  const factors = sizesOr(scale, [dims, 1, 1], `${label}: scale`);
  return shape.map((size, index) => (index === 0 ? size : size * factors[index - 1]!));
}
