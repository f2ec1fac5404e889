import type { Graph, GraphNode, Tensor } from '../../../ts/graph.js';
import { sampleRows } from '../../../ts/formats/onnx/samples.js';

export function tensor(shape: readonly number[], seed = 1): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return { shape, data: sampleRows(1, count, seed) };
}

/** Joins nodes into a chain whose last node is the output. */
export function chain(...nodes: GraphNode[]): Graph {
  const names = nodes.map(({ name }) => name);
  const edges = names.slice(1).map((name, index) => [names[index] ?? '', name] as const);
  return { nodes, edges, outputs: names.slice(-1) };
}

/** 3 → 5 → 2; the second layer has no bias. */
export function floatGraph(): Graph {
  return chain(
    { kind: 'input', name: 'obs', shape: [3] },
    { kind: 'dense', name: 'first', weight: tensor([5, 3], 1), bias: tensor([5], 2) },
    { kind: 'relu', name: 'active' },
    { kind: 'dense', name: 'second', weight: tensor([2, 5], 3) },
  );
}

/** What a conversion gives: neurons, an accumulator, epsilon and scales. */
export function spikingGraph(): Graph {
  const graph = chain(
    { kind: 'input', name: 'obs', shape: [2, 2] },
    { kind: 'flatten', name: 'flat' },
    { kind: 'dense', name: 'l 0', weight: tensor([3, 4], 4), bias: tensor([3], 5) },
    {
      kind: 'neuron',
      name: 'spikes',
      threshold: 1,
      alpha: 0.5,
      beta: 0.9,
      reset: 'value',
      resetValue: -0.1,
      refractory: 2,
      ternary: true,
      burst: 3,
    },
    { kind: 'dense', name: 'w0', weight: tensor([2, 3], 6), bias: tensor([2], 7) },
    { kind: 'accumulator', name: 'observation', alpha: 0.1, beta: 1 },
  );
  const conversion = {
    method: 'robust',
    percentile: 0.99,
    scale: [1 / 3, 0.7],
    calibrationRows: 9,
  };
  return { ...graph, epsilon: 1e-5, conversion };
}
