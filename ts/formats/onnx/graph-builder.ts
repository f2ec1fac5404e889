import { mismatch, phrase } from '../../errors.js';
import type { DenseNode, Graph, GraphNode, NodeKind, Tensor } from '../../graph.js';
import { shapeAfter } from '../node-shapes.js';
import type { NodeNames } from './node-names.js';
import type { InputPort } from './ports.js';
import type { Activation } from './values.js';

/** Collects the graph while operators are translated one after another. */
export class GraphBuilder {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges: (readonly [string, string])[] = [];
  /** Products that a bias has since been added to. */
  readonly #fused = new Set<Activation>();

  constructor(readonly names: NodeNames) {}

  addInput({ name: onnxName, shape }: InputPort): Activation {
    const name = this.names.forInput(onnxName);
    this.#nodes.set(name, { kind: 'input', name, shape });
    return { kind: 'activation', node: name, shape };
  }

  /** `make` receives the name chosen for the node. */
  add(
    kind: NodeKind,
    onnxName: string,
    source: Activation,
    make: (name: string) => GraphNode,
    label: string,
  ): Activation {
    this.expectUsable(source, label);
    const name = this.names.forNode(onnxName, kind);
    const node = make(name);
    const shape = shapeAfter(node, [source.shape], label);
    this.#nodes.set(name, node);
    this.#edges.push([source.node, name]);
    return { kind: 'activation', node: name, shape };
  }

  /** The dense node behind an activation if a bias can still be added to it. */
  denseWithoutBias(activation: Activation): DenseNode | undefined {
    const node = this.#nodes.get(activation.node);
    return node?.kind === 'dense' && node.bias === undefined ? node : undefined;
  }

  /** The result stands for the sum; the dense node without bias can no longer be used by anything else. */
  fuseBias(dense: DenseNode, source: Activation, bias: Tensor, label: string): Activation {
    if (this.#edges.some(([from]) => from === dense.name)) throw bothWithAndWithoutBias(label);
    const fused = { ...dense, bias };
    shapeAfter(fused, [[dense.weight.shape[1] ?? 0]], label);
    this.#nodes.set(dense.name, fused);
    this.#fused.add(source);
    return { ...source };
  }

  expectUsable(activation: Activation, label: string): void {
    if (this.#fused.has(activation)) throw bothWithAndWithoutBias(label);
  }

  build(outputs: readonly string[]): Graph {
    return { nodes: [...this.#nodes.values()], edges: this.#edges, outputs };
  }
}

function bothWithAndWithoutBias(label: string) {
  return mismatch(
    'E_UNSUPPORTED',
    label,
    'the product of a weight to be used only together with its bias',
    phrase('one used without it too'),
  );
}
