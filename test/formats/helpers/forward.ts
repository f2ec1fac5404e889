import type { DenseNode, Graph, GraphNode, Tensor } from '../../../ts/graph.js';
import { orderedSteps, shapesOf } from '../../../ts/formats/graph-structure.js';
import { elementsOf } from '../../../ts/formats/sizes.js';
import { conv, convTranspose, imageOf, pool, upsample } from './forward-windows.js';

type Shape = readonly number[];

interface Value {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** A plain float32 forward pass: slow, and simple enough to be believed. */
export function referenceForward(graph: Graph, rows: Float32Array, count: number): Float32Array {
  const steps = orderedSteps(graph, 'test graph');
  const shapes = shapesOf(graph, 'test graph');
  const width = rows.length / count;
  const results: Float32Array[] = [];
  for (let row = 0; row < count; row += 1) {
    const values = new Map<string, Value>();
    for (const { node, sources } of steps) {
      const inputs = sources.map((source) => values.get(source.node.name)!);
      const shape = shapes.get(node.name)!;
      const given = { shape, data: rows.subarray(row * width, (row + 1) * width) };
      values.set(node.name, { shape, data: compute(node, inputs[0] ?? given, inputs, shape) });
    }
    for (const output of graph.outputs) results.push(values.get(output)!.data);
  }
  const joined = new Float32Array(results.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of results) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function compute(
  node: GraphNode,
  before: Value,
  inputs: readonly Value[],
  shape: Shape,
): Float32Array {
  const [input, output] = [imageOf(before.shape, before.data), new Float32Array(elementsOf(shape))];
  const image = imageOf(shape, output);
  switch (node.kind) {
    case 'dense':
      return dense(node, before.data);
    case 'input':
    case 'scale':
      return perChannel(before, (value, c) => {
        return value * (node.factor?.data[c] ?? 1) + (node.offset?.data[c] ?? 0);
      });
    case 'batch_norm':
      return perChannel(before, (value, c) => {
        const deviation = Math.sqrt(node.variance.data[c]! + (node.epsilon ?? 1e-5));
        return (
          (node.scale.data[c]! * (value - node.mean.data[c]!)) / deviation + node.shift.data[c]!
        );
      });
    case 'relu':
      return perChannel(before, (value, c) => {
        const slope = node.slopes?.data[c] ?? node.slope ?? 0;
        return value >= 0 ? Math.min(value, node.cap ?? Infinity) : value * slope;
      });
    case 'conv':
      conv(node, input, image);
      return output;
    case 'conv_transpose':
      convTranspose(node, input, image);
      return output;
    case 'pool':
      pool(node, input, image, shape.length - 1);
      return output;
    case 'upsample':
      upsample(node, input, image);
      return output;
    case 'flatten':
    case 'reshape':
      return before.data;
    case 'transpose':
      return moved(before, shape, (place) => unsort(place, node.axes));
    case 'select':
      return moved(before, shape, (place) =>
        place.map((at, axis) => (axis === (node.axis ?? 0) ? node.indices[at]! : at)),
      );
    case 'pad':
      return moved(before, shape, (place) => place.map((at, axis) => at - node.padding[axis]!));
    case 'concat': {
      const axis = node.axis ?? 0;
      return Float32Array.from(output, (_, index) => {
        const place = placeAt(index, shape);
        const part = inputs.find((candidate) => {
          if (place[axis]! < candidate.shape[axis]!) return true;
          place[axis]! -= candidate.shape[axis]!;
          return false;
        })!;
        return part.data[indexAt(place, part.shape)!]!;
      });
    }
    case 'add':
      return output.map((_, index) => inputs.reduce((sum, { data }) => sum + data[index]!, 0));
    case 'neuron':
    case 'accumulator':
      throw new Error(`the reference computes float graphs only, not ${node.kind}`);
  }
}

function dense({ weight, bias }: DenseNode, input: Float32Array): Float32Array {
  const units = weight.shape[0]!;
  const output = new Float32Array(units);
  for (let unit = 0; unit < units; unit += 1) {
    let sum = biasOf(bias, unit);
    for (let index = 0; index < input.length; index += 1) {
      sum += weight.data[unit * input.length + index]! * input[index]!;
    }
    output[unit] = sum;
  }
  return output;
}

function biasOf(bias: Tensor | undefined, unit: number): number {
  return bias?.data[unit] ?? 0;
}

function perChannel(
  { shape, data }: Value,
  change: (value: number, channel: number) => number,
): Float32Array {
  const extent = data.length / shape[0]!;
  return data.map((value, index) => change(value, Math.floor(index / extent)));
}

/** Every element from the place that `from` names, or 0 where there is none. */
function moved(
  source: Value,
  shape: Shape,
  from: (place: readonly number[]) => readonly number[],
): Float32Array {
  return Float32Array.from({ length: elementsOf(shape) }, (_, index) => {
    const at = indexAt(from(placeAt(index, shape)), source.shape);
    return at === undefined ? 0 : source.data[at]!;
  });
}

function unsort(place: readonly number[], axes: readonly number[]): number[] {
  const source = place.map(() => 0);
  axes.forEach((axis, d) => (source[axis] = place[d]!));
  return source;
}

function placeAt(index: number, shape: Shape): number[] {
  const place = shape.map(() => 0);
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    place[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return place;
}

function indexAt(place: readonly number[], shape: Shape): number | undefined {
  let index = 0;
  for (const [axis, size] of shape.entries()) {
    const at = place[axis]!;
    if (at < 0 || at >= size) return undefined;
    index = index * size + at;
  }
  return index;
}
