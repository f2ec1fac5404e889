import { Random } from '../../ts/env/random.js';
import { engineInfo } from '../../ts/info.js';
import type { Observations, Precision } from '../../ts/native.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { Stream, StreamSteps } from '../../ts/simulator/stream.js';
import type { ReferenceResult } from '../reference/record.js';
import { referenceSimulate } from '../reference/simulate.js';
import type { Scene } from './build.js';
import { showGraph } from './show-graph.js';

/** Other observations from a step on. */
export interface Later {
  readonly from: number;
  readonly observations: Observations;
}

/**
 * Takes a scene's steps in pieces of any size, some after a save and a restore on another setting, and throws where the
 * spikes, the potentials or the decoding are not those of the reference.
 */
export function compareStream(
  scene: Scene,
  seed: number,
  precision: Precision,
  later?: Later,
): ReferenceResult {
  const { graph, observations, options, run } = scene;
  const random = new Random(seed);
  const network = Network.fromGraph(graph);
  const expected = referenceSimulate(graph, observations, {
    ...options,
    ...run,
    precision,
    trace: true,
    ...(later ? { later } : {}),
  });
  const total = options.steps!;
  const rows = expected.steps.length;
  const pick = <T>(values: readonly T[]): T =>
    values[Math.floor(random.uniform(0, values.length))]!;
  const open = (): Stream => {
    const setting = { isa: pick(engineInfo().isas), threads: pick([1, 2, 3]) };
    const { seed: runSeed = 0, firstObservation = 0 } = run;
    const simulator = new Simulator(network, { ...options, precision, ...setting });
    return simulator.stream({ rows, seed: runSeed, firstObservation });
  };
  const { layers, encodedSize } = new Simulator(network, { ...options, precision });
  let stream = open();
  for (let step = 0; step < total;) {
    if (step > 0 && random.uniform(0, 1) < 0.3) {
      const bytes = stream.save();
      stream.close();
      stream = open();
      stream.restore(bytes);
    }
    const left = (later !== undefined && step < later.from ? later.from : total) - step;
    const count = Math.min(left, pick([1, 1, 2, 7, 31, 32, 33, 64, 150]));
    const width = rows * encodedSize;
    const record = random.uniform(0, 1) < 0.5 ? { potentials: true, raster: true } : {};
    const changes = step === 0 || step === later?.from;
    const seen = step < (later?.from ?? total) ? observations : later!.observations;
    const input = run.spikes
      ? { spikes: run.spikes.subarray(step * width, (step + count) * width) }
      : changes || random.uniform(0, 1) < 0.5
        ? seen
        : undefined;
    const result = stream.step(input, count, { record });
    const output = layers.findIndex(({ name }) => name === graph.outputs[0]);
    const found =
      differs(result, expected, step, rows, output) ??
      differsInside(result, expected, step, rows, layers);
    if (found !== undefined) {
      throw new Error(`${found}\n  ${precision}, ${JSON.stringify(options)}\n${showGraph(graph)}`);
    }
    step += count;
  }
  const { out } = stream.decode();
  for (let i = 0; i < out.length; i += 1) {
    if (!Object.is(out[i], expected.out[i])) {
      throw new Error(`decoding ${i}: ${out[i]} instead of ${expected.out[i]}`);
    }
  }
  return expected;
}

/** The reference ends a row at its first spike where the decoding does. */
function compared(expected: ReferenceResult, step: number, row: number): boolean {
  return step < expected.steps[row]!;
}

function differs(
  { spikes, potential, steps }: StreamSteps,
  expected: ReferenceResult,
  first: number,
  rows: number,
  output: number,
): string | undefined {
  const units = spikes.length / (steps * rows);
  const trace = expected.traces[output]!;
  for (let i = 0; i < spikes.length; i += 1) {
    const step = Math.floor(i / (rows * units));
    if (!compared(expected, first + step, Math.floor(i / units) % rows)) continue;
    const at = first * rows * units + i;
    if (!Object.is(spikes[i], trace.spikes[at])) return `spikes of step ${first + step}`;
    if (!Object.is(potential[i], trace.potential[at])) return `potential of step ${first + step}`;
  }
  return undefined;
}

function differsInside(
  { potentials, rasters, steps }: StreamSteps,
  expected: ReferenceResult,
  first: number,
  rows: number,
  layers: readonly { name: string; units: number; fires: boolean }[],
): string | undefined {
  if (potentials === undefined || rasters === undefined) return undefined;
  for (const [l, { name, units, fires }] of layers.entries()) {
    const trace = expected.traces[l]!;
    const spikes = new Int8Array(steps * rows * units);
    const { row = [], step = [], unit = [], count = [] } = fires ? rasters[name]! : {};
    row.forEach((r, e) => {
      spikes[((step[e]! - first) * rows + r) * units + unit[e]!] = count[e]!;
    });
    for (let i = 0; i < spikes.length; i += 1) {
      const at = first * rows * units + i;
      if (!compared(expected, first + Math.floor(i / (rows * units)), Math.floor(i / units) % rows))
        continue;
      if (spikes[i] !== trace.spikes[at]) return `raster of '${name}', entry ${at}`;
      if (!Object.is(potentials[name]![i], trace.potential[at]))
        return `potential of '${name}', entry ${at}`;
    }
  }
  return undefined;
}
