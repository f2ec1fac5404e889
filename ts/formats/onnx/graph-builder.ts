import type { Edge, Graph, GraphNode } from '../../graph.js';
import { shapeAfter } from '../node-shapes.js';
import type { NodeNames } from './node-names.js';
import type { InputPort } from './ports.js';
import type { Activation } from './values.js';

/** A node whose name is yet to be chosen. */
export type NamelessNode = GraphNode extends infer Node
  ? Node extends GraphNode
    ? Omit<Node, 'name'>
    : never
  : never;

/** Collects the graph while operators are translated one after another. */
export class GraphBuilder {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #sources = new Map<string, readonly string[]>();

  constructor(readonly names: NodeNames) {}

  addInput({ name: onnxName, shape }: InputPort): Activation {
    const name = this.names.forInput(onnxName);
    this.#put({ kind: 'input', name, shape }, []);
    return { kind: 'activation', node: name, shape };
  }

  /** The node takes the name of its ONNX node if no other has it; helpers give ''. */
  add(
    node: NamelessNode,
    onnxName: string,
    source: Activation | readonly Activation[],
    label: string,
  ): Activation {
    const sources = 'kind' in source ? [source] : source;
    const name = this.names.forNode(onnxName, node.kind);
    const named: GraphNode = { ...node, name };
    const inputs = sources.map(({ shape }) => shape);
    const shape = shapeAfter(named, inputs, label);
    this.#put(
      named,
      sources.map((activation) => activation.node),
    );
    return { kind: 'activation', node: name, shape };
  }

  /** The node behind an activation, and the names of those that it reads. */
  nodeOf({ node }: Activation): { readonly node: GraphNode; readonly sources: readonly string[] } {
    return { node: this.#nodes.get(node)!, sources: this.#sources.get(node)! };
  }

  build(outputs: readonly string[]): Graph {
    const edges = [...this.#sources].flatMap(([to, sources]) =>
      sources.map((from): Edge => [from, to]),
    );
    return { nodes: [...this.#nodes.values()], edges, outputs };
  }

  #put(node: GraphNode, sources: readonly string[]): void {
    this.#nodes.set(node.name, node);
    this.#sources.set(node.name, sources);
  }
}
