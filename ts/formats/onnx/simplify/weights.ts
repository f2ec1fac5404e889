import type { ConvNode, DenseNode, GraphNode, PadNode, PoolNode } from '../../../graph.js';
import { isWeighted } from '../../node-tensors.js';
import { placesOf, stridesOf } from '../folding/arrays.js';
import { uniformValue } from '../operators/channels.js';
import type { MutableGraph } from './mutable-graph.js';

/** A constant added to a weighted layer alone is its bias. */
export function fuseBias(graph: MutableGraph, node: GraphNode): boolean {
  if (node.kind !== 'scale' || node.offset === undefined || uniformValue(node.factor) !== 1) {
    return false;
  }
  const layer = graph.sourceOf(node.name);
  if (layer === undefined || !isWeighted(layer) || !graph.hasOneUser(layer.name)) return false;
  const { bias } = layer;
  const { shape, data } = node.offset;
  const sum = bias ? data.map((value, unit) => value + bias.data[unit]!) : data;
  graph.forget(layer.name);
  graph.put({ ...layer, bias: { shape, data: sum } });
  graph.bypass(node.name);
  return true;
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
