import type { Graph, GraphNode } from '../../ts/graph.js';
import { elementsOf } from '../../ts/formats/sizes.js';
import { graphForOutput } from '../../ts/formats/prune.js';
import { Network } from '../../ts/network.js';

/**
 * The float answers of an imported graph. A network without weights is none to spiq, so one that is a single pool or
 * ReLU gets a multiplication by 1 behind its input, which changes no bit; several outputs are computed one at a time.
 */
export async function forwardAny(
  graph: Graph,
  rows: Float32Array,
  count: number,
): Promise<Float32Array> {
  const answers: Float32Array[] = [];
  for (const output of graph.outputs) {
    const part = graphForOutput(graph, output);
    answers.push(await Network.fromGraph(hasWeights(part) ? part : withOnes(part)).forward(rows));
  }
  const widths = answers.map(({ length }) => length / count);
  const joined = new Float32Array(answers.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (let row = 0; row < count; row += 1) {
    answers.forEach((answer, index) => {
      const width = widths[index]!;
      joined.set(answer.subarray(row * width, (row + 1) * width), offset);
      offset += width;
    });
  }
  return joined;
}

function hasWeights({ nodes }: Graph): boolean {
  return nodes.some(({ kind }) => ['dense', 'conv', 'conv_transpose'].includes(kind));
}

function withOnes(graph: Graph): Graph {
  const [input] = graph.nodes.filter((node) => node.kind === 'input');
  if (input === undefined) throw new Error('the graph has no input');
  const row: GraphNode = {
    kind: 'reshape',
    name: 'as-one-row',
    shape: [1, elementsOf(input.shape)],
  };
  const one = { shape: [1, 1, 1], data: Float32Array.of(1) };
  const product: GraphNode = { kind: 'conv', name: 'times-one', weight: one };
  const back: GraphNode = { kind: 'reshape', name: 'as-before', shape: input.shape };
  const behind = (name: string) => (name === input.name ? back.name : name);
  return {
    ...graph,
    nodes: [...graph.nodes, row, product, back],
    edges: [
      [input.name, row.name],
      [row.name, product.name],
      [product.name, back.name],
      ...graph.edges.map(([from, to, delay = 0]) => [behind(from), to, delay] as const),
    ],
    outputs: graph.outputs.map(behind),
  };
}
