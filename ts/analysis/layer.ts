import { mismatch } from '../errors.js';
import { Pairs } from './pairs.js';

/** How a layer of neurons carries the activations of the float network, over some observations. */
export interface LayerAnalysis {
  /** Of the neurons; of the float network's ReLU, too. */
  readonly name: string;
  readonly units: number;
  readonly channels: number;
  /** Whether it is the last one, which integrates: its output stands in the place of a rate. */
  readonly readout: boolean;
  /** The largest of its channels. */
  readonly scale: number;
  /** Pearson's, of rate and activation over units and observations; null where one of both never changes. */
  readonly correlation: number | null;
  /** Mean of what the rate stands for, less the activation, in units of the float network. */
  readonly meanError: number;
  readonly meanActivation: number;
  /** The rest is null of a read-out. Spikes of the layer for an observation. */
  readonly spikes: number | null;
  /** Channels that never spiked though the float network's were active, and those that were not either. */
  readonly deadChannels: number | null;
  readonly inactiveChannels: number | null;
  /** Channels at their limit, to within 1 %, in more than 1 % of the counts. */
  readonly saturatedChannels: number | null;
  /** Share of the activations that lie above what the largest rate stands for. */
  readonly clippedShare: number | null;
}

export interface LayerPlace {
  readonly name: string;
  readonly units: number;
  readonly channels: number;
  readonly readout: boolean;
  /** One for each channel, or one for all. */
  readonly scales: readonly number[];
}

/** Spikes of a unit that count as the most it can fire, as a share of these. */
const nearLimit = 0.99;
const saturatedShare = 0.01;
/** More than float32 rounds by: the largest activation that was seen is often the scale itself. */
const beyondRounding = 1 + 1e-6;

/** Gathers what `LayerAnalysis` tells of one layer. */
export class LayerSums {
  readonly #pairs = new Pairs();
  readonly #spiked: Uint8Array;
  readonly #active: Uint8Array;
  readonly #atLimit: Float64Array;
  #rows = 0;
  #spikes = 0;
  #clipped = 0;

  constructor(
    readonly place: LayerPlace,
    readonly steps: number,
    readonly burst: number,
  ) {
    const { channels, scales, name } = place;
    if (scales.length !== 1 && scales.length !== channels) {
      const what = `scales of layer '${name}'`;
      throw mismatch('E_SHAPE', what, `1 or ${channels}, one for each channel`, scales.length);
    }
    this.#spiked = new Uint8Array(channels);
    this.#active = new Uint8Array(channels);
    this.#atLimit = new Float64Array(channels);
  }

  /** Values that the layer stands for and activations, each [rows][units]. */
  addValues(values: ArrayLike<number>, activations: Float32Array): void {
    this.#pairs.add(values, activations);
    this.#rows += activations.length / this.place.units;
  }

  /** Spikes of all steps and activations, each [rows][units]. */
  addCounts(counts: Int32Array, activations: Float32Array): void {
    const { channels, units, scales } = this.place;
    const each = units / channels;
    const most = this.steps * this.burst;
    const values = new Float64Array(counts.length);
    for (let start = 0; start < counts.length; start += each) {
      const channel = (start / each) % channels;
      const scale = scales[scales.length === 1 ? 0 : channel]!;
      const highest = scale * this.burst * beyondRounding;
      let [atLimit, spiked, active] = [0, false, false];
      for (let i = start; i < start + each; i += 1) {
        const [count, activation] = [counts[i]!, activations[i]!];
        const size = Math.abs(count);
        values[i] = (count * scale) / this.steps;
        this.#spikes += size;
        if (size >= nearLimit * most) atLimit += 1;
        if (Math.abs(activation) > highest) this.#clipped += 1;
        spiked ||= size > 0;
        active ||= activation !== 0;
      }
      this.#atLimit[channel]! += atLimit;
      if (spiked) this.#spiked[channel] = 1;
      if (active) this.#active[channel] = 1;
    }
    this.addValues(values, activations);
  }

  result(): LayerAnalysis {
    const { scales, ...place } = this.place;
    const { name, units, channels, readout } = place;
    const counts = this.#rows * (units / channels);
    const silent = (active: number): number =>
      this.#spiked.reduce(
        (sum, spiked, channel) => sum + (spiked === 0 && this.#active[channel] === active ? 1 : 0),
        0,
      );
    const saturated = this.#atLimit.filter((times) => times > saturatedShare * counts).length;
    return {
      ...{ name, units, channels, readout },
      scale: scales.reduce((most, scale) => Math.max(most, scale), 0),
      correlation: this.#pairs.correlation,
      meanError: this.#pairs.meanX - this.#pairs.meanY,
      meanActivation: this.#pairs.meanY,
      spikes: readout ? null : this.#spikes / this.#rows,
      deadChannels: readout ? null : silent(1),
      inactiveChannels: readout ? null : silent(0),
      saturatedChannels: readout ? null : saturated,
      clippedShare: readout ? null : this.#clipped / (this.#rows * units),
    };
  }
}
