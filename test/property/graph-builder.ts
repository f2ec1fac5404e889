import type { Edge, Graph, GraphNode, NeuronAttributes } from '../../ts/graph.js';
import { shapeOf } from '../reference/shapes.js';
import { elementCount } from '../reference/value.js';
import type { NeuronRecipe, Recipe } from './recipe.js';
import type { Weights } from './weights.js';

/** What a node gives, to be used by the next. */
export interface End {
  readonly name: string;
  readonly shape: readonly number[];
  /** True where neurons give it. */
  readonly fired: boolean;
}

export type NodeWithoutName = GraphNode extends infer N
  ? N extends GraphNode
    ? Omit<N, 'name'>
    : never
  : never;

/** Collects nodes and edges; every method that adds a node returns its end. */
export class GraphBuilder {
  /** Products and unit updates of one step, by which the number of steps is bounded. */
  work = 0;
  readonly weights: Weights;
  readonly #nodes: GraphNode[] = [];
  readonly #edges: Edge[] = [];
  readonly #recipe: Recipe;

  constructor(recipe: Recipe, weights: Weights) {
    this.#recipe = recipe;
    this.weights = weights;
  }

  add(node: NodeWithoutName, from: readonly End[]): End {
    const name = `${node.kind}${this.#nodes.length}`;
    const named = { ...node, name } as GraphNode;
    const shape = shapeOf(
      named,
      from.map((end) => end.shape),
    );
    this.#nodes.push(named);
    this.#edges.push(...from.map((end) => [end.name, name] as const));
    this.work += elementCount(shape) * productsOf(named);
    return { name, shape, fired: node.kind === 'neuron' };
  }

  neurons(from: End): End {
    return this.add({ kind: 'neuron', ...this.#attributes(from.shape[0]!) }, [from]);
  }

  /** Neurons where `fires` says so, otherwise the real values themselves. */
  neuronsIf(fires: boolean, from: End): End {
    return fires ? this.neurons(from) : from;
  }

  delayed(from: End, to: End, delay: number): void {
    this.#edges.push([from.name, to.name, delay]);
  }

  finish(output: End): Graph {
    return { nodes: this.#nodes, edges: this.#edges, outputs: [output.name] };
  }

  #attributes(channels: number): NeuronAttributes {
    const { neurons, run } = this.#recipe;
    const { perChannel, initial, initials, threshold } = neurons;
    return {
      threshold,
      ...(perChannel ? { thresholds: this.weights.thresholds(channels) } : {}),
      ...(initial === 0 ? {} : { initial }),
      ...(initials ? { initials: this.weights.initials(channels) } : {}),
      ...(run.semantics === 'direct' ? directOnly(neurons) : published(neurons)),
      ...(run.semantics === 'direct' && neurons.ternary ? this.#negatives(channels) : {}),
    };
  }

  #negatives(channels: number): NeuronAttributes {
    const { negative, negatives } = this.#recipe.neurons;
    return { negative, ...(negatives ? { negatives: this.weights.thresholds(channels) } : {}) };
  }
}

function directOnly(recipe: NeuronRecipe): NeuronAttributes {
  const { alpha, beta, resetValue, refractory, ternary, burst } = recipe;
  const reset = ternary ? 'subtraction' : recipe.reset;
  const value = reset === 'value' ? { resetValue } : {};
  return { alpha, beta, reset, refractory, ternary, burst, ...value };
}

function published({ alpha, beta, reset }: NeuronRecipe): NeuronAttributes {
  return { alpha, beta, reset: reset === 'subtraction' ? reset : 'zero' };
}

/** Products behind one element of what a node gives. */
function productsOf(node: GraphNode): number {
  switch (node.kind) {
    case 'dense':
    case 'conv':
      return elementCount(node.weight.shape.slice(1));
    case 'conv_transpose':
      return (
        (node.weight.shape[0]! / (node.groups ?? 1)) * elementCount(node.weight.shape.slice(2))
      );
    case 'pool':
      return elementCount(node.kernel ?? [25]);
    default:
      return 1;
  }
}
