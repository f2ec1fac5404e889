import { markAsUntransferable } from 'node:worker_threads';
import { checkFloatArray, checkNames, rowsOf } from './check.js';
import { SpiqError, mismatch, phrase } from './errors.js';
import type { Reset } from './graph.js';
import { addon, defaultIsa, defaultThreads, runJob, translate, translated } from './native.js';
import type {
  JobOptions,
  NativeLayer,
  NativeResult,
  NativeRunInto,
  NativeSimulator,
  Observations,
  Precision,
  Reals,
} from './native.js';
import { Network } from './network.js';
import { readoutUnits, unitsOf } from './readout.js';
import type { InUnits } from './readout.js';
import { anytimeCall, anytimeOutputs, earlyExit } from './simulator/anytime.js';
import type {
  AnytimeCall,
  AnytimeOptions,
  AnytimeOutputs,
  EarlyExit,
} from './simulator/anytime.js';
import { recordCall, recordNames, recordedOf } from './simulator/record.js';
import type { RecordOptions, Recorded } from './simulator/record.js';
import { Stream } from './simulator/stream.js';
import type { StreamOptions } from './simulator/stream.js';

export type { NativeLayer as SimulatedLayer } from './native.js';
export type { LayerTrace } from './simulator/record.js';

export const semanticsNames = ['direct', 'dsqn'] as const;
export type Semantics = (typeof semanticsNames)[number];
export const encodings = ['constant', 'poisson', 'equidistant', 'latency', 'spikes'] as const;
export type Encoding = (typeof encodings)[number];
export const decodings = [
  'potential',
  'spikes',
  'first_spike',
  'mean_potential',
  'max_potential',
] as const;
export type Decoding = (typeof decodings)[number];
export const resets = ['subtraction', 'zero', 'value'] as const satisfies readonly Reset[];

export interface SimulationOptions<P extends Precision = Precision> {
  /** Simulation time T (default 100). */
  readonly steps?: number;
  readonly semantics?: Semantics;
  readonly encoding?: Encoding;
  readonly decoding?: Decoding;
  /** These four replace what the graph's neurons say; left out, the graph decides. */
  readonly threshold?: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly reset?: Reset;
  /** Replaces the graph's ε (direct semantics). */
  readonly epsilon?: number;
  /** Splits each observation into [max(x, 0), max(−x, 0)] and the first matrix into [W; −W]. */
  readonly twoInputNeurons?: boolean;
  /** Appends the constant 1 to each observation; the network's last input is its weight. */
  readonly biasAsObservation?: boolean;
  readonly precision?: P;
  readonly threads?: number;
  readonly isa?: string;
}

/** Where in the stream of random numbers a run takes place. */
export interface StreamPosition {
  readonly seed?: number;
  /** Index of the first row in the whole stream, so that Poisson input does not depend on the batches. */
  readonly firstObservation?: number;
}

export interface RunOptions extends StreamPosition {
  /** Spikes fed instead of encoded observations (encoding 'spikes'): [steps][rows][inputs], counts with sign. */
  readonly spikes?: Int8Array;
  /** Number of rows, where spikes come without observations. */
  readonly rows?: number;
  readonly record?: RecordOptions;
  /** Outputs on the way to T, and rows that end once they are sure. */
  readonly anytime?: AnytimeOptions;
}

export interface AsyncRunOptions extends RunOptions, JobOptions {
  /**
   * Reads the observations where they lie instead of copying them first. Until the promise settles they must
   * not change, and a job that writes to them is refused with E_BUFFER_BUSY. The buffer can never be
   * transferred to another thread any more.
   */
  readonly borrow?: boolean;
  /** Where the outputs go, of the simulation's precision and of rows × outputs values. */
  readonly into?: Observations;
}

export interface SimulationResult<P extends Precision = Precision> extends Recorded<P> {
  readonly rows: number;
  /** The raw decoding: [rows][outputs]. */
  readonly out: Reals<P>;
  /** `out` in the float network's units, where the conversion's scales are known and apply; see `unitsNote`. */
  readonly q?: Reals<P>;
  /** Steps simulated for each row: T, or fewer for `first_spike` and after an early exit. */
  readonly steps: Int32Array;
  /** Spikes of all layers for each row. */
  readonly totalSpikes: Float64Array;
  readonly anytime?: AnytimeOutputs<P>;
  readonly exit?: EarlyExit<P>;
}

const optionNames = [
  'steps',
  'semantics',
  'encoding',
  'decoding',
  'threshold',
  'alpha',
  'beta',
  'reset',
  'epsilon',
  'twoInputNeurons',
  'biasAsObservation',
  'precision',
  'threads',
  'isa',
];
const runNames = [
  'spikes',
  'seed',
  'firstObservation',
  'rows',
  'record',
  'anytime',
  'borrow',
  'into',
  'signal',
  'onProgress',
];

/**
 * A network compiled for spiking simulation. The result depends on network, observations, options and seed alone:
 * not on batch size, threads or instruction set.
 *
 * ```ts
 * const simulator = new Simulator(spiking, { steps: 100 });
 * const { q } = await simulator.run(observations);
 * ```
 */
export class Simulator<P extends Precision = 'float32'> {
  readonly observationSize: number;
  /** Inputs of the first layer: the observation after the split in two and with the bias. */
  readonly encodedSize: number;
  readonly outputSize: number;
  readonly layers: readonly NativeLayer[];
  /** Simulation time T. */
  readonly steps: number;
  /** Why results carry no `q`, or undefined where they do. */
  readonly unitsNote: string | undefined;
  readonly #native: NativeSimulator;
  readonly #runInto: NativeRunInto;
  readonly #unitsAt: (steps: number) => InUnits | undefined;

  constructor(network: Network, options: SimulationOptions<P> = {}) {
    checkNames(options, optionNames, 'simulation option');
    const { threads = defaultThreads(), isa = defaultIsa(), ...rest } = options;
    const graph = Network.nativeOf(network);
    this.#native = translated(() => new (addon().Simulator)(graph, { ...rest, threads, isa }));
    this.#runInto = this.#native.boundRunInto();
    const { observationSize, encodedSize, outputSize, layers } = this.#native.describe();
    this.observationSize = observationSize;
    this.encodedSize = encodedSize;
    this.outputSize = outputSize;
    this.layers = layers;
    this.steps = options.steps ?? 100;
    const units = readoutUnits(network.graph, options);
    const unit = units(this.steps);
    if (typeof unit !== 'number') this.unitsNote = unit.reason;
    this.#unitsAt = (steps) => unitsOf(network.graph, units(steps));
  }

  /** Simulates rows of observations laid end to end, off this thread. */
  async run(
    observations: Observations | undefined,
    options: AsyncRunOptions = {},
  ): Promise<SimulationResult<P>> {
    const call = this.#call(observations, options);
    const { borrow = false, into, record } = options;
    if (borrow && observations) {
      // A resizable buffer could shrink under the job; the type of ES2023 does not know the property.
      if ((observations.buffer as { resizable?: boolean }).resizable === true) {
        throw mismatch(
          'E_UNSUPPORTED',
          'buffer to borrow',
          'one of fixed length',
          phrase('a resizable one'),
        );
      }
      markAsUntransferable(observations.buffer);
    }
    return this.#result(
      await runJob(() => this.#native.run({ ...call, borrow, into }), options),
      call,
      record,
    );
  }

  /** `run` on this thread, before it returns: for a few observations at a time. */
  runSync(observations: Observations | undefined, options: RunOptions = {}): SimulationResult<P> {
    const call = this.#call(observations, options);
    return this.#result(
      translated(() => this.#native.runSync(call)),
      call,
      options.record,
    );
  }

  /**
   * Writes the raw decoding of some observations to `out` before it returns, and gives nothing else back: what a
   * closed loop calls for every observation. Both arrays are of the simulation's precision.
   */
  runInto(observations: Reals<P>, out: Reals<P>, options?: StreamPosition): void {
    try {
      if (options === undefined) {
        this.#runInto(observations, out);
      } else {
        const { firstObservation, seed } = checkPosition(options);
        this.#runInto(observations, out, firstObservation, seed);
      }
    } catch (error) {
      throw translate(error);
    }
  }

  /** Rows that keep their state between calls. */
  stream(options: StreamOptions = {}): Stream<P> {
    return new Stream<P>(this, this.#native, options, this.#unitsAt);
  }

  /** Gives the memory back; every later call is refused. Jobs and streams that go on keep what they need. */
  close(): void {
    this.#native.close();
  }

  #call(observations: Observations | undefined, options: AsyncRunOptions): Call {
    checkNames(options, runNames, 'run option');
    const { spikes, seed = 0, firstObservation = 0, record, anytime } = options;
    if (spikes !== undefined && !(spikes instanceof Int8Array)) {
      throw mismatch('E_ARGUMENT', 'spikes', 'an Int8Array', spikes);
    }
    const rows = this.#rows(observations, spikes, options.rows);
    return {
      rows,
      observations,
      spikes,
      spikeSteps: spikes ? spikes.length / (rows * this.encodedSize) : 0,
      seed,
      firstObservation,
      record: recordCall(record, this.layers, recordNames, "run option 'record'"),
      anytime: anytimeCall(anytime, this.steps),
    } as Call;
  }

  #rows(
    observations: Observations | undefined,
    spikes: Int8Array | undefined,
    given: number | undefined,
  ): number {
    if (observations === undefined && (spikes === undefined || given === undefined)) {
      const received = spikes === undefined ? 'neither' : 'spikes alone';
      throw new SpiqError(
        'E_ARGUMENT',
        `run: expected observations, or spikes and 'rows', received ${received}`,
      );
    }
    if (observations !== undefined) checkFloatArray(observations, 'observations');
    const rows = observations
      ? rowsOf(observations, this.observationSize, 'observations')
      : (given ?? 0);
    if (given !== undefined && given !== rows)
      throw mismatch('E_SHAPE', "run option 'rows'", `${rows} (from the observations)`, given);
    if (spikes !== undefined)
      rowsOf(spikes, rows * this.encodedSize, `spikes of ${rows} rows in each step`);
    return rows;
  }

  #result(
    native: NativeResult,
    { rows, anytime }: Call,
    record: RecordOptions | undefined,
  ): SimulationResult<P> {
    const { out, steps, totalSpikes } = native;
    const q = this.#scaled(out, steps, anytime?.exit !== undefined);
    const result = {
      rows,
      out,
      ...(q ? { q } : {}),
      steps,
      totalSpikes,
      ...recordedOf<P>(native, this.layers, record),
      ...this.#seen(native, anytime),
    };
    // The addon gives arrays of the precision that it was built with.
    return result as unknown as SimulationResult<P>;
  }

  #seen({ anytime: seen }: NativeResult, call: AnytimeCall | undefined): object {
    if (seen === undefined || call === undefined) return {};
    const anytime = anytimeOutputs<P>(seen, call, this.#unitsAt);
    const exit = earlyExit<P>(seen, call, this.steps);
    return { ...(anytime ? { anytime } : {}), ...(exit ? { exit } : {}) };
  }

  /** `out` in the float network's units. Rows that have ended early count by their own number of steps. */
  #scaled(out: Observations, steps: Int32Array, ended: boolean): Observations | undefined {
    const inUnits = this.#unitsAt(this.steps);
    if (inUnits === undefined) return undefined;
    if (!ended) return out.map(inUnits);
    const each = Array.from(steps, this.#unitsAt);
    return out.map((raw, i) => each[Math.floor(i / this.outputSize)]?.(raw) ?? NaN);
  }
}

interface Call {
  readonly rows: number;
  readonly anytime: AnytimeCall | undefined;
}

function checkPosition(options: StreamPosition): Required<StreamPosition> {
  checkNames(options, ['seed', 'firstObservation'], 'run option');
  const { seed = 0, firstObservation = 0 } = options;
  for (const [name, value] of Object.entries({ seed, firstObservation })) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw mismatch('E_RANGE', `run option '${name}'`, 'a whole number from 0 to 2^53 − 1', value);
    }
  }
  return { seed, firstObservation };
}
