import { SpiqError, mismatch, show } from '../errors.js';
import type { Conversion, DenseNode, Graph, GraphNode, Tensor } from '../graph.js';
import { orderedSteps, sameShape } from './graph-structure.js';

/**
 * The JSON that stands for a graph inside spiq's own .npz and inside exported ONNX: everything but the numbers
 * of the weights, which it names by key. `docs/formats.md` describes it.
 */
export const descriptionFormat = 'spiq-graph';
export const descriptionVersion = 1;

export interface TensorReference {
  readonly key: string;
  readonly shape: readonly number[];
}

export interface DescribedDense {
  readonly kind: 'dense';
  readonly name: string;
  readonly weight: TensorReference;
  readonly bias?: TensorReference;
}

export type DescribedNode = Exclude<GraphNode, DenseNode> | DescribedDense;

export interface Description {
  readonly nodes: readonly DescribedNode[];
  readonly edges: readonly (readonly [string, string])[];
  readonly outputs: readonly string[];
  readonly epsilon?: number;
  readonly conversion?: Conversion;
}

export interface KeyedTensor {
  readonly key: string;
  readonly tensor: Tensor;
  readonly role: 'weight' | 'bias';
}

/** `w0 b0 w1 …` in the order in which the dense nodes are reached; no key where there is no bias. */
export function keyTensors(graph: Graph, what: string): Map<string, KeyedTensor[]> {
  const dense = orderedSteps(graph, what)
    .map(({ node }) => node)
    .filter((node) => node.kind === 'dense');
  return new Map(
    dense.map(({ name, weight, bias }, index) => {
      const tensors: KeyedTensor[] = [{ key: `w${index}`, tensor: weight, role: 'weight' }];
      if (bias !== undefined) tensors.push({ key: `b${index}`, tensor: bias, role: 'bias' });
      return [name, tensors];
    }),
  );
}

export function describeGraph(graph: Graph, what: string): string {
  const keyed = keyTensors(graph, what);
  const { edges, outputs, epsilon, conversion } = graph;
  const description = {
    format: descriptionFormat,
    version: descriptionVersion,
    nodes: graph.nodes.map((node) => describeNode(node, keyed)),
    edges,
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
  if (node.kind !== 'dense') return node;
  const references = new Map(
    keyed.get(node.name)?.map(({ key, tensor, role }) => [role, { key, shape: tensor.shape }]),
  );
  const { kind, name } = node;
  return { kind, name, weight: references.get('weight'), bias: references.get('bias') };
}

/** Puts the weights back; `lookup` returns the tensor of a key or throws. */
export function graphFromDescription(
  description: Description,
  lookup: (reference: TensorReference, role: 'weight' | 'bias') => Tensor,
  what: string,
): Graph {
  const nodes = description.nodes.map((node): GraphNode => {
    if (node.kind !== 'dense') return node;
    const { kind, name, weight, bias } = node;
    const dense = { kind, name, weight: checked(weight, 'weight') };
    return bias === undefined ? dense : { ...dense, bias: checked(bias, 'bias') };
  });
  return { ...description, nodes };

  function checked(reference: TensorReference, role: 'weight' | 'bias'): Tensor {
    const tensor = lookup(reference, role);
    if (!sameShape(tensor.shape, reference.shape)) {
      const expected = `shape ${show(reference.shape)}`;
      throw new SpiqError(
        'E_SHAPE',
        `${what}: array '${reference.key}': expected ${expected}, received ${show(tensor.shape)}`,
      );
    }
    return tensor;
  }
}
