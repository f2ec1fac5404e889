import type { Graph, GraphNode } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';

/**
 * The float answers of an imported graph. A network without weights is none to spiq, so one that is a single pool or
 * ReLU gets multiplications by 1 behind its input, which change no bit.
 */
export async function forwardAny(graph: Graph, rows: Float32Array): Promise<Float32Array> {
  return Network.fromGraph(hasWeights(graph) ? graph : withOnes(graph)).forward(rows);
}

function hasWeights({ nodes }: Graph): boolean {
  return nodes.some(({ kind }) => ['dense', 'conv', 'conv_transpose'].includes(kind));
}

function withOnes(graph: Graph): Graph {
  const [input] = graph.nodes.filter((node) => node.kind === 'input');
  if (input === undefined) throw new Error('the graph has no input');
  const name = 'multiplied-by-one';
  const edges = graph.edges.map(
    ([from, to, delay]) => [from === input.name ? name : from, to, delay ?? 0] as const,
  );
  return {
    ...graph,
    nodes: [...graph.nodes, ones(name, input.shape)],
    edges: [[input.name, name], ...edges],
    outputs: graph.outputs.map((output) => (output === input.name ? name : output)),
  };
}

function ones(name: string, shape: readonly number[]): GraphNode {
  const [channels = 1] = shape;
  if (shape.length > 1) {
    const kernel = [channels, 1, ...shape.slice(1).map(() => 1)];
    const weight = { shape: kernel, data: new Float32Array(channels).fill(1) };
    return { kind: 'conv', name, weight, groups: channels };
  }
  const data = new Float32Array(channels ** 2);
  for (let unit = 0; unit < channels; unit += 1) data[unit * (channels + 1)] = 1;
  return { kind: 'dense', name, weight: { shape: [channels, channels], data } };
}
