import { mismatch, show } from '../errors.js';

/** What slides over the spatial dimensions; all lists are of one length. */
export interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

interface Given {
  readonly stride?: readonly number[] | undefined;
  readonly dilation?: readonly number[] | undefined;
  readonly padding?: readonly number[] | undefined;
}

/** `given`, or `count` times `standard` where it is left out. */
export function sizesOr(
  given: readonly number[] | undefined,
  [count, standard, least]: readonly [count: number, standard: number, least: number],
  what: string,
): readonly number[] {
  if (given === undefined) return Array<number>(count).fill(standard);
  if (given.length !== count) throw mismatch('E_SHAPE', what, `${count} sizes`, given);
  if (given.some((size) => !Number.isSafeInteger(size) || size < least)) {
    throw mismatch('E_RANGE', what, `whole sizes of at least ${least}`, given);
  }
  return given;
}

export function windowOf(kernel: readonly number[], given: Given, what: string): Window {
  const dims = kernel.length;
  const padding = sizesOr(given.padding, [2 * dims, 0, 0], `${what} padding`);
  return {
    kernel,
    stride: sizesOr(given.stride, [dims, 1, 1], `${what} stride`),
    dilation: sizesOr(given.dilation, [dims, 1, 1], `${what} dilation`),
    before: padding.slice(0, dims),
    after: padding.slice(dims),
  };
}

/** Extent from the first to the last element that a window looks at. */
export function reach(window: Window, axis: number): number {
  return window.dilation[axis]! * (window.kernel[axis]! - 1) + 1;
}

/** Extents after a window has slid over extents of `shape`, which begins with the channels. */
export function slide(shape: readonly number[], window: Window, what: string): number[] {
  return shape.slice(1).map((extent, axis) => {
    const room = extent + window.before[axis]! + window.after[axis]! - reach(window, axis);
    if (room < 0) throw mismatch('E_SHAPE', what, 'an input with room for the kernel', shape);
    return Math.floor(room / window.stride[axis]!) + 1;
  });
}

/** The same for a transposed convolution, whose output is `extra` longer. */
export function spread(
  shape: readonly number[],
  window: Window,
  extra: readonly number[],
  what: string,
): number[] {
  return shape.slice(1).map((extent, axis) => {
    const padding = window.before[axis]! + window.after[axis]!;
    const size = (extent - 1) * window.stride[axis]! - padding + reach(window, axis) + extra[axis]!;
    if (size < 1) throw mismatch('E_SHAPE', what, 'an input with room for the kernel', shape);
    return size;
  });
}

/** Refuses an input without the channels and dimensions that a window needs. */
export function expectChannels(
  shape: readonly number[],
  channels: number,
  dims: number,
  what: string,
): void {
  if (shape.length === dims + 1 && shape[0] === channels) return;
  const expected = `an input of ${channels} channels and ${dims} further dimensions`;
  throw mismatch('E_SHAPE', what, expected, show(shape));
}
