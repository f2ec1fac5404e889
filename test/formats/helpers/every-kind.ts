import type { Graph } from '../../../ts/graph.js';
import { tensor } from './graphs.js';

/** Any tensor whose values are above 0. */
function positive(shape: readonly number[], seed: number) {
  const { data } = tensor(shape, seed);
  return { shape, data: data.map((value) => Math.abs(value) + 0.25) };
}

/** A float network with every float kind and every field, branches, and an edge that comes back after two steps. */
export function everyFloatKind(): Graph {
  return {
    nodes: [
      { kind: 'input', name: 'image', shape: [2, 6, 6] },
      {
        kind: 'conv',
        name: 'conv',
        weight: tensor([4, 1, 3, 3], 1),
        bias: tensor([4], 2),
        stride: [2, 1],
        dilation: [1, 2],
        padding: [1, 0, 1, 2],
        groups: 2,
      },
      {
        kind: 'batch_norm',
        name: 'norm',
        scale: tensor([4], 3),
        shift: tensor([4], 4),
        mean: tensor([4], 5),
        variance: positive([4], 6),
        epsilon: 1e-3,
      },
      { kind: 'relu', name: 'active' },
      {
        kind: 'pool',
        name: 'maximum',
        mode: 'max',
        kernel: [2, 2],
        stride: [1, 1],
        padding: [0, 0, 1, 1],
        spikes: 'average',
      },
      { kind: 'conv', name: 'plain', weight: tensor([4, 4, 1, 1], 7) },
      { kind: 'add', name: 'sum' },
      { kind: 'concat', name: 'beside', axis: 1 },
      { kind: 'upsample', name: 'larger', scale: [1, 2] },
      {
        kind: 'conv_transpose',
        name: 'wider',
        weight: tensor([4, 3, 2, 2], 8),
        bias: tensor([3], 9),
        stride: [2, 2],
        dilation: [1, 1],
        padding: [0, 1, 0, 0],
        groups: 1,
        outputPadding: [1, 0],
      },
      {
        kind: 'pool',
        name: 'mean',
        mode: 'average',
        kernel: [3, 3],
        padding: [1, 1, 1, 1],
        countPadding: true,
      },
      { kind: 'pool', name: 'all', mode: 'sum' },
      { kind: 'reshape', name: 'row', shape: [1, 3] },
      { kind: 'flatten', name: 'flat' },
      { kind: 'dense', name: 'q', weight: tensor([2, 3], 10), bias: tensor([2], 11) },
    ],
    edges: [
      ['image', 'conv'],
      ['conv', 'norm'],
      ['norm', 'active'],
      ['active', 'maximum'],
      ['maximum', 'plain'],
      ['active', 'sum'],
      ['plain', 'sum'],
      ['sum', 'sum', 2],
      ['sum', 'beside'],
      ['active', 'beside'],
      ['beside', 'larger'],
      ['larger', 'wider'],
      ['wider', 'mean'],
      ['mean', 'all'],
      ['all', 'row'],
      ['row', 'flat'],
      ['flat', 'q'],
    ],
    outputs: ['q'],
  };
}

/** Neurons with every field, one threshold for each channel, and an accumulator. */
export function everySpikingKind(): Graph {
  return {
    nodes: [
      { kind: 'input', name: 'signal', shape: [1, 8] },
      { kind: 'conv', name: 'conv', weight: tensor([3, 1, 3], 1) },
      { kind: 'neuron', name: 'spikes', thresholds: positive([3], 2), initial: 0.5 },
      { kind: 'flatten', name: 'flat' },
      { kind: 'dense', name: 'fc', weight: tensor([2, 18], 3), bias: tensor([2], 4) },
      {
        kind: 'neuron',
        name: 'more',
        threshold: 2,
        initial: -1,
        alpha: 0.5,
        beta: 0.75,
        reset: 'value',
        resetValue: -0.5,
        refractory: 3,
        burst: 2,
      },
      { kind: 'neuron', name: 'ternary', ternary: true },
      { kind: 'accumulator', name: 'out', alpha: 0.25, beta: 0.5 },
    ],
    edges: [
      ['signal', 'conv'],
      ['conv', 'spikes'],
      ['spikes', 'flat'],
      ['flat', 'fc'],
      ['fc', 'more'],
      ['more', 'ternary'],
      ['ternary', 'out'],
    ],
    outputs: ['out'],
    epsilon: 1e-4,
  };
}

/** A float network of what imported ones bring: an input that is scaled, values moved, other ReLUs. */
export function everyImportedKind(): Graph {
  return {
    nodes: [
      {
        kind: 'input',
        name: 'pixels',
        shape: [2, 5, 4],
        factor: tensor([2], 1),
        offset: tensor([2], 2),
      },
      { kind: 'pad', name: 'wider', padding: [1, 0, 2, 0, 1, 0] },
      { kind: 'scale', name: 'scaled', factor: tensor([3], 3), offset: tensor([3], 4) },
      { kind: 'relu', name: 'leaky', slope: 0.125 },
      { kind: 'scale', name: 'plain', factor: tensor([3], 5) },
      { kind: 'relu', name: 'learnt', slopes: tensor([3], 6), cap: 6 },
      {
        kind: 'pool',
        name: 'sparse',
        mode: 'max',
        kernel: [2, 2],
        stride: [1, 1],
        dilation: [2, 3],
      },
      { kind: 'transpose', name: 'turned', axes: [2, 0, 1] },
      { kind: 'select', name: 'picked', axis: 1, indices: [2, 0, 2] },
      { kind: 'flatten', name: 'flat' },
      { kind: 'dense', name: 'q', weight: tensor([2, 36], 7) },
    ],
    edges: [
      ['pixels', 'wider'],
      ['wider', 'scaled'],
      ['scaled', 'leaky'],
      ['leaky', 'plain'],
      ['plain', 'learnt'],
      ['learnt', 'sparse'],
      ['sparse', 'turned'],
      ['turned', 'picked'],
      ['picked', 'flat'],
      ['flat', 'q'],
    ],
    outputs: ['q'],
  };
}

/** Potentials and negative thresholds, one for all and one for each channel. */
export function everyPotential(): Graph {
  return {
    nodes: [
      { kind: 'input', name: 'signal', shape: [3, 4] },
      { kind: 'neuron', name: 'uneven', ternary: true, negative: 2.5, initials: tensor([3], 1) },
      { kind: 'scale', name: 'scaled', factor: tensor([3], 2), offset: tensor([3], 3) },
      { kind: 'neuron', name: 'each', ternary: true, negatives: positive([3], 4) },
      { kind: 'accumulator', name: 'out', initials: tensor([3], 5) },
    ],
    edges: [
      ['signal', 'uneven'],
      ['uneven', 'scaled'],
      ['scaled', 'each'],
      ['each', 'out'],
    ],
    outputs: ['out'],
  };
}
