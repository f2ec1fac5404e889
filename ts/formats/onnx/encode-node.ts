import { mismatch, show } from '../../errors.js';
import type {
  ConvNode,
  ConvTransposeNode,
  GraphNode,
  PoolNode,
  ReluNode,
  Tensor,
} from '../../graph.js';
import { elementsOf } from '../sizes.js';
import type { ModelWriter } from './model-writer.js';

/** What a node needs to become ONNX operators. */
export interface NodePlace {
  /** Names of the values that it reads. */
  readonly from: readonly string[];
  /** Name of the value that it makes. */
  readonly to: string;
  /** Of what it reads first, batch left out. */
  readonly shape: readonly number[];
  /** Writes one of its arrays and returns the name; `dims` as `ModelWriter.tensor` has them. */
  readonly array: (role: string, tensor: Tensor, dims?: readonly number[]) => string;
}

/** Writes the operators of one node. Only the last one carries its name, and only that one's result is `to`. */
export function encodeNode(writer: ModelWriter, node: GraphNode, place: NodePlace): void {
  const { from, to, shape, array } = place;
  const { name } = node;
  const [first = ''] = from;
  const end = { name, output: to };
  switch (node.kind) {
    case 'input':
    case 'scale':
      encodeScale(writer, node, place);
      return;
    case 'dense': {
      const input = [first, ...weights(node, array)];
      writer.operator({ ...end, opType: 'Gemm', input, attributes: { transB: 1 } });
      return;
    }
    case 'conv':
    case 'conv_transpose':
      encodeConv(writer, node, place);
      return;
    case 'pool':
      encodePool(writer, node, place);
      return;
    case 'batch_norm': {
      const { scale, shift, mean, variance, epsilon = 1e-5 } = node;
      const arrays = Object.entries({ scale, shift, mean, variance });
      const input = [first, ...arrays.map(([role, tensor]) => array(role, tensor))];
      const attributes = { epsilon: { float: epsilon } };
      writer.operator({ ...end, opType: 'BatchNormalization', input, attributes });
      return;
    }
    case 'relu':
      encodeRelu(writer, node, place);
      return;
    case 'flatten':
      writer.operator({ ...end, opType: 'Flatten', input: [first], attributes: { axis: 1 } });
      return;
    case 'reshape': {
      const input = [first, writer.integers([-1, ...node.shape])];
      writer.operator({ ...end, opType: 'Reshape', input });
      return;
    }
    case 'transpose': {
      const perm = [0, ...node.axes.map((axis) => axis + 1)];
      writer.operator({ ...end, opType: 'Transpose', input: [first], attributes: { perm } });
      return;
    }
    case 'select': {
      const input = [first, writer.integers(node.indices)];
      const attributes = { axis: (node.axis ?? 0) + 1 };
      writer.operator({ ...end, opType: 'Gather', input, attributes });
      return;
    }
    case 'pad': {
      const { padding } = node;
      const [before, after] = [padding.slice(0, shape.length), padding.slice(shape.length)];
      const input = [first, writer.integers([0, ...before, 0, ...after])];
      writer.operator({ ...end, opType: 'Pad', input });
      return;
    }
    case 'concat': {
      const attributes = { axis: (node.axis ?? 0) + 1 };
      writer.operator({ ...end, opType: 'Concat', input: from, attributes });
      return;
    }
    case 'upsample': {
      const data = Float32Array.of(1, 1, ...node.scale);
      const scales = writer.constant({ shape: [data.length], data });
      writer.operator({
        ...end,
        opType: 'Resize',
        input: [first, '', scales],
        attributes: {
          coordinate_transformation_mode: 'asymmetric',
          mode: 'nearest',
          nearest_mode: 'floor',
        },
      });
      return;
    }
    case 'add':
      writer.operator({ ...end, opType: from.length === 2 ? 'Add' : 'Sum', input: from });
      return;
    case 'neuron':
    case 'accumulator':
      throw mismatch('E_INTERNAL', `float twin: node ${show(name)}`, 'a float layer', node.kind);
  }
}

function weights({ weight, bias }: { weight: Tensor; bias?: Tensor }, array: NodePlace['array']) {
  return [array('weight', weight), ...(bias ? [array('bias', bias)] : [])];
}

/** One value for each channel, to be spread over the extents. */
function perChannel({ array, shape }: NodePlace, role: string, tensor: Tensor): string {
  return array(role, tensor, [...tensor.shape, ...shape.slice(1).map(() => 1)]);
}

function encodeScale(
  writer: ModelWriter,
  node: { readonly name: string; readonly factor?: Tensor; readonly offset?: Tensor },
  place: NodePlace,
): void {
  const { factor, offset, name } = node;
  const { to, from } = place;
  const [first = ''] = from;
  const end = { name, output: to };
  if (offset === undefined) {
    if (factor === undefined) return;
    writer.operator({ ...end, opType: 'Mul', input: [first, perChannel(place, 'factor', factor)] });
    return;
  }
  const input = factor && [first, perChannel(place, 'factor', factor)];
  const product = input === undefined ? first : writer.operator({ opType: 'Mul', input });
  writer.operator({
    ...end,
    opType: 'Add',
    input: [product, perChannel(place, 'offset', offset)],
  });
}

function encodeConv(
  writer: ModelWriter,
  node: ConvNode | ConvTransposeNode,
  { from, to, array }: NodePlace,
): void {
  const kernel = node.weight.shape.slice(2);
  const ones = kernel.map(() => 1);
  writer.operator({
    opType: node.kind === 'conv' ? 'Conv' : 'ConvTranspose',
    input: [...from, ...weights(node, array)],
    output: to,
    name: node.name,
    attributes: {
      kernel_shape: kernel,
      strides: node.stride ?? ones,
      dilations: node.dilation ?? ones,
      pads: node.padding ?? [...ones, ...ones].map(() => 0),
      group: node.groups ?? 1,
      ...(node.kind === 'conv_transpose' &&
        node.outputPadding && { output_padding: node.outputPadding }),
    },
  });
}

function encodePool(writer: ModelWriter, node: PoolNode, { from, to, shape }: NodePlace): void {
  const { kernel, mode, name } = node;
  const end = { name, output: to };
  if (kernel === undefined) {
    const axes = shape.slice(1).map((_, axis) => axis + 2);
    const global = { average: 'GlobalAveragePool', max: 'GlobalMaxPool', sum: 'ReduceSum' };
    const input = mode === 'sum' ? [...from, writer.integers(axes)] : from;
    writer.operator({ ...end, opType: global[mode], input });
    return;
  }
  const ones = kernel.map(() => 1);
  const window = {
    kernel_shape: kernel,
    strides: node.stride ?? kernel,
    pads: node.padding ?? [...ones, ...ones].map(() => 0),
    ...(isDilated(node) && { dilations: node.dilation! }),
  };
  if (mode === 'max') {
    writer.operator({ ...end, opType: 'MaxPool', input: from, attributes: window });
    return;
  }
  const counts = mode === 'sum' || node.countPadding === true;
  const attributes = { ...window, count_include_pad: counts ? 1 : 0 };
  if (mode === 'average') {
    writer.operator({ ...end, opType: 'AveragePool', input: from, attributes });
    return;
  }
  // A sum is the average over all places of the kernel, times their number.
  const average = writer.operator({ opType: 'AveragePool', input: from, attributes });
  const count = writer.constant({ shape: [], data: Float32Array.of(elementsOf(kernel)) });
  writer.operator({ ...end, opType: 'Mul', input: [average, count] });
}

export function isDilated({ dilation }: PoolNode): boolean {
  return dilation?.some((size) => size !== 1) ?? false;
}

function encodeRelu(writer: ModelWriter, node: ReluNode, place: NodePlace): void {
  const { slope = 0, slopes, cap, name } = node;
  const { from, to } = place;
  const number = (value: number): string =>
    writer.constant({ shape: [], data: Float32Array.of(value) });
  const plain = slopes === undefined && slope === 0;
  if (plain && cap !== undefined) {
    const input = [...from, number(0), number(cap)];
    writer.operator({ opType: 'Clip', input, output: to, name });
    return;
  }
  const end = cap === undefined ? { output: to, name } : {};
  const input = slopes === undefined ? from : [...from, perChannel(place, 'slopes', slopes)];
  const attributes = plain || slopes ? {} : { alpha: { float: slope } };
  const opType = slopes ? 'PRelu' : plain ? 'Relu' : 'LeakyRelu';
  const active = writer.operator({ ...end, opType, input, attributes });
  if (cap === undefined) return;
  writer.operator({ opType: 'Min', input: [active, number(cap)], output: to, name });
}
