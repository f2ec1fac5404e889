import { checkFloatArray, rowsOf } from '../check.js';
import { mismatch, phrase } from '../errors.js';
import type { Conversion, Graph } from '../graph.js';
import { addon, defaultThreads, runJob, translated } from '../native.js';
import type {
  JobOptions,
  NativeCalibration,
  NativeConversion,
  NativeJob,
  NativeSite,
  Observations,
} from '../native.js';
import { Network } from '../network.js';
import { defaultCalibrationRows, linearLayers, settingsOf } from './options.js';
import type { CalibrationRows, LinearLayers, MethodOptions, Settings } from './options.js';
import { RowSample, checkMostRows, knownRows, piecesOf } from './rows.js';

/** Kept for the methods that try the spiking network: 32 MiB of them at most. */
const mostSampleRows = 20_000;
const mostSampleValues = 2 ** 22;

export interface CalibrationOptions {
  /** Between layers without a ReLU (default `spikes`). */
  readonly linearLayers?: LinearLayers;
  /** False where only the published methods are wanted, which need no more than each row's largest activation. */
  readonly histograms?: boolean;
  /** `model-bound`: least and largest value of an observation (default 0 and 1). */
  readonly inputRange?: readonly [low: number, high: number];
  readonly threads?: number;
}

export interface AddOptions extends JobOptions {
  /** Most rows to look at, from the start (default 20,000); `Infinity` for all. */
  readonly rows?: number;
}

/**
 * What has been seen of a float network's activations, from which any number of conversions can be made.
 *
 * ```ts
 * const calibration = new Calibration(network);
 * await calibration.add(observations);
 * const spiking = await calibration.convert({ method: 'channel-percentile' });
 * ```
 */
export class Calibration {
  readonly network: Network;
  /** Where neurons will stand, the read-out last. */
  readonly sites: readonly NativeSite[];
  readonly #native: NativeCalibration;
  readonly #sample: RowSample;
  readonly #options: CalibrationOptions;
  #rows = 0;

  constructor(network: Network, options: CalibrationOptions = {}) {
    const graph = Network.nativeOf(network);
    if (network.spiking) {
      const received = phrase('one that is spiking already');
      throw mismatch('E_ARGUMENT', 'network to convert', 'a float network', received);
    }
    const { linearLayers: between = 'spikes', histograms = true, inputRange } = options;
    if (!linearLayers.includes(between)) {
      throw mismatch('E_ARGUMENT', 'linearLayers', linearLayers.join(' or '), between);
    }
    checkRange(inputRange);
    this.network = network;
    this.#options = options;
    this.#native = translated(
      () => new (addon().Calibration)(graph, { linearLayers: between, histograms }),
    );
    this.sites = this.#native.sites();
    const rows = Math.min(mostSampleRows, Math.ceil(mostSampleValues / network.inputSize));
    this.#sample = new RowSample(network.inputSize, rows);
  }

  /** Rows seen so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Rows seen, evenly spread, laid end to end. */
  sampleRows(): Float64Array {
    return this.#sample.toArray();
  }

  async add(rows: CalibrationRows, options: AddOptions = {}): Promise<void> {
    const { rows: most = defaultCalibrationRows, onProgress, signal } = options;
    checkMostRows(most);
    const { threads = defaultThreads() } = this.#options;
    const width = this.network.inputSize;
    const total = Math.min(most, knownRows(rows, width));
    let done = 0;
    for await (const piece of piecesOf(rows, width, most)) {
      const count = piece.length / width;
      const before = done;
      const report = onProgress && ((now: number) => onProgress(before + now, total));
      const job = () => this.#native.add(piece, { rows: count, threads });
      await runJob(job, { signal, onProgress: report });
      this.#sample.add(piece);
      this.#rows += count;
      done += count;
    }
    if (done === 0) throw mismatch('E_SHAPE', 'calibration', 'at least one row', phrase('none'));
  }

  /** What the float network gives for some rows at each site, [rows][units]; nothing of it is kept. */
  async activations(rows: Observations, options: JobOptions = {}): Promise<Float32Array[]> {
    checkFloatArray(rows, 'observations');
    const { threads = defaultThreads() } = this.#options;
    const count = rowsOf(rows, this.network.inputSize, 'observations');
    return runJob(() => this.#native.activations(rows, { rows: count, threads }), options);
  }

  /** The scales that a method finds, for each site one or one a channel. */
  scales(options: MethodOptions = {}): Float64Array[] {
    return this.#scales(settingsOf(options));
  }

  async convert(options: MethodOptions & JobOptions = {}): Promise<Network> {
    const { signal, onProgress, ...own } = options;
    const settings = settingsOf(own);
    const { graph, scales } = await runJob(() => this.#start(settings), { signal, onProgress });
    return Network.fromGraph({ ...graph, conversion: this.#record(settings, scales) });
  }

  #start(settings: Settings): NativeJob<NativeConversion> {
    const { initial, burst, maxPool, steps, defaults } = settings;
    const scales = this.#scales(settings);
    const call = { scales, initial, burst, ...(maxPool !== undefined && { maxPool }) };
    const { refine: method } = defaults;
    if (method === undefined) return this.#native.convert(call);
    const { threads = defaultThreads() } = this.#options;
    return this.#native.refine(this.sampleRows(), { ...call, method, steps, threads });
  }

  #scales(settings: Settings): Float64Array[] {
    const { defaults, method, percentile, granularity, headroom, steps } = settings;
    // The refinements divide by it themselves.
    const burst = defaults.refine === undefined ? settings.burst : 1;
    if (defaults.needsData && this.#rows === 0) {
      const what = `calibration for method '${method}'`;
      throw mismatch('E_ARGUMENT', what, 'observations of the network', phrase('none'));
    }
    const [inputLow, inputHigh] = this.#options.inputRange ?? [0, 1];
    const call = { granularity, headroom, steps, burst, inputLow, inputHigh };
    const share = percentile ?? defaults.percentile;
    const given = share === undefined ? {} : { percentile: share };
    return translated(() => this.#native.scales({ method: defaults.scales, ...given, ...call }));
  }

  #record(settings: Settings, scales: readonly Float64Array[]): Conversion {
    const { method, defaults, percentile, granularity, headroom, steps, burst } = settings;
    return {
      method,
      ...(percentile !== undefined && { percentile }),
      ...((defaults.refine ?? defaults.scales === 'balance') && { steps }),
      ...(headroom !== 1 && { headroom }),
      ...(burst !== 1 && { burst }),
      ...(granularity === 'channel' && {
        granularity,
        channelScales: scales.map((each) => Array.from(each)),
      }),
      scale: scales.map((each) => each.reduce((most, scale) => Math.max(most, scale), 0)),
      ...(defaults.needsData && { calibrationRows: this.#rows }),
      ...(endsInRelu(this.network.graph) && { rectified: true }),
    };
  }
}

/** A plain one: outputs are read from potentials, in front of it. */
function endsInRelu({ nodes, outputs }: Graph): boolean {
  const last = nodes.find(({ name }) => name === outputs[0]);
  if (last?.kind !== 'relu' || last.cap !== undefined) return false;
  return last.slopes === undefined && (last.slope ?? 0) === 0;
}

function checkRange(range: CalibrationOptions['inputRange']): void {
  if (range === undefined) return;
  const [low, high] = range;
  if (Number.isFinite(low) && Number.isFinite(high) && low <= high) return;
  throw mismatch('E_RANGE', 'inputRange', 'two finite numbers, the lower first', range);
}
