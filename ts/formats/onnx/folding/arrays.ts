import { mismatch, show } from '../../../errors.js';
import { elementsOf, sameShape } from '../../sizes.js';
import { checkFolded, storageFor } from '../constant.js';
import type { ConstantTensor } from '../constant.js';

type Shape = readonly number[];

/** How far apart neighbours along each dimension lie, in row-major order. */
export function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) {
    strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  }
  return strides;
}

/**
 * Of every element of `shape` in row-major order, the place where `offset` plus its coordinates times `strides`
 * lead.
 */
export function placesOf(shape: Shape, strides: readonly number[], offset = 0): Float64Array {
  const places = new Float64Array(elementsOf(shape));
  const position = shape.map(() => 0);
  let place = offset;
  for (let index = 0; index < places.length; index += 1) {
    places[index] = place;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      place += strides[axis]!;
      position[axis]! += 1;
      if (position[axis]! < shape[axis]!) break;
      place -= strides[axis]! * shape[axis]!;
      position[axis] = 0;
    }
  }
  return places;
}

/** The elements that `places` names, under another shape. */
export function pick(
  { type, data }: ConstantTensor,
  shape: Shape,
  places: ArrayLike<number>,
): ConstantTensor {
  const picked = storageFor(type, places.length);
  for (let index = 0; index < places.length; index += 1) picked[index] = data[places[index]!]!;
  return { type, shape, data: picked };
}

/** NumPy's broadcasting of two shapes. */
export function broadcastShapes(a: Shape, b: Shape, what: string): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, index) => {
    const one = a[index - rank + a.length] ?? 1;
    const other = b[index - rank + b.length] ?? 1;
    if (one === other || other === 1) return one;
    if (one === 1) return other;
    throw mismatch('E_SHAPE', what, `a shape that broadcasts with ${show(a)}`, b);
  });
}

/** Repeats what has size 1, up to `shape`. */
export function broadcastTo(tensor: ConstantTensor, shape: Shape, what: string): ConstantTensor {
  if (sameShape(tensor.shape, shape)) return tensor;
  if (!sameShape(broadcastShapes(tensor.shape, shape, what), shape)) {
    throw mismatch('E_SHAPE', what, `a shape that broadcasts to ${show(shape)}`, tensor.shape);
  }
  checkFolded(shape, what);
  const missing = shape.length - tensor.shape.length;
  const own = stridesOf(tensor.shape);
  const strides = shape.map((_, axis) => {
    const size = tensor.shape[axis - missing] ?? 1;
    return size === 1 ? 0 : own[axis - missing]!;
  });
  return pick(tensor, shape, placesOf(shape, strides));
}

/** `axis` counted from the front, for a value of `rank` dimensions. */
export function axisFrom(axis: number, rank: number, what: string): number {
  const counted = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(counted) && counted >= 0 && counted < Math.max(rank, 1)) return counted;
  throw mismatch('E_RANGE', `${what}: axis`, `${-rank} to ${rank - 1}`, axis);
}

/** Several axes, ascending; each may be named once. */
export function axesFrom(axes: readonly number[], rank: number, what: string): number[] {
  const counted = axes.map((axis) => axisFrom(axis, rank, what)).sort((a, b) => a - b);
  if (new Set(counted).size === counted.length) return counted;
  throw mismatch('E_RANGE', `${what}: axes`, 'each axis once', axes);
}
