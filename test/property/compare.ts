import { engineInfo } from '../../ts/info.js';
import type { Precision } from '../../ts/native.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { SimulationResult } from '../../ts/simulator.js';
import type { ReferenceResult } from '../reference/record.js';
import { referenceSimulate } from '../reference/simulate.js';
import type { Scene } from './build.js';
import { showGraph } from './show-graph.js';

const precisions: readonly Precision[] = ['float32', 'float64'];
const threadCounts = [1, 2];

/** Runs a scene in every way the engine has and throws at the first bit in which it differs; returns the reference. */
export function compareWithReference(scene: Scene): ReferenceResult {
  const network = Network.fromGraph(scene.graph);
  const results = precisions.map((precision) => {
    const { graph, observations, options, run, trace } = scene;
    const all = { ...options, ...run, precision, trace };
    const expected = referenceSimulate(graph, observations, all);
    for (const isa of engineInfo().isas) {
      for (const threads of threadCounts) {
        const simulator = new Simulator(network, { ...options, precision, isa, threads });
        const ours = simulator.runSync(observations, { ...run, record: { counts: true, trace } });
        const difference = findDifference(ours, expected);
        if (difference === undefined) continue;
        const settings = `${precision}, ${isa}, ${threads} threads, ${JSON.stringify(options)}`;
        throw new Error(`${difference}\n  ${settings}\n${showGraph(graph)}`);
      }
    }
    return expected;
  });
  return results[0]!;
}

type Numbers = NodeJS.TypedArray;

export function findDifference(
  ours: SimulationResult,
  reference: ReferenceResult,
): string | undefined {
  const [a, b] = [arraysOf(ours), arraysOf(reference)];
  const keys = Object.keys(b);
  if (Object.keys(a).join() !== keys.join()) {
    return `the engine gives ${Object.keys(a).join(', ')}, the reference ${keys.join(', ')}`;
  }
  for (const key of keys) {
    const [x, y] = [a[key]!, b[key]!];
    if (x.length !== y.length) return `${key}: length ${x.length} instead of ${y.length}`;
    // Object.is tells −0 from 0 and takes NaN for NaN.
    for (let i = 0; i < y.length; i += 1) {
      if (!Object.is(x[i], y[i])) return `${key}[${i}]: ${x[i]} instead of ${y[i]}`;
    }
  }
  return undefined;
}

/** In the order in which a difference says most: the first step of the first layer that goes wrong. */
function arraysOf(result: SimulationResult | ReferenceResult): Record<string, Numbers> {
  const { out, steps, totalSpikes, counts = [], traces = [] } = result;
  const named: [string, Numbers][] = [];
  traces.forEach(({ potential, current, spikes }, l) => {
    named.push([`traces[${l}].current`, current], [`traces[${l}].potential`, potential]);
    named.push([`traces[${l}].spikes`, spikes]);
  });
  counts.forEach((values, l) => named.push([`counts[${l}]`, values]));
  return Object.fromEntries([
    ...named,
    ['steps', steps],
    ['totalSpikes', totalSpikes],
    ['out', out],
  ] as [string, Numbers][]);
}
