import type { Graph } from '../../../ts/graph.js';
import { orderedSteps } from '../../../ts/formats/graph-structure.js';
import { elementsOf } from '../../../ts/formats/sizes.js';

/** A plain float32 forward pass: slow, and simple enough to be believed. */
export function referenceForward(graph: Graph, rows: Float32Array, count: number): Float32Array {
  const steps = orderedSteps(graph, 'test graph');
  const width = rows.length / count;
  const results: number[] = [];
  for (let row = 0; row < count; row += 1) {
    const values = new Map<string, Float32Array>();
    for (const { node, sources } of steps) {
      const before =
        values.get(sources[0]?.node.name ?? '') ?? rows.subarray(row * width, (row + 1) * width);
      if (node.kind === 'dense') {
        values.set(node.name, dense(node.weight.data, node.bias?.data, before));
      } else if (node.kind === 'relu') {
        values.set(
          node.name,
          before.map((value) => Math.max(0, value)),
        );
      } else if (node.kind === 'input' || node.kind === 'flatten') {
        values.set(node.name, before);
      } else {
        throw new Error(`the reference computes float graphs only, not ${node.kind}`);
      }
    }
    for (const output of graph.outputs) results.push(...(values.get(output) ?? []));
  }
  return Float32Array.from(results);
}

function dense(weight: Float32Array, bias: Float32Array | undefined, input: Float32Array) {
  const units = weight.length / elementsOf([input.length]);
  const output = new Float32Array(units);
  for (let unit = 0; unit < units; unit += 1) {
    let sum = bias?.[unit] ?? 0;
    for (let index = 0; index < input.length; index += 1) {
      sum += (weight[unit * input.length + index] ?? 0) * (input[index] ?? 0);
    }
    output[unit] = sum;
  }
  return output;
}
