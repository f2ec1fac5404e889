import type {
  ConvNode,
  DenseNode,
  GraphNode,
  PadNode,
  PoolNode,
  ScaleNode,
  Tensor,
} from '../../../graph.js';
import { isWeighted } from '../../node-tensors.js';
import type { WeightedNode } from '../../node-tensors.js';
import { elementsOf } from '../../sizes.js';
import { placesOf, stridesOf } from '../folding/arrays.js';
import { uniformValue } from '../operators/channels.js';
import type { MutableGraph } from './mutable-graph.js';

/** What only a scale reads takes up the scale: factors in its weights, an offset in its bias. */
export function fuseScale(graph: MutableGraph, node: GraphNode): boolean {
  if (node.kind !== 'scale') return false;
  const layer = graph.sourceOf(node.name);
  if (layer === undefined || !graph.hasOneUser(layer.name)) return false;
  const fused =
    layer.kind === 'scale'
      ? composed(layer, node)
      : isWeighted(layer)
        ? withScale(layer, node)
        : undefined;
  if (fused === undefined) return false;
  graph.forget(layer.name);
  graph.put(fused);
  graph.bypass(node.name);
  return true;
}

function composed(first: ScaleNode, second: ScaleNode): ScaleNode {
  const offset = shifted(first.offset, second);
  const factor = product(first.factor, second.factor);
  return { kind: 'scale', name: first.name, factor, ...(offset && { offset }) };
}

function product(a: Tensor, b: Tensor): Tensor {
  return { shape: a.shape, data: a.data.map((value, index) => value * b.data[index]!) };
}

/** The constant part of what a scale makes of values with one. */
function shifted(before: Tensor | undefined, { factor, offset }: ScaleNode): Tensor | undefined {
  if (before === undefined) return offset;
  const scaled = product(before, factor);
  if (offset === undefined) return scaled;
  return { shape: offset.shape, data: scaled.data.map((v, index) => v + offset.data[index]!) };
}

function withScale(layer: WeightedNode, scale: ScaleNode): WeightedNode {
  const bias = shifted(layer.bias, scale);
  const { weight } = layer;
  const { factor } = scale;
  if (uniformValue(factor) === 1) return { ...layer, ...(bias && { bias }) };
  const [first = 1, second = 1, ...kernel] = weight.shape;
  const taps = elementsOf(kernel);
  // The outputs are the first dimension, but for transposed convolutions: there they are groups of the second.
  const groups = layer.kind === 'conv_transpose' ? (layer.groups ?? 1) : 1;
  const unitOf = (index: number): number => {
    if (layer.kind !== 'conv_transpose') return Math.floor(index / taps / second);
    const group = Math.floor(index / taps / second / (first / groups));
    return group * second + (Math.floor(index / taps) % second);
  };
  const data = weight.data.map((value, index) => value * factor.data[unitOf(index)]!);
  return { ...layer, weight: { shape: weight.shape, data }, ...(bias && { bias }) };
}

/** Zeros in front of a window are padding of it. */
export function fusePad(graph: MutableGraph, node: GraphNode): boolean {
  const pad = graph.sourceOf(node.name);
  const before = pad && graph.sourceOf(pad.name);
  if (pad?.kind !== 'pad' || before === undefined || !graph.hasOneUser(pad.name)) return false;
  const padded = node.kind === 'conv' || node.kind === 'pool' ? withPadding(node, pad) : undefined;
  if (padded === undefined) return false;
  graph.put(padded);
  graph.attach(node.name, before.name);
  return true;
}

function withPadding(node: ConvNode | PoolNode, { padding }: PadNode): GraphNode | undefined {
  const rank = padding.length / 2;
  if (padding[0] !== 0 || padding[rank] !== 0) return undefined;
  const around = [...padding.slice(1, rank), ...padding.slice(rank + 1)];
  const own = node.padding ?? around.map(() => 0);
  const total = around.map((size, index) => size + own[index]!);
  if (node.kind === 'conv') return { ...node, padding: total };
  const { kernel, dilation, countPadding = false } = node;
  if (node.mode !== 'average' || kernel === undefined) return undefined;
  const counts = countPadding || own.every((size) => size === 0);
  const dims = kernel.length;
  const reach = (d: number): number => (kernel[d]! - 1) * (dilation?.[d] ?? 1);
  const fits = total.every((size, index) => size <= reach(index % dims));
  return counts && fits ? { ...node, padding: total, countPadding: true } : undefined;
}

/** Behind a flattened transpose: the weights in the order that the values had before it. */
export function fuseTranspose(graph: MutableGraph, node: GraphNode): boolean {
  if (node.kind !== 'dense') return false;
  const flat = graph.sourceOf(node.name);
  const turned = flat && graph.sourceOf(flat.name);
  const source = turned && graph.sourceOf(turned.name);
  if (flat?.kind !== 'flatten' || turned?.kind !== 'transpose' || source === undefined)
    return false;
  if (!graph.hasOneUser(flat.name) || !graph.hasOneUser(turned.name)) return false;
  const strides = stridesOf(graph.shapeOf(source.name));
  const order = turned.axes.map((axis) => strides[axis]!);
  const places = placesOf(graph.shapeOf(turned.name), order);
  graph.put(withColumns(node, places));
  graph.forget(flat.name);
  graph.attach(flat.name, source.name);
  return true;
}

function withColumns(node: DenseNode, places: Float64Array): DenseNode {
  const { shape, data } = node.weight;
  const [units = 0, inputs = 0] = shape;
  const moved = new Float32Array(data.length);
  for (let unit = 0; unit < units; unit += 1) {
    for (let input = 0; input < inputs; input += 1) {
      moved[unit * inputs + places[input]!] = data[unit * inputs + input]!;
    }
  }
  return { ...node, weight: { shape, data: moved } };
}
