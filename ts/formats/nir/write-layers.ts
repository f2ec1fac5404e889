import { show } from '../../errors.js';
import type { ConvNode, DenseNode, GraphNode, PoolNode, ScaleNode, Tensor } from '../../graph.js';
import { floats, group, integers, text } from './hdf5/index.js';
import type { Hdf5Group } from './hdf5/index.js';
import { everyUnit } from './write-context.js';
import type { WriteContext } from './write-context.js';
import { writeAccumulator, writeNeuron } from './write-units.js';

type Shape = readonly number[];

export interface Shapes {
  readonly input: Shape;
  readonly output: Shape;
}

/** One node as NIR has it; `factor` goes into the weights of a layer behind an average written as a sum. */
export function writeLayer(
  node: GraphNode,
  { input, output }: Shapes,
  factor: number,
  context: WriteContext,
): Hdf5Group {
  switch (node.kind) {
    case 'input':
      if (node.factor !== undefined || node.offset !== undefined) {
        throw context.refuse(node, 'observations as they are', 'factor or offset');
      }
      return group({ type: text('Input'), shape: sizes(node.shape) });
    case 'dense':
      return writeDense(node, factor, context);
    case 'conv':
      return writeConv(node, input, factor, context);
    case 'pool':
      return writePool(node, input, context);
    case 'scale':
      return writeScale(node, output, context);
    case 'flatten':
      return writeFlatten(input);
    case 'reshape':
      if (output.length === 1) return writeFlatten(input);
      throw context.refuse(node, 'a reshape to one dimension', show(output));
    case 'neuron':
      return writeNeuron(node, output, context);
    case 'accumulator':
      return writeAccumulator(node, output, context);
    case 'relu':
      throw context.refuse(node, 'a spiking network (convert it first)', 'relu');
    default:
      throw context.refuse(node, 'a kind that NIR has', node.kind);
  }
}

const sizes = (list: readonly number[]) => integers(list, [list.length]);

function scaled({ shape, data }: Tensor, factor: number) {
  return floats(shape, factor === 1 ? data : data.map((value) => value * factor));
}

function writeDense({ weight, bias }: DenseNode, factor: number, context: WriteContext): Hdf5Group {
  const stored = scaled(weight, factor);
  if (bias === undefined && context.holds('Linear')) {
    return group({ type: text('Linear'), weight: stored });
  }
  const outputs = weight.shape[0]!;
  const constants = bias?.data ?? new Float32Array(outputs);
  return group({ type: text('Affine'), weight: stored, bias: floats([outputs], constants) });
}

function writeConv(node: ConvNode, input: Shape, factor: number, context: WriteContext): Hdf5Group {
  const { weight, bias, groups = 1 } = node;
  const dims = weight.shape.length - 2;
  const type = `Conv${dims}d`;
  if (!context.holds(type)) throw context.refuse(node, 'two dimensions', String(dims));
  if (groups !== 1 && context.profile !== 'generic') {
    throw context.refuse(node, 'one group', String(groups));
  }
  const ones = Array<number>(dims).fill(1);
  const { stride = ones, dilation = ones } = node;
  const channels = weight.shape[0]!;
  // Of one dimension, NIR has plain numbers.
  const shaped = (list: readonly number[]) => integers(list, dims === 1 ? [] : [dims]);
  return group({
    type: text(type),
    input_shape: shaped(input.slice(1)),
    weight: scaled(weight, factor),
    stride: shaped(stride),
    padding: shaped(evenPadding(node, dims, context)),
    dilation: shaped(dilation),
    groups: integers([groups], []),
    bias: floats([channels], bias?.data ?? new Float32Array(channels)),
  });
}

function evenPadding(node: ConvNode | PoolNode, dims: number, context: WriteContext): number[] {
  const padding = node.padding ?? Array<number>(2 * dims).fill(0);
  const begins = padding.slice(0, dims);
  if (begins.every((size, axis) => size === padding[axis + dims])) return begins;
  throw context.refuse(node, 'the same padding before and behind', show(padding));
}

export function kernelOf({ kernel }: PoolNode, input: Shape): readonly number[] {
  return kernel ?? input.slice(1);
}

/** Whether an average has to be written as a sum, with the weights behind it divided. */
export function isWrittenAsSum(node: GraphNode, context: WriteContext): node is PoolNode {
  return node.kind === 'pool' && node.mode === 'average' && !context.holds('AvgPool2d');
}

function writePool(node: PoolNode, input: Shape, context: WriteContext): Hdf5Group {
  const kernel = kernelOf(node, input);
  const { stride = kernel, mode, countPadding = false } = node;
  if (mode === 'max') throw context.refuse(node, "mode 'average' or 'sum'", "'max'");
  if (kernel.length !== 2) throw context.refuse(node, 'two dimensions', String(kernel.length));
  if (node.dilation?.some((size) => size !== 1) === true) {
    throw context.refuse(node, 'dilation of 1', show(node.dilation));
  }
  const padding = evenPadding(node, 2, context);
  const isPadded = padding.some((size) => size !== 0);
  if (isPadded && mode === 'average' && !countPadding) {
    throw context.refuse(node, 'padding that counts (countPadding)', 'padding that does not');
  }
  const asSum = mode === 'sum' || isWrittenAsSum(node, context);
  if (isPadded && asSum && context.profile !== 'generic') {
    throw context.refuse(node, 'no padding, which its reader leaves out', show(padding));
  }
  return group({
    type: text(asSum ? 'SumPool2d' : 'AvgPool2d'),
    kernel_size: sizes(kernel),
    stride: sizes(stride),
    padding: sizes(padding),
  });
}

function writeScale(node: ScaleNode, shape: Shape, context: WriteContext): Hdf5Group {
  if (!context.holds('Scale')) throw context.refuse(node, 'a kind that its reader has', 'scale');
  if (node.offset !== undefined) throw context.refuse(node, 'a scale without offset', 'offset');
  return group({ type: text('Scale'), scale: everyUnit(node.factor.data, shape) });
}

function writeFlatten(input: Shape): Hdf5Group {
  return group({
    type: text('Flatten'),
    input_type: sizes(input),
    start_dim: integers([0], []),
    end_dim: integers([-1], []),
  });
}
