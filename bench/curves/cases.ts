import { Random } from '../../ts/env/random.js';
import { chainGraph, drawLayers, drawUniform } from '../simulate/network.js';
import type { WeightedLayer } from '../simulate/network.js';
import { elements, nets } from '../simulate/nets.js';
import type { NetName, NetSpec } from '../simulate/nets.js';
import type { Graph } from '../../ts/graph.js';

/** One run whose cost is a point of a curve. */
export interface Run {
  readonly graph: Graph;
  readonly observations: Float32Array;
  readonly batch: number;
  readonly steps: number;
  readonly threads: number;
}

export interface Curve {
  /** The panel of the chart. */
  readonly against: string;
  readonly name: string;
  readonly xs: readonly number[];
  /** How the cost is to grow: along a straight line, or not at all. */
  readonly expected: 'line' | 'level';
  run(x: number): Run;
}

const threadsOf = (net: NetName): number => (net === 'cartpole' ? 1 : 2);

function runOf(net: NetName, batch: number, steps: number): Run {
  const random = new Random(1);
  const { input } = nets[net];
  return {
    graph: chainGraph(input, drawLayers(nets[net], random), 'spiking'),
    observations: drawUniform(random, batch * elements(input), 0, 1),
    batch,
    steps,
    threads: threadsOf(net),
  };
}

const names = Object.keys(nets) as NetName[];

const stepCurves = names.map((net): Curve => ({
  against: 'steps T',
  name: `${net}, batch 1`,
  xs: [25, 50, 100, 200, 400, 800],
  expected: 'line',
  run: (steps) => runOf(net, 1, steps),
}));

const batchCurves = names.map((net): Curve => ({
  against: 'batch',
  name: `${net}, T = 100`,
  xs: [1, 2, 4, 8, 16, 32, 64],
  expected: 'line',
  run: (batch) => runOf(net, batch, 100),
}));

const activeInputs: Curve = {
  against: 'active inputs, %',
  name: 'patel, batch 1',
  xs: [0, 20, 40, 60, 80, 100],
  expected: 'line',
  run(percent) {
    const run = runOf('patel', 1, 100);
    const random = new Random(2);
    const share = percent / 100;
    return {
      ...run,
      observations: run.observations.map((x) => (random.uniform(0, 1) < share ? x : 0)),
    };
  },
};

const firing = 256;
const after = 1024;

/** Neurons that never fire, without weights and bias, after those that do: the layer after them is to read their masks only. */
const silentNeurons: Curve = {
  against: 'silent neurons',
  name: `16-(${firing} + silent)-${after}-4, batch 1`,
  xs: [0, 1024, 2048, 4096, 8192],
  expected: 'level',
  run(silent) {
    const random = new Random(1);
    const units = firing + silent;
    const spec: NetSpec = {
      input: [16],
      layers: [units, after, 4].map((size) => ({ kind: 'dense', units: size })),
    };
    const [first, ...rest] = drawLayers(spec, random) as [WeightedLayer, ...WeightedLayer[]];
    first.weight!.data.fill(0, firing * 16);
    first.bias!.data.fill(0, firing);
    // So many inputs would make the next layer's weights smaller: as large as without silent ones.
    const stronger = Math.sqrt(units / firing);
    rest[0]!.weight!.data.forEach((w, i, all) => (all[i] = w * stronger));
    return {
      graph: chainGraph(spec.input, [first, ...rest], 'spiking'),
      observations: drawUniform(new Random(3), 16, 0, 1),
      batch: 1,
      steps: 100,
      threads: 1,
    };
  },
};

export const curves: readonly Curve[] = [
  ...stepCurves,
  ...batchCurves,
  activeInputs,
  silentNeurons,
];
