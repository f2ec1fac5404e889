import { mismatch, phrase } from '../errors.js';
import type { BatchNormNode, ConvNode, DenseNode, GraphNode, PoolNode, Tensor } from '../graph.js';
import { elementsOf } from '../formats/sizes.js';
import { ConnectionsBuilder, identity, type Connections } from './connections.js';
import { eachOutput, windowSize, type Sliding } from './windows.js';

type Shape = readonly number[];

export type LinearNode = Extract<
  GraphNode,
  {
    kind:
      | 'dense'
      | 'conv'
      | 'pool'
      | 'batch_norm'
      | 'scale'
      | 'flatten'
      | 'reshape'
      | 'transpose'
      | 'select'
      | 'pad'
      | 'upsample';
  }
>;

const linearKinds: readonly string[] = [
  'dense',
  'conv',
  'pool',
  'batch_norm',
  'scale',
  'flatten',
  'reshape',
  'transpose',
  'select',
  'pad',
  'upsample',
] satisfies readonly LinearNode['kind'][];

export function isLinear(node: GraphNode): node is LinearNode {
  return linearKinds.includes(node.kind) && !(node.kind === 'pool' && node.mode === 'max');
}

/** How many connections a node becomes at most, without making them. */
export function estimateEntries(node: LinearNode, input: Shape, output: Shape): number {
  switch (node.kind) {
    case 'dense':
      return node.weight.shape[0]! * node.weight.shape[1]!;
    case 'conv':
      return elementsOf(output) * elementsOf(node.weight.shape.slice(1));
    case 'pool':
      return elementsOf(output) * windowSize(poolWindow(node, input));
    default:
      return elementsOf(output);
  }
}

/** A node as connections from the elements of its input, in row-major order, to those of its output. */
export function expand(node: LinearNode, input: Shape, output: Shape): Connections {
  switch (node.kind) {
    case 'dense':
      return dense(node);
    case 'conv':
      return convolution(node, input, output);
    case 'pool':
      return pool(node, input, output);
    case 'batch_norm': {
      const { factor, offset } = normFactors(node);
      return perChannel(factor, offset, input);
    }
    case 'scale':
      return perChannel(node.factor.data, node.offset?.data, input);
    case 'flatten':
    case 'reshape':
      return identity(elementsOf(input));
    case 'transpose':
      return rearranged(input, output, (at) => {
        const source: number[] = [];
        node.axes.forEach((axis, d) => (source[axis] = at[d]!));
        return source;
      });
    case 'select': {
      const { axis = 0, indices } = node;
      return rearranged(input, output, (at) => at.map((k, d) => (d === axis ? indices[k]! : k)));
    }
    case 'pad':
      return rearranged(input, output, (at) => {
        const source = at.map((k, d) => k - node.padding[d]!);
        return source.every((k, d) => k >= 0 && k < input[d]!) ? source : undefined;
      });
    case 'upsample':
      return rearranged(input, output, (at) =>
        at.map((k, d) => (d === 0 ? k : Math.floor(k / node.scale[d - 1]!))),
      );
  }
}

function dense({ weight, bias }: DenseNode): Connections {
  const [rows = 0, columns = 0] = weight.shape;
  const builder = new ConnectionsBuilder(rows, columns, rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      builder.add(column, weight.data[row * columns + column]!);
    }
    builder.endRow(bias?.data[row]);
  }
  return builder.done();
}

function convolution(node: ConvNode, input: Shape, output: Shape): Connections {
  const { weight, bias, groups = 1 } = node;
  const [channels = 0, perGroup = 0, ...kernel] = weight.shape;
  const window = sliding(kernel, node, node.stride);
  const taps = windowSize(window);
  const area = elementsOf(input.slice(1));
  const mostEntries = elementsOf(output) * perGroup * taps;
  const builder = new ConnectionsBuilder(elementsOf(output), elementsOf(input), mostEntries);
  for (let channel = 0; channel < channels; channel += 1) {
    const first = Math.floor(channel / (channels / groups)) * perGroup;
    eachOutput(input.slice(1), output.slice(1), window, (places) => {
      for (let k = 0; k < perGroup; k += 1) {
        for (const { tap, place } of places) {
          const at = (channel * perGroup + k) * taps + tap;
          builder.add((first + k) * area + place, weight.data[at]!);
        }
      }
      builder.endRow(bias?.data[channel]);
    });
  }
  return builder.done();
}

function pool(node: PoolNode, input: Shape, output: Shape): Connections {
  const window = poolWindow(node, input);
  const taps = windowSize(window);
  const area = elementsOf(input.slice(1));
  const rows = elementsOf(output);
  const builder = new ConnectionsBuilder(rows, elementsOf(input), rows * taps);
  for (let channel = 0; channel < input[0]!; channel += 1) {
    eachOutput(input.slice(1), output.slice(1), window, (places) => {
      const counted = node.countPadding === true ? taps : places.length;
      const share = node.mode === 'average' ? 1 / counted : 1;
      for (const { place } of places) builder.add(channel * area + place, share);
      builder.endRow();
    });
  }
  return builder.done();
}

function poolWindow(node: PoolNode, input: Shape): Sliding {
  const kernel = node.kernel ?? input.slice(1);
  return sliding(kernel, node, node.stride ?? kernel);
}

function sliding(
  kernel: Shape,
  { dilation, padding }: { readonly dilation?: Shape; readonly padding?: Shape },
  stride: Shape | undefined,
): Sliding {
  const ones = kernel.map(() => 1);
  return {
    kernel,
    stride: stride ?? ones,
    dilation: dilation ?? ones,
    before: padding?.slice(0, kernel.length) ?? kernel.map(() => 0),
  };
}

/** In double and rounded once to float32, as the simulator has them. */
function normFactors({ scale, shift, mean, variance, epsilon = 1e-5 }: BatchNormNode): {
  factor: Float32Array;
  offset: Float32Array;
} {
  const each = scale.data.map(() => 0);
  const exact = Float64Array.from(
    each,
    (_, c) => scale.data[c]! / Math.sqrt(variance.data[c]! + epsilon),
  );
  return {
    factor: Float32Array.from(exact),
    offset: Float32Array.from(exact, (factor, c) => shift.data[c]! - mean.data[c]! * factor),
  };
}

function perChannel(
  factor: Tensor['data'],
  offset: Tensor['data'] | undefined,
  input: Shape,
): Connections {
  const size = elementsOf(input);
  const perChannelSize = size / input[0]!;
  const builder = new ConnectionsBuilder(size, size, size);
  for (let k = 0; k < size; k += 1) {
    const channel = Math.floor(k / perChannelSize);
    builder.add(k, factor[channel]!);
    builder.endRow(offset?.[channel]);
  }
  return builder.done();
}

/** Each element of the output is one of the input, or 0. */
function rearranged(
  input: Shape,
  output: Shape,
  source: (at: readonly number[]) => readonly number[] | undefined,
): Connections {
  const size = elementsOf(output);
  const builder = new ConnectionsBuilder(size, elementsOf(input), size);
  for (let k = 0; k < size; k += 1) {
    const from = source(coordinates(k, output));
    if (from !== undefined) {
      builder.add(
        from.reduce((place, index, d) => place * input[d]! + index, 0),
        1,
      );
    }
    builder.endRow();
  }
  return builder.done();
}

function coordinates(place: number, shape: Shape): number[] {
  const at: number[] = [];
  let rest = place;
  for (let d = shape.length - 1; d >= 0; d -= 1) {
    at[d] = rest % shape[d]!;
    rest = Math.floor(rest / shape[d]!);
  }
  return at;
}

export function refusedNode(node: GraphNode): Error {
  const expected = `${linearKinds.join(', ')} (of pools average and sum), input, neuron, relu or accumulator`;
  const kind = node.kind === 'pool' ? `${node.kind} of ${node.mode}` : node.kind;
  return mismatch('E_UNSUPPORTED', `bridge: node '${node.name}'`, expected, phrase(kind));
}
