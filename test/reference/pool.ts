import type { PoolNode } from '../../ts/graph.js';
import type { Arithmetic } from './arithmetic.js';
import { asPair, asPlane, indexIn, isInside, paddingBefore, positions, slid } from './plane.js';
import { poolKernel } from './shapes.js';
import { elementCount, reals } from './value.js';
import type { OperatorMaker, Value } from './value.js';

type Shape = readonly number[];

/** Of every output the input units in its window, rows first, padding left out. */
type Windows = readonly (readonly number[])[];

export function pool(
  node: PoolNode,
  input: Shape,
  output: Shape,
  arithmetic: Arithmetic,
): OperatorMaker {
  const windows = windowsOf(node, input, output);
  const kernelSize = elementCount(poolKernel(node, input));
  const average = (value: Value, countPadding: boolean): Value =>
    mapWindows(windows, (units) => {
      const factor = arithmetic.round(1 / (countPadding ? kernelSize : Math.max(units.length, 1)));
      return arithmetic.round(sumOf(units, value, arithmetic) * factor);
    });
  switch (node.mode) {
    case 'sum':
      return () =>
        ([value]) =>
          mapWindows(windows, (units) => sumOf(units, value!, arithmetic));
    case 'average':
      return () =>
        ([value]) =>
          average(value!, node.countPadding ?? false);
    case 'max':
      return () => {
        const gate = gated(windows, elementCount(input));
        return ([value]) => {
          if (!value!.spikes) return largest(windows, value!);
          return node.spikes === 'average' ? average(value!, false) : gate(value!);
        };
      };
  }
}

function windowsOf(node: PoolNode, input: Shape, output: Shape): Windows {
  const [from, to] = [asPlane(input), asPlane(output)];
  const kernel = asPair(poolKernel(node, input), 1);
  const window = {
    kernel,
    stride: node.stride === undefined ? kernel : asPair(node.stride, 1),
    dilation: asPair(node.dilation, 1),
    before: paddingBefore(node.padding),
  };
  return Array.from({ length: to.channels }, (_, channel) =>
    positions(to.size).map((position) =>
      positions(kernel)
        .map((tap) => slid(window, position, tap))
        .filter((place) => isInside(place, from.size))
        .map((place) => indexIn(from, channel, place)),
    ),
  ).flat();
}

function mapWindows(windows: Windows, result: (units: readonly number[]) => number): Value {
  return reals(Float64Array.from(windows, result));
}

function sumOf(units: readonly number[], { data }: Value, { round }: Arithmetic): number {
  return units.reduce((sum, unit) => round(sum + data[unit]!), 0);
}

function largest(windows: Windows, { data }: Value): Value {
  return mapWindows(windows, (units) =>
    units.reduce((most, unit) => (data[unit]! > most ? data[unit]! : most), data[units[0]!] ?? 0),
  );
}

/** This step's spikes of the unit that has fired most so far, this step included; the first of equals. */
function gated(windows: Windows, units: number): (value: Value) => Value {
  const totals = new Float64Array(units);
  return ({ data }) => {
    data.forEach((count, unit) => (totals[unit]! += count));
    const winners = windows.map((window) =>
      window.reduce((best, unit) => (totals[unit]! > totals[best]! ? unit : best), window[0]!),
    );
    // With dilation a window may lie in the padding altogether.
    return { spikes: true, data: Float64Array.from(winners, (unit) => data[unit] ?? 0) };
  };
}
