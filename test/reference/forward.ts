import type { Graph, InputNode, ReluNode } from '../../ts/graph.js';
import type { Observations, Precision } from '../../ts/native.js';
import { arithmetics } from './arithmetic.js';
import type { Arithmetic } from './arithmetic.js';
import { arrange } from './arrange.js';
import { prepared } from './encode.js';
import { operatorMaker } from './operators.js';
import { elementCount, reals } from './value.js';
import type { Value } from './value.js';

/** What a graph without neurons and without delays gives for each row, place by place. */
export function referenceForward(
  graph: Graph,
  observations: Observations,
  precision: Precision,
): Float64Array {
  const arithmetic = arithmetics[precision];
  const places = arrange(graph);
  const input = places[0]!.node as InputNode;
  const size = elementCount(input.shape);
  const outputs: number[] = [];
  for (let first = 0; first < observations.length; first += size) {
    const observation = Array.from(observations.subarray(first, first + size));
    const values = [reals(prepared(observation, input, {}, arithmetic))];
    for (const place of places.slice(1)) {
      const { node, shape, sources } = place;
      const given = sources.map((source) => values[source.place]!);
      const shapes = sources.map((source) => places[source.place]!.shape);
      values.push(
        node.kind === 'relu'
          ? rectified(node, given[0]!, shape, arithmetic)
          : operatorMaker(place, shapes, arithmetic)()(given),
      );
    }
    outputs.push(...values[places.findIndex(({ isOutput }) => isOutput)]!.data);
  }
  return Float64Array.from(outputs);
}

function rectified(
  { slope = 0, slopes, cap = Infinity }: ReluNode,
  { data }: Value,
  shape: readonly number[],
  { round }: Arithmetic,
): Value {
  const each = elementCount(shape.slice(1));
  return reals(
    data.map((value, i) => {
      if (value >= 0) return Math.min(value, round(cap));
      const factor = slopes?.data[Math.floor(i / each)] ?? slope;
      return factor === 0 && slopes === undefined ? 0 : round(round(factor) * value);
    }),
  );
}
