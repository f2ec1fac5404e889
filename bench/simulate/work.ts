import type { WeightedLayer } from './network.js';
import { elements } from './nets.js';
import type { LayerSpec } from './nets.js';

/** The least that any engine has to do for one call, whatever its order of work. */
export interface Work {
  readonly bytes: number;
  readonly additions: number;
}

const bytesOfFloat = 4;
/** The current into the potential, and the reset. */
const additionsOfUpdate = 2;

export interface WorkInput {
  readonly input: readonly number[];
  readonly layers: readonly WeightedLayer[];
  readonly steps: number;
  readonly batch: number;
  readonly observations: Float32Array;
  /** Spikes of each hidden layer over all steps, [rows][units]. */
  readonly counts: readonly ArrayLike<number>[];
}

/** The mean over all calls that the observations make up. */
export function leastWork(given: WorkInput): Work {
  const { layers, steps, batch, observations } = given;
  const rows = observations.length / elements(given.input);
  let additions = 0;
  // Observations in, results out.
  let bytes = bytesOfFloat * (observations.length + rows * elements(layers.at(-1)!.shape));
  let shape = given.input;
  // A constant input's products are needed once for an observation, a spike's additions once for a spike.
  let events: ArrayLike<number> = observations.map((value) => (value === 0 ? 0 : 1));
  let hidden = 0;
  for (const { spec, weight, bias, shape: after } of layers) {
    if (weight !== undefined) {
      const reach = fanOut(spec, shape, after);
      for (let i = 0; i < events.length; i += 1) additions += events[i]! * reach[i % reach.length]!;
      additions += additionsOfUpdate * steps * rows * elements(after);
      const used = shareUsed(events, reach.length, batch);
      bytes += bytesOfFloat * used * (weight.data.length / reach.length);
      bytes += (rows / batch) * bytesOfFloat * bias!.data.length;
      events = given.counts[hidden] ?? [];
      hidden += 1;
    }
    shape = after;
  }
  const calls = rows / batch;
  return { bytes: bytes / calls, additions: additions / calls };
}

/** How many outputs each input reaches: for a convolution, windows over it times channels. */
export function fanOut(
  spec: LayerSpec,
  before: readonly number[],
  after: readonly number[],
): Float64Array {
  if (spec.kind !== 'conv') return new Float64Array(elements(before)).fill(elements(after));
  const { kernel, stride } = spec;
  const [channels, height, width] = before as [number, number, number];
  const [outChannels, outHeight, outWidth] = after as [number, number, number];
  const windows = (place: number, size: number): number =>
    Array.from({ length: size }, (_, i) => i * stride).filter(
      (begin) => begin <= place && place < begin + kernel,
    ).length;
  const reach = new Float64Array(channels * height * width);
  for (let i = 0; i < reach.length; i += 1) {
    const [y, x] = [Math.floor(i / width) % height, i % width];
    reach[i] = outChannels * windows(y, outHeight) * windows(x, outWidth);
  }
  return reach;
}

/** Inputs, summed over the calls, that are active in at least one row of a call: only their weights are needed. */
function shareUsed(events: ArrayLike<number>, width: number, batch: number): number {
  let used = 0;
  const perCall = width * batch;
  for (let begin = 0; begin < events.length; begin += perCall) {
    for (let unit = 0; unit < width; unit += 1) {
      for (let row = 0; row < batch; row += 1) {
        if (events[begin + row * width + unit] === 0) continue;
        used += 1;
        break;
      }
    }
  }
  return used;
}
