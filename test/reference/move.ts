import type { PadNode, SelectNode, TransposeNode } from '../../ts/graph.js';
import type { OperatorMaker } from './value.js';

type Shape = readonly number[];

/** Of every output the input that it is, or undefined for a zero. */
type Sources = readonly (number | undefined)[];

export function moved(sources: Sources): OperatorMaker {
  return () =>
    ([value]) => ({
      spikes: value!.spikes,
      data: Float64Array.from(sources, (source) =>
        source === undefined ? 0 : value!.data[source]!,
      ),
    });
}

export function transposeSources({ axes }: TransposeNode, input: Shape, output: Shape): Sources {
  return places(output).map((place) => {
    const from = input.map(() => 0);
    axes.forEach((axis, d) => (from[axis] = place[d]!));
    return indexOf(from, input);
  });
}

export function selectSources(
  { axis = 0, indices }: SelectNode,
  input: Shape,
  output: Shape,
): Sources {
  return places(output).map((place) =>
    indexOf(
      place.map((at, d) => (d === axis ? indices[at]! : at)),
      input,
    ),
  );
}

export function padSources({ padding }: PadNode, input: Shape, output: Shape): Sources {
  return places(output).map((place) =>
    indexOf(
      place.map((at, d) => at - padding[d]!),
      input,
    ),
  );
}

/** All places of a shape in row-major order. */
function places(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (all, size) => all.flatMap((place) => Array.from({ length: size }, (_, at) => [...place, at])),
    [[]],
  );
}

function indexOf(place: Shape, shape: Shape): number | undefined {
  if (place.some((at, d) => at < 0 || at >= shape[d]!)) return undefined;
  return place.reduce((index, at, d) => index * shape[d]! + at, 0);
}
