import type { GraphNode, InputNode, ScaleNode, Tensor } from '../../../graph.js';
import { filled, uniformValue } from '../operators/channels.js';
import type { MutableGraph } from './mutable-graph.js';

/** A scale that all else reads the input through becomes part of the input, which encoders know of. */
export function absorbIntoInput(graph: MutableGraph, node: GraphNode): boolean {
  if (node.kind !== 'scale') return false;
  const found = inputBefore(graph, node.name);
  if (found === undefined) return false;
  const { input, between } = found;
  const scale = between.length === 0 ? node : uniform(node, input.shape[0]!);
  if (scale === undefined) return false;
  // Before the scale's own values move to one of them.
  for (const name of [input.name, ...between]) graph.forget(name);
  if (!graph.bypass(node.name)) return false;
  graph.put(composed(input, scale));
  return true;
}

/** The input, if only rearrangements of all of it lie between and nobody else reads any of them. */
function inputBefore(graph: MutableGraph, name: string) {
  const between: string[] = [];
  for (let node = graph.sourceOf(name); node !== undefined; node = graph.sourceOf(node.name)) {
    if (!graph.hasOneUser(node.name)) return undefined;
    if (node.kind === 'input') return { input: node, between };
    if (!['transpose', 'flatten', 'reshape'].includes(node.kind)) return undefined;
    between.push(node.name);
  }
  return undefined;
}

type Affine = Pick<ScaleNode, 'factor' | 'offset'>;

function uniform({ factor, offset }: ScaleNode, size: number): Affine | undefined {
  const same = uniformValue(factor);
  const shift = offset === undefined ? 0 : uniformValue(offset);
  if (same === undefined || shift === undefined) return undefined;
  return { factor: filled(size, same), ...(offset && { offset: filled(size, shift) }) };
}

/** The scale after what the input already does. */
function composed(input: InputNode, { factor, offset }: Affine): InputNode {
  const { factor: before, offset: base, ...rest } = input;
  const product = combine(factor, before, (own, given) => own * given);
  const carried = base && combine(factor, base, (own, given) => own * given);
  const sum = carried ? combine(carried, offset, (a, b) => a + b) : offset;
  return {
    ...rest,
    ...(uniformValue(product) !== 1 && { factor: product }),
    ...(sum && uniformValue(sum) !== 0 && { offset: sum }),
  };
}

function combine(a: Tensor, b: Tensor | undefined, compute: (a: number, b: number) => number) {
  if (b === undefined) return a;
  return { shape: a.shape, data: a.data.map((value, index) => compute(value, b.data[index]!)) };
}
