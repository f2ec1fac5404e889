import { mismatch, show } from '../errors.js';
import type { Conversion, Edge, Graph, GraphNode, NodeKind, Tensor } from '../graph.js';
import { orderedSteps } from './graph-structure.js';
import { tensorRoles, tensorsOf } from './node-tensors.js';
import type { TensorRole } from './node-tensors.js';
import { sameShape } from './sizes.js';

/**
 * The JSON that stands for a graph inside spiq's own .npz and inside exported ONNX: everything but the numbers
 * of the arrays, which it names by key. `docs/formats.md` describes it.
 */
export const descriptionFormat = 'spiq-graph';
export const descriptionVersion = 1;

export interface TensorReference {
  readonly key: string;
  readonly shape: readonly number[];
}

/** A node with references in the place of its arrays. */
type Described<Node> = Node extends GraphNode
  ? { readonly [Field in keyof Node]: Tensor extends Node[Field] ? TensorReference : Node[Field] }
  : never;

export type DescribedNode = Described<GraphNode>;

export interface Description {
  readonly nodes: readonly DescribedNode[];
  readonly edges: readonly Edge[];
  readonly outputs: readonly string[];
  readonly epsilon?: number;
  readonly conversion?: Conversion;
}

export interface KeyedTensor {
  readonly key: string;
  readonly tensor: Tensor;
  readonly role: TensorRole;
}

/**
 * By node, in the order in which nodes are reached: `w0 b0 w1 …` of weighted nodes, with no key where there is no
 * bias; `thresholds0 initials0 negatives0 …` of neurons and accumulators that have some; `slopes0 …` of ReLUs;
 * `norm0_scale norm0_shift …` of batch norms; `scale0_factor scale0_offset …`; `input_factor input_offset`.
 */
export function keyTensors(graph: Graph, what: string): Map<string, KeyedTensor[]> {
  const keyed = new Map<string, KeyedTensor[]>();
  const numbers = new Map<string, number>();
  for (const { node } of orderedSteps(graph, what)) {
    const tensors = tensorsOf(node);
    if (tensors.length === 0) continue;
    const family = familyOf(node.kind);
    const number = numbers.get(family) ?? 0;
    numbers.set(family, number + 1);
    keyed.set(
      node.name,
      tensors.map(([role, tensor]) => ({ key: keyOf(family, role, number), tensor, role })),
    );
  }
  return keyed;
}

/** Kinds whose arrays are numbered together. */
function familyOf(kind: NodeKind): string {
  if (kind === 'dense' || kind === 'conv' || kind === 'conv_transpose') return 'weighted';
  return kind === 'accumulator' ? 'neuron' : kind;
}

function keyOf(family: string, role: TensorRole, number: number): string {
  if (role === 'weight' || role === 'bias') return `${role[0]!}${number}`;
  if (family === 'neuron' || family === 'relu') return `${role}${number}`;
  if (family === 'input') return `input_${role}`;
  return `${family === 'batch_norm' ? 'norm' : family}${number}_${role}`;
}

export function describeGraph(graph: Graph, what: string): string {
  const keyed = keyTensors(graph, what);
  const { edges, outputs, epsilon, conversion } = graph;
  const description = {
    format: descriptionFormat,
    version: descriptionVersion,
    nodes: graph.nodes.map((node) => describeNode(node, keyed)),
    edges: edges.map(([from, to, delay = 0]) => (delay === 0 ? [from, to] : [from, to, delay])),
    outputs,
    epsilon,
    conversion,
  };
  return JSON.stringify(description, (key, value: unknown): unknown => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw mismatch('E_NOT_FINITE', `${what}: ${show(key)}`, 'a finite number', value);
    }
    return sortFields(value);
  });
}

/** One order of fields, whatever the order they were set in: equal graphs make equal files. */
function sortFields(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function describeNode(node: GraphNode, keyed: ReadonlyMap<string, readonly KeyedTensor[]>) {
  const references = (keyed.get(node.name) ?? []).map(({ key, tensor, role }) => [
    role,
    { key, shape: tensor.shape },
  ]);
  return { ...node, ...Object.fromEntries(references) } as DescribedNode;
}

/** Returns the array that a reference of a node means, or throws. */
export type Lookup = (reference: TensorReference, role: TensorRole, node: DescribedNode) => Tensor;

/** Puts the arrays back. */
export function graphFromDescription(
  description: Description,
  lookup: Lookup,
  what: string,
): Graph {
  return { ...description, nodes: description.nodes.map(restoreNode) };

  function restoreNode(node: DescribedNode): GraphNode {
    const fields = node as unknown as Partial<Record<TensorRole, TensorReference>>;
    const tensors = tensorRoles(node.kind).flatMap((role) => {
      const reference = fields[role];
      return reference === undefined ? [] : [[role, checked(reference, role, node)]];
    });
    return { ...node, ...Object.fromEntries(tensors) } as GraphNode;
  }

  function checked(reference: TensorReference, role: TensorRole, node: DescribedNode): Tensor {
    const tensor = lookup(reference, role, node);
    if (sameShape(tensor.shape, reference.shape)) return tensor;
    const label = `${what}: array '${reference.key}'`;
    throw mismatch('E_SHAPE', label, `shape ${show(reference.shape)}`, tensor.shape);
  }
}
