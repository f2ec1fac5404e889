import type { GraphNode, ReluNode } from '../../../graph.js';
import { sameShape } from '../../sizes.js';
import { uniformValue } from '../operators/channels.js';
import type { MutableGraph } from './mutable-graph.js';

/** A node that changes nothing. */
export function dropIdentity(graph: MutableGraph, node: GraphNode): boolean {
  const source = graph.sourceOf(node.name);
  if (source === undefined || !isIdentity(node, graph.shapeOf(source.name))) return false;
  return graph.bypass(node.name);
}

function isIdentity(node: GraphNode, shape: readonly number[]): boolean {
  switch (node.kind) {
    case 'scale':
      return (
        uniformValue(node.factor) === 1 &&
        (node.offset === undefined || uniformValue(node.offset) === 0)
      );
    case 'transpose':
      return node.axes.every((axis, index) => axis === index);
    case 'flatten':
      return shape.length === 1;
    case 'reshape':
      return sameShape(node.shape, shape);
    default:
      return false;
  }
}

/** Two transposes make one. */
export function joinTransposes(graph: MutableGraph, node: GraphNode): boolean {
  const before = graph.sourceOf(node.name);
  if (node.kind !== 'transpose' || before?.kind !== 'transpose') return false;
  const source = graph.sourceOf(before.name)!;
  graph.put({ ...node, axes: node.axes.map((axis) => before.axes[axis]!) });
  graph.attach(node.name, source.name);
  return true;
}

/** A transpose that leaves the order of all dimensions but those of size 1 only changes the shape. */
export function asReshape(graph: MutableGraph, node: GraphNode): boolean {
  if (node.kind !== 'transpose') return false;
  const source = graph.sourceOf(node.name)!;
  const before = graph.shapeOf(source.name);
  const long = node.axes.filter((axis) => before[axis]! > 1);
  const ordered = long.every((axis, index) => index === 0 || axis > long[index - 1]!);
  if (!ordered || node.axes.every((axis, index) => axis === index)) return false;
  graph.put({ kind: 'reshape', name: node.name, shape: graph.shapeOf(node.name) });
  return true;
}

/** Of two changes of shape the second is enough. */
export function joinReshapes(graph: MutableGraph, node: GraphNode): boolean {
  if (node.kind !== 'reshape' && node.kind !== 'flatten') return false;
  const before = graph.sourceOf(node.name);
  if (before?.kind !== 'reshape' && before?.kind !== 'flatten') return false;
  graph.attach(node.name, graph.sourceOf(before.name)!.name);
  return true;
}

/** Of two ReLUs the second is enough; the lower cap holds. */
export function joinRelus(graph: MutableGraph, node: GraphNode): boolean {
  const before = graph.sourceOf(node.name);
  if (node.kind !== 'relu' || before?.kind !== 'relu' || !graph.hasOneUser(before.name))
    return false;
  if (!isPlain(node) || !isPlain(before)) return false;
  const cap = Math.min(node.cap ?? Infinity, before.cap ?? Infinity);
  graph.put({ ...node, ...(cap < Infinity && { cap }) });
  graph.attach(node.name, graph.sourceOf(before.name)!.name);
  return true;
}

function isPlain({ slope = 0, slopes }: ReluNode): boolean {
  return slope === 0 && slopes === undefined;
}
