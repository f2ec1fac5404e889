import { Random } from '../../ts/env/random.js';
import type { Graph, GraphNode, Tensor } from '../../ts/graph.js';
import { elements } from './nets.js';
import type { LayerSpec, NetSpec } from './nets.js';

export interface WeightedLayer {
  readonly spec: LayerSpec;
  readonly weight?: Tensor;
  readonly bias?: Tensor;
  /** Shape of the layer's output. */
  readonly shape: readonly number[];
}

/** Weights and biases as torch draws them by default: uniform in ±1/√fan_in. */
export function drawLayers({ input, layers }: NetSpec, random: Random): WeightedLayer[] {
  let shape: readonly number[] = input;
  return layers.map((spec) => {
    if (spec.kind === 'flatten') {
      shape = [elements(shape)];
      return { spec, shape };
    }
    const inputs = shape[0]!;
    const outputs = spec.kind === 'conv' ? spec.channels : spec.units;
    const kernel = spec.kind === 'conv' ? [spec.kernel, spec.kernel] : [];
    const bound = 1 / Math.sqrt(inputs * elements(kernel));
    const draw = (sizes: readonly number[]): Tensor => ({
      shape: sizes,
      data: drawUniform(random, elements(sizes), -bound, bound),
    });
    const weight = draw([outputs, inputs, ...kernel]);
    shape = spec.kind === 'conv' ? [outputs, ...shape.slice(1).map(windows(spec))] : [outputs];
    return { spec, weight, bias: draw([outputs]), shape };
  });
}

const windows =
  ({ kernel, stride }: { kernel: number; stride: number }) =>
  (size: number): number =>
    Math.floor((size - kernel) / stride) + 1;

export function drawUniform(random: Random, count: number, low: number, high: number) {
  return Float32Array.from({ length: count }, () => random.uniform(low, high));
}

/** A chain: spiking with neurons of threshold 1 and a summing read-out, or the float network of the same weights. */
export function chainGraph(
  input: readonly number[],
  layers: readonly WeightedLayer[],
  kind: 'spiking' | 'float',
): Graph {
  const nodes: GraphNode[] = [{ kind: 'input', name: 'input', shape: input }];
  layers.forEach((layer, index) => {
    nodes.push(weightedNode(layer, index));
    if (layer.spec.kind === 'flatten') return;
    if (index + 1 < layers.length) {
      nodes.push({ kind: kind === 'spiking' ? 'neuron' : 'relu', name: `hidden${index}` });
    } else if (kind === 'spiking') {
      nodes.push({ kind: 'accumulator', name: 'sum' });
    }
  });
  return {
    nodes,
    edges: nodes.slice(1).map(({ name }, index) => [nodes[index]!.name, name]),
    outputs: [nodes.at(-1)!.name],
  };
}

function weightedNode({ spec, weight, bias }: WeightedLayer, index: number): GraphNode {
  const name = `${spec.kind}${index}`;
  switch (spec.kind) {
    case 'flatten':
      return { kind: 'flatten', name };
    case 'dense':
      return { kind: 'dense', name, weight: weight!, bias: bias! };
    case 'conv':
      return {
        kind: 'conv',
        name,
        weight: weight!,
        bias: bias!,
        stride: [spec.stride, spec.stride],
      };
  }
}
