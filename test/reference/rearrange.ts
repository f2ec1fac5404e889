import type { ConcatNode, UpsampleNode } from '../../ts/graph.js';
import type { Arithmetic } from './arithmetic.js';
import { asPair, asPlane, indexIn, positions } from './plane.js';
import { elementCount, reals } from './value.js';
import type { Value } from './value.js';

type Shape = readonly number[];

export function upsample(node: UpsampleNode, input: Shape, output: Shape): (value: Value) => Value {
  const [from, to] = [asPlane(input), asPlane(output)];
  const scale = asPair(node.scale, 1);
  const sources = Array.from({ length: to.channels }, (_, channel) =>
    positions(to.size).map(([row, column]) =>
      indexIn(from, channel, [Math.floor(row / scale[0]), Math.floor(column / scale[1])]),
    ),
  ).flat();
  return ({ spikes, data }) => ({
    spikes,
    data: Float64Array.from(sources, (source) => data[source]!),
  });
}

/** Spikes beside real values are real values. */
export function concat(
  { axis = 0 }: ConcatNode,
  shapes: readonly Shape[],
): (values: readonly Value[]) => Value {
  const blocks = elementCount(shapes[0]!.slice(0, axis));
  const widths = shapes.map((shape) => elementCount(shape.slice(axis)));
  return (values) => {
    const parts: number[] = [];
    for (let block = 0; block < blocks; block += 1) {
      values.forEach(({ data }, i) => {
        const width = widths[i]!;
        parts.push(...data.subarray(block * width, (block + 1) * width));
      });
    }
    return { spikes: values.every(({ spikes }) => spikes), data: Float64Array.from(parts) };
  };
}

/** ((a + b) + c) + … in the order of the edges. */
export function add([first, ...others]: readonly Value[], { round }: Arithmetic): Value {
  const sum = (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((value, i) => round(value + b[i]!));
  return reals(others.reduce((total, { data }) => sum(total, data), first!.data));
}
