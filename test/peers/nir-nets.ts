import type { Graph, NeuronAttributes, Tensor } from '../../ts/graph.js';
import type { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { chain, tensor } from '../formats/helpers/graphs.js';
import { askPeer } from './python.js';

export type Library = 'snntorch' | 'spikingjelly' | 'norse';
export const libraries: readonly Library[] = ['snntorch', 'spikingjelly', 'norse'];
export const steps = 50;

/** One kind of job for nir_run.py; with `layers` the library builds and exports a network, else it reads `file`. */
export interface Job {
  readonly library: Library;
  readonly file: string;
  readonly input: unknown;
  readonly steps: number;
  readonly batch?: boolean;
  readonly layers?: readonly Layer[];
}

export interface Layer {
  readonly kind: 'linear' | 'conv' | 'average' | 'flatten' | 'cell' | 'recurrent';
  readonly [name: string]: unknown;
}

export type Answer = { readonly spikes: number[][] } | { readonly refused: string };

export function runPeers(jobs: readonly Job[]): Answer[] {
  return askPeer('nir_run.py', jobs) as Answer[];
}

/** Rows of a matrix, or deeper lists, as JSON has them. */
export function nested({ shape, data }: Tensor): unknown {
  const [size = 0, ...inner] = shape;
  if (inner.length === 0) return Array.from(data);
  const length = data.length / size;
  return Array.from({ length: size }, (_, index) =>
    nested({ shape: inner, data: data.subarray(index * length, (index + 1) * length) }),
  );
}

/** Spikes of the last layer, [step][unit]. */
export function spikesOf(network: Network, row: Float32Array): number[][] {
  const simulator = new Simulator(network, { steps, decoding: 'spikes' });
  const { traces } = simulator.runSync(row, { record: { trace: true } });
  const { spikes } = traces!.at(-1)!;
  const units = spikes.length / steps;
  return Array.from({ length: steps }, (_, step) =>
    Array.from(spikes.subarray(step * units, (step + 1) * units)),
  );
}

export const observation = (shape: readonly number[]): Tensor => {
  const { data } = tensor(shape, 11);
  return { shape, data: data.map((value) => Math.abs(value) % 1) };
};

export const image = [1, 6, 6] as const;

function dense(first: NeuronAttributes, second: NeuronAttributes): Graph {
  return chain(
    { kind: 'input', name: 'x', shape: [4] },
    { kind: 'dense', name: 'fc.1', weight: tensor([8, 4], 1), bias: tensor([8], 2) },
    { kind: 'neuron', name: 'hidden', ...first },
    { kind: 'dense', name: 'if', weight: tensor([5, 8], 3) },
    { kind: 'neuron', name: 'out', ...second },
  );
}

/** Networks that all three libraries can express, by name. */
export const ours: Readonly<Record<string, Graph>> = {
  'leaky units': dense(
    { beta: 0.9, reset: 'zero' },
    { beta: 0.75, reset: 'zero', threshold: 0.75 },
  ),
  'units without leak': dense({ reset: 'zero' }, { reset: 'zero', threshold: 0.6 }),
  'currents that decay': dense(
    { alpha: 0.5, beta: 0.9, reset: 'zero' },
    { alpha: 0.25, beta: 1, reset: 'zero', threshold: 2 },
  ),
  'a convolution with averages': chain(
    { kind: 'input', name: 'x', shape: image },
    { kind: 'conv', name: 'conv', weight: tensor([3, 1, 3, 3], 4), bias: tensor([3], 5) },
    { kind: 'neuron', name: 'hidden', beta: 0.9, reset: 'zero' },
    { kind: 'pool', name: 'mean', mode: 'average', kernel: [2, 2] },
    { kind: 'flatten', name: 'flat' },
    { kind: 'dense', name: 'fc', weight: tensor([5, 12], 6), bias: tensor([5], 7) },
    { kind: 'neuron', name: 'out', beta: 0.5, reset: 'zero', threshold: 0.5 },
  ),
  'a convolution with sums and paddings': chain(
    { kind: 'input', name: 'x', shape: image },
    {
      kind: 'conv',
      name: 'conv',
      weight: tensor([2, 1, 3, 3], 8),
      padding: [1, 1, 1, 1],
      stride: [2, 1],
    },
    { kind: 'neuron', name: 'hidden', reset: 'zero' },
    { kind: 'pool', name: 'sum', mode: 'sum', kernel: [1, 3] },
    { kind: 'flatten', name: 'flat' },
    { kind: 'dense', name: 'fc', weight: tensor([5, 12], 9), bias: tensor([5], 10) },
    { kind: 'neuron', name: 'out', beta: 0.8, reset: 'zero' },
  ),
};
