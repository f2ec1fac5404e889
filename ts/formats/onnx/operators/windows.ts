import { mismatch } from '../../../errors.js';
import { unsupported } from '../context.js';

export const windowAttributes = {
  auto_pad: 'string',
  dilations: 'ints',
  kernel_shape: 'ints',
  pads: 'ints',
  strides: 'ints',
} as const;

export interface WindowAttributes {
  readonly auto_pad?: string;
  readonly dilations?: readonly number[];
  readonly kernel_shape?: readonly number[];
  readonly pads?: readonly number[];
  readonly strides?: readonly number[];
}

export interface Sliding {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

/** Refuses what the graph has no windows for. */
export function expectPlanes(dims: number, label: string): void {
  if (dims === 1 || dims === 2) return;
  throw unsupported(
    label,
    `it works on ${dims} spatial dimensions, spiq on one or two`,
    'use 1-D or 2-D layers',
  );
}

export function readSliding(
  attributes: WindowAttributes,
  kernel: readonly number[],
  label: string,
): Sliding {
  const { kernel_shape: stated = kernel, strides, dilations } = attributes;
  if (stated.length !== kernel.length || stated.some((size, d) => size !== kernel[d])) {
    throw mismatch(
      'E_SHAPE',
      `${label}: kernel_shape`,
      `the weight's ${kernel.join(' × ')}`,
      stated,
    );
  }
  const ones = kernel.map(() => 1);
  const sizes = (list: readonly number[], what: string): readonly number[] => {
    const sound = list.length === kernel.length && list.every((size) => size >= 1);
    if (sound) return list;
    throw mismatch('E_RANGE', `${label}: ${what}`, `${kernel.length} sizes of at least 1`, list);
  };
  return {
    kernel: sizes(kernel, 'kernel'),
    stride: sizes(strides ?? ones, 'strides'),
    dilation: sizes(dilations ?? ones, 'dilations'),
  };
}

export function reachOf({ kernel, dilation }: Sliding): number[] {
  return kernel.map((size, d) => (size - 1) * dilation[d]! + 1);
}

/** All begins, then all ends, as `pads` or `auto_pad` says, for a window over `extents`. */
export function readPads(
  attributes: WindowAttributes,
  sliding: Sliding,
  extents: readonly number[],
  label: string,
): number[] {
  const mode = readAutoPad(attributes, label);
  if (mode === 'VALID') return extents.flatMap(() => [0, 0]);
  if (mode === 'NOTSET') return explicitPads(attributes.pads, extents.length, label);
  const reach = reachOf(sliding);
  const total = extents.map((extent, d) => {
    const places = Math.ceil(extent / sliding.stride[d]!);
    return Math.max(0, (places - 1) * sliding.stride[d]! + reach[d]! - extent);
  });
  return halved(total, mode === 'SAME_UPPER');
}

export function explicitPads(
  pads: readonly number[] | undefined,
  dims: number,
  label: string,
): number[] {
  if (pads === undefined) return Array<number>(2 * dims).fill(0);
  if (pads.length === 2 * dims && pads.every((pad) => pad >= 0)) return [...pads];
  throw mismatch('E_RANGE', `${label}: pads`, `${2 * dims} sizes of at least 0`, pads);
}

/** Begins and ends that share each total; of an odd one the end (or else the begin) has one more. */
export function halved(total: readonly number[], endHasMore: boolean): number[] {
  const less = total.map((pad) => Math.floor(pad / 2));
  const more = total.map((pad) => Math.ceil(pad / 2));
  return endHasMore ? [...less, ...more] : [...more, ...less];
}

export function readAutoPad({ auto_pad: given }: WindowAttributes, label: string): string {
  const mode = given === undefined || given === '' ? 'NOTSET' : given;
  const modes = ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'];
  if (modes.includes(mode)) return mode;
  throw mismatch('E_FORMAT', `${label}: auto_pad`, modes.join(', '), mode);
}
