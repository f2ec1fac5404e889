import { checkFloatArray, checkNames, rowsOf } from './check.js';
import { mismatch, phrase } from './errors.js';
import { nativeNetwork } from './fixed/network.js';
import type { ChipNetwork } from './fixed/network.js';
import { addon, defaultThreads, runJob, translated } from './native.js';
import type {
  JobOptions,
  NativeChip,
  NativeChipCall,
  NativeChipParameters,
  NativeChipResult,
  Observations,
} from './native.js';

export type { ChipConnections, ChipLayer, ChipNetwork } from './fixed/network.js';

/** How products are brought back to 15 binary places. */
export const chipRoundings = ['nearest', 'truncate'] as const;
export type ChipRounding = (typeof chipRoundings)[number];

export interface ChipOptions extends JobOptions {
  /** Steps of 1 ms for each layer: T (default 100). */
  readonly steps?: number;
  /**
   * The membrane's time constant in ms. Left out, it is the largest power of two that keeps every current of these
   * observations in the range; `Infinity` takes neurons that do not leak, which no chip has.
   */
  readonly tauM?: number;
  /** Default `nearest`, as in the newer sources; the older ones `truncate`. */
  readonly rounding?: ChipRounding;
  readonly threads?: number;
}

/** What became of a layer on the way to the chip, and of its numbers there. */
export interface ChipLayerEffect {
  /** Of excitatory and of inhibitory weights; none for the first layer, whose weights are not on the chip. */
  readonly weightShift?: readonly [excitatory: number, inhibitory: number];
  readonly weightQuantum?: readonly [excitatory: number, inhibitory: number];
  /** Connections whose weight is not 0, and how many of them are 0 once they are rounded. */
  readonly connections: number;
  readonly vanished: number;
  /** The largest difference between a weight and the one on the chip. */
  readonly weightError: number;
  /** Units whose bias is not lined up with the spikes, which come a step later for each layer. */
  readonly unaligned: number;
  /** Buffers of a unit that were cut off at 65,535 in a step. */
  readonly clipped: number;
  /** Updates of a unit in which a number left the range and wrapped. */
  readonly overflows: number;
  /** The largest current of a step, without sign. */
  readonly largestCurrent: number;
}

export interface ChipEffect {
  readonly tauM: number;
  /** exp(−1/tauM) as the chip has it, and what a current adds to a potential near 0, ideally 1. */
  readonly decay: number;
  readonly gain: number;
  readonly layers: readonly ChipLayerEffect[];
}

/** What a board would do, computed and not measured. */
export interface ChipPrediction {
  readonly predicted: true;
  readonly rows: number;
  /** Spikes of each unit that fires, layer by layer: [rows][units]. */
  readonly counts: Uint32Array;
  /** The last layer's potentials at the end: [rows][outputs]. */
  readonly potentials: Float64Array;
  /** Of all layers and rows. */
  readonly clipped: number;
  readonly overflows: number;
  readonly effective: ChipEffect;
}

/** What one observation would do on a board, step by step. */
export interface ChipTrace {
  readonly predicted: true;
  /** Of each layer. Its steps are counted from its own first one, so that they are those of a simulation without delays. */
  readonly layers: readonly {
    /** A step and a unit, in turns. */
    readonly spikes: Uint32Array;
    /** After each step: [steps][units]. */
    readonly potentials: Float64Array;
  }[];
}

const optionNames = ['steps', 'tauM', 'rounding', 'threads', 'signal', 'onProgress'];

/**
 * A network in the numbers of a SpiNNaker board: potentials in s16.15, weights of 16 bits, reset to zero.
 *
 * ```ts
 * const chip = new ChipEmulation({ inputs: 4, layers });
 * const { potentials, overflows, effective } = await chip.run(observations, { steps: 100 });
 * ```
 */
export class ChipEmulation {
  readonly inputs: number;
  readonly #native: NativeChip;
  readonly #parameters: readonly NativeChipParameters[];

  constructor(network: ChipNetwork) {
    const native = nativeNetwork(network);
    this.#native = translated(() => new (addon().Chip)(native));
    this.#parameters = this.#native.describe();
    this.inputs = native.inputs;
  }

  /**
   * Emulates rows of observations laid end to end, off this thread. Each row is computed by itself; but where `tauM` is
   * left out, all of them together choose it.
   */
  async run(observations: Observations, options: ChipOptions = {}): Promise<ChipPrediction> {
    const { call, job } = this.#call(observations, options);
    const result = await runJob(() => this.#native.run(observations, call), job);
    return prediction(call.rows, result, this.#parameters);
  }

  /** All that the units do for one observation. */
  async trace(observation: Observations, options: ChipOptions = {}): Promise<ChipTrace> {
    const { call, job } = this.#call(observation, options);
    if (call.rows !== 1)
      throw mismatch('E_SHAPE', 'observation', 'one row', phrase(`${call.rows} rows`));
    const { spikes, potentials } = await runJob(() => this.#native.trace(observation, call), job);
    const layers = spikes.map((list, l) => ({ spikes: list, potentials: potentials[l]! }));
    return { predicted: true, layers };
  }

  #call(observations: Observations, options: ChipOptions): ChipCall {
    checkNames(options, optionNames, 'emulation option');
    const { signal, onProgress, threads = defaultThreads(), tauM, ...rest } = options;
    if (tauM !== undefined && typeof (tauM as unknown) !== 'number')
      throw mismatch('E_ARGUMENT', "emulation option 'tauM'", 'a number', tauM);
    checkFloatArray(observations, 'observations');
    const rows = rowsOf(observations, this.inputs, 'observations');
    return { call: { ...rest, tauM, rows, threads }, job: { signal, onProgress } };
  }
}

interface ChipCall {
  readonly call: NativeChipCall;
  readonly job: JobOptions;
}

/** A network emulated once; see `ChipEmulation`. */
export async function emulateChip(
  network: ChipNetwork,
  observations: Observations,
  options: ChipOptions = {},
): Promise<ChipPrediction> {
  return new ChipEmulation(network).run(observations, options);
}

function prediction(
  rows: number,
  result: NativeChipResult,
  parameters: readonly NativeChipParameters[],
): ChipPrediction {
  const { counts, potentials, tauM, decay, gain } = result;
  const layers = result.layers.map((tally, l) => ({ ...effectOf(parameters[l]!, l), ...tally }));
  const sum = (key: 'clipped' | 'overflows'): number =>
    layers.reduce((total, layer) => total + layer[key], 0);
  return {
    predicted: true,
    rows,
    counts,
    potentials,
    clipped: sum('clipped'),
    overflows: sum('overflows'),
    effective: { tauM, decay, gain, layers },
  };
}

function effectOf(
  native: NativeChipParameters,
  layer: number,
): Omit<ChipLayerEffect, 'clipped' | 'overflows' | 'largestCurrent'> {
  const { connections, vanished, largestError: weightError, unaligned } = native;
  const [excitatory = 0, inhibitory = 0] = native.shifts;
  const weights = {
    weightShift: [excitatory, inhibitory],
    weightQuantum: [2 ** (excitatory - 15), 2 ** (inhibitory - 15)],
  } as const;
  return {
    ...(layer === 0 ? {} : weights),
    connections,
    vanished,
    weightError,
    unaligned,
  };
}
