import { mismatch, phrase, show } from '../errors.js';
import type {
  BatchNormNode,
  ConvNode,
  ConvTransposeNode,
  DenseNode,
  GraphNode,
  PoolNode,
  Tensor,
} from '../graph.js';
import { checkTensor, tensorsOf } from './node-tensors.js';
import {
  afterConcat,
  afterPad,
  afterSelect,
  afterTranspose,
  afterUpsample,
} from './rearranged-shapes.js';
import { elementsOf, sameShape } from './sizes.js';
import { expectChannels, reach, sizesOr, slide, spread, windowOf } from './windows.js';

type Shape = readonly number[];

/**
 * What a node makes of inputs of these shapes, in the order of its edges; batch dimension left out throughout.
 * The rules are those of `native/core/graph`.
 */
export function shapeAfter(node: GraphNode, inputs: readonly Shape[], what: string): Shape {
  const label = `${what}: node ${show(node.name)}`;
  for (const [role, tensor] of tensorsOf(node)) checkTensor(tensor, `${label}: ${role}`);
  const [shape = []] = inputs;
  switch (node.kind) {
    case 'input':
    case 'scale':
    case 'relu':
    case 'neuron':
    case 'accumulator': {
      const own = node.kind === 'input' ? node.shape : shape;
      for (const [role, tensor] of tensorsOf(node)) {
        expectPerChannel(tensor, own[0], `${label}: ${role}`);
      }
      return own;
    }
    case 'dense':
      return afterDense(node, shape, label);
    case 'conv':
      return afterConv(node, shape, label);
    case 'conv_transpose':
      return afterConvTranspose(node, shape, label);
    case 'pool':
      return afterPool(node, shape, label);
    case 'batch_norm':
      return afterBatchNorm(node, shape, label);
    case 'flatten':
      return [elementsOf(shape)];
    case 'reshape':
      if (elementsOf(node.shape) === elementsOf(shape)) return node.shape;
      throw mismatch('E_SHAPE', label, `as many elements as ${show(node.shape)} has`, shape);
    case 'transpose':
      return afterTranspose(node, shape, label);
    case 'select':
      return afterSelect(node, shape, label);
    case 'pad':
      return afterPad(node, shape, label);
    case 'concat':
      return afterConcat(node, inputs, label);
    case 'upsample':
      return afterUpsample(node, shape, label);
    case 'add': {
      const other = inputs.find((input) => !sameShape(input, shape));
      if (other === undefined) return shape;
      throw mismatch('E_SHAPE', label, `inputs of ${show(shape)} throughout`, other);
    }
  }
}

function afterDense({ weight, bias }: DenseNode, shape: Shape, label: string): Shape {
  const [outputs = 0, inputs = 0] = weight.shape;
  if (weight.shape.length !== 2) {
    throw mismatch('E_SHAPE', `${label}: weight`, 'shape [out, in]', weight.shape);
  }
  expectBias(bias, outputs, label);
  if (!sameShape(shape, [inputs])) {
    throw mismatch('E_SHAPE', label, `an input of [${inputs}]`, shape);
  }
  return [outputs];
}

function expectBias(bias: Tensor | undefined, outputs: number, label: string): void {
  if (bias === undefined || sameShape(bias.shape, [outputs])) return;
  throw mismatch('E_SHAPE', `${label}: bias`, `shape [${outputs}]`, bias.shape);
}

/** The sizes [first, second, kernel…] of a convolution's weight, of which groups divide the first. */
function convolutionSizes({ weight, groups = 1 }: ConvNode | ConvTransposeNode, label: string) {
  const [first = 0, second = 0, ...kernel] = weight.shape;
  if (kernel.length !== 1 && kernel.length !== 2) {
    const expected = 'two sizes of channels and one or two of the kernel';
    throw mismatch('E_SHAPE', `${label}: weight`, expected, weight.shape);
  }
  if (!Number.isInteger(groups) || groups < 1 || first % groups !== 0) {
    throw mismatch('E_RANGE', `${label}: groups`, `a divisor of ${first}`, groups);
  }
  return { first, second: second * groups, kernel };
}

function afterConv(node: ConvNode, shape: Shape, label: string): Shape {
  const { first: outputs, second: inputs, kernel } = convolutionSizes(node, label);
  expectBias(node.bias, outputs, label);
  const window = windowOf(kernel, node, `${label}:`);
  expectChannels(shape, inputs, kernel.length, label);
  return [outputs, ...slide(shape, window, label)];
}

function afterConvTranspose(node: ConvTransposeNode, shape: Shape, label: string): Shape {
  const { first: inputs, second: outputs, kernel } = convolutionSizes(node, label);
  expectBias(node.bias, outputs, label);
  const window = windowOf(kernel, node, `${label}:`);
  const extra = sizesOr(node.outputPadding, [kernel.length, 0, 0], `${label}: outputPadding`);
  const tooLong = extra.some((size, d) => size >= Math.max(window.stride[d]!, window.dilation[d]!));
  if (tooLong) {
    throw mismatch('E_RANGE', `${label}: outputPadding`, 'sizes below stride or dilation', extra);
  }
  expectChannels(shape, inputs, kernel.length, label);
  return [outputs, ...spread(shape, window, extra, label)];
}

function afterPool(node: PoolNode, shape: Shape, label: string): Shape {
  const { kernel, stride, dilation, padding } = node;
  if (shape.length !== 2 && shape.length !== 3) {
    throw mismatch('E_SHAPE', label, 'an input of channels in one or two dimensions', shape);
  }
  if (kernel === undefined && (stride ?? dilation ?? padding) !== undefined) {
    const expected = 'sizes beside stride, dilation or padding';
    throw mismatch('E_GRAPH', `${label}: kernel`, expected, phrase('none'));
  }
  const extents = shape.slice(1);
  const size =
    kernel === undefined ? extents : sizesOr(kernel, [extents.length, 1, 1], `${label}: kernel`);
  const window = windowOf(size, { stride: stride ?? size, dilation, padding }, `${label}:`);
  const { before, after } = window;
  if ([before, after].some((pads) => pads.some((pad, d) => pad >= reach(window, d)))) {
    const expected = "less than the kernel's reach";
    throw mismatch('E_RANGE', `${label}: padding`, expected, [...before, ...after]);
  }
  return [shape[0]!, ...slide(shape, window, label)];
}

function expectPerChannel(tensor: Tensor, channels: number | undefined, label: string): void {
  if (tensor.shape.length === 1 && tensor.shape[0] === channels) return;
  throw mismatch('E_SHAPE', label, `one value for each of ${channels} channels`, tensor.shape);
}

function afterBatchNorm(node: BatchNormNode, shape: Shape, label: string): Shape {
  for (const [role, tensor] of tensorsOf(node)) {
    expectPerChannel(tensor, shape[0], `${label}: ${role}`);
  }
  return shape;
}
