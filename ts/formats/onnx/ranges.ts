import { mismatch } from '../../errors.js';
import { axisFrom } from './folding/arrays.js';
import { readAttributes } from './attributes.js';
import { batchSize } from './constant.js';
import { expectInputs, optionalConstant } from './context.js';
import type { FoldCall } from './context.js';

/** Along one axis: where a slice begins, how many elements it takes, and the step between them. */
export interface Range {
  readonly axis: number;
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

/** Stands for the end of anything where shapes are int32. */
const wholeInt32 = 2 ** 31 - 1;

/** A Slice node's ranges over a value of `shape`, given as attributes (before opset 10) or as inputs. */
export function readSlice(call: FoldCall, shape: readonly number[]): Range[] {
  const { node, label } = call;
  expectInputs(call, 1, 5);
  const kinds = { starts: 'ints', ends: 'ints', axes: 'ints' } as const;
  const attributes = readAttributes(node, kinds, label);
  const list = (index: number, role: string) =>
    optionalConstant(call, index, role)?.integers(`${label}: ${role}`);
  const starts = list(1, 'starts') ?? attributes.starts;
  const ends = list(2, 'ends') ?? attributes.ends;
  if (starts === undefined || starts.length !== ends?.length) {
    throw mismatch('E_FORMAT', `${label}: ends`, 'as many as starts', ends ?? 'none');
  }
  const axes = list(3, 'axes') ?? attributes.axes ?? starts.map((_, index) => index);
  const steps = list(4, 'steps') ?? starts.map(() => 1);
  if (axes.length !== starts.length || steps.length !== starts.length) {
    throw mismatch('E_FORMAT', `${label}: axes and steps`, 'as many as starts', [
      axes.length,
      steps.length,
    ]);
  }
  return axes.map((given, index) => {
    const axis = axisFrom(given, shape.length, label);
    const size = shape[axis]!;
    const end = size === batchSize && ends[index]! >= wholeInt32 ? size : ends[index]!;
    return { axis, ...rangeOf(starts[index]!, end, steps[index]!, size, label) };
  });
}

/** As ONNX clamps them: starts to the first or last element, ends to one beyond. */
function rangeOf(start: number, end: number, step: number, size: number, label: string) {
  if (step === 0) throw mismatch('E_RANGE', `${label}: steps`, 'steps other than 0', step);
  const [least, most] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (place: number): number =>
    Math.min(Math.max(place < 0 ? place + size : place, least), most);
  const [from, to] = [clamp(start), clamp(end)];
  return { start: from, step, count: Math.max(0, Math.ceil((to - from) / step)) };
}

/** Axes as an attribute (before opset 13, or 18 for reductions) or as the second input. */
export function readAxes(
  call: FoldCall,
  attribute: readonly number[] | undefined,
): readonly number[] | undefined {
  const given = optionalConstant(call, 1, 'axes');
  return given?.integers(`${call.label}: axes`) ?? attribute;
}

/** The sizes of the parts of a Split along `size` elements. */
export function readSplit(
  call: FoldCall,
  { split, num_outputs: stated }: { split?: readonly number[]; num_outputs?: number },
  size: number,
): number[] {
  const given = optionalConstant(call, 1, 'split')?.integers(`${call.label}: split`) ?? split;
  const parts = call.node.output.length;
  const sizes = given ?? evenly(size, stated ?? parts);
  const sum = sizes.reduce((total, part) => total + part, 0);
  if (sizes.length === parts && sum === size && sizes.every((part) => part >= 0)) return [...sizes];
  throw mismatch('E_SHAPE', `${call.label}: split`, `${parts} parts of ${size} together`, sizes);
}

/** All parts are alike but the last, which is what remains. */
function evenly(size: number, parts: number): number[] {
  const each = Math.ceil(size / parts);
  return Array.from({ length: parts }, (_, index) =>
    Math.max(0, Math.min(each, size - index * each)),
  );
}
