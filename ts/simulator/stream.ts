import { checkFloatArray, checkNames } from '../check.js';
import { mismatch } from '../errors.js';
import { addon, runJob, translated } from '../native.js';
import type { InUnits } from '../readout.js';
import type {
  JobOptions,
  NativeLayer,
  NativeSimulator,
  NativeStep,
  NativeStream,
  Observations,
  Precision,
  Reals,
} from '../native.js';
import { recordCall, recordedOf } from './record.js';
import type { Raster, RecordName, RecordOptions } from './record.js';

export interface StreamOptions {
  /** Rows side by side (default 1). */
  readonly rows?: number;
  readonly seed?: number;
  /** Index of the first row in the whole stream of observations, as for a run. */
  readonly firstObservation?: number;
}

/** Observations [rows][observationSize], or for the encoding 'spikes' [steps][rows][inputs]. */
export type StreamInput = Observations | { readonly spikes: Int8Array } | undefined;

export interface StepOptions {
  readonly record?: Pick<RecordOptions, 'raster' | 'potentials'>;
}

/** What the rows did in the steps of one call. */
export interface StreamSteps<P extends Precision = Precision> {
  /** Steps of this call. */
  readonly steps: number;
  /** The output layer's spikes [steps][rows][outputs]; none where the decoding lets it integrate. */
  readonly spikes: Int8Array;
  /** The output layer's potentials after each step, [steps][rows][outputs]. */
  readonly potential: Reals<P>;
  /** Spikes of all layers in these steps, [rows]. */
  readonly totalSpikes: Float64Array;
  /** Steps are counted from the stream's beginning. */
  readonly rasters?: Readonly<Record<string, Raster>>;
  readonly potentials?: Readonly<Record<string, Reals<P>>>;
}

/** The decoding so far, as a run of so many steps gives it. */
export interface StreamOutputs<P extends Precision = Precision> {
  readonly steps: number;
  readonly out: Reals<P>;
  readonly q?: Reals<P>;
}

interface Owner {
  readonly layers: readonly NativeLayer[];
}

const stepRecordNames: readonly RecordName[] = ['raster', 'potentials'];

/**
 * Rows of a simulation that keep their state from call to call: in whatever pieces the steps are taken, their spikes and
 * potentials are those of one run. `simulator.stream()` makes one.
 *
 * ```ts
 * const stream = simulator.stream({ rows: 2 });
 * const { spikes } = stream.step(observations, 10);
 * ```
 */
export class Stream<P extends Precision = Precision> {
  readonly rows: number;
  readonly #native: NativeStream;
  readonly #layers: readonly NativeLayer[];
  readonly #unitsAt: (steps: number) => InUnits | undefined;

  /** Called by `Simulator.stream`. */
  constructor(
    simulator: Owner,
    native: NativeSimulator,
    options: StreamOptions,
    unitsAt: (steps: number) => InUnits | undefined,
  ) {
    checkNames(options, ['rows', 'seed', 'firstObservation'], 'stream option');
    this.#native = translated(() => new (addon().Stream)(native, options));
    this.rows = options.rows ?? 1;
    this.#layers = simulator.layers;
    this.#unitsAt = unitsAt;
  }

  /** Steps since the beginning or the last reset. */
  get steps(): number {
    return translated(() => this.#native.steps());
  }

  /**
   * Goes on by some steps before it returns. Observations hold until others come; left out, those of the last call
   * stay.
   */
  step(input?: StreamInput, steps = 1, options: StepOptions = {}): StreamSteps<P> {
    const call = this.#call(input, steps, options);
    return this.#result(
      translated(() => this.#native.step(call)),
      steps,
      options,
    );
  }

  /** `step` off this thread. The stream takes no other call meanwhile; a cancelled one has changed nothing. */
  async advance(
    input?: StreamInput,
    steps = 1,
    options: StepOptions & JobOptions = {},
  ): Promise<StreamSteps<P>> {
    const call = this.#call(input, steps, options);
    const native = await runJob(() => this.#native.advance(call), options);
    return this.#result(native, steps, options);
  }

  /** What a run of the steps so far gives. */
  decode(): StreamOutputs<P> {
    const out = translated(() => this.#native.decode());
    const { steps } = this;
    const inUnits = this.#unitsAt(steps);
    const q = inUnits === undefined ? {} : { q: out.map(inUnits) };
    return { steps, out, ...q } as unknown as StreamOutputs<P>;
  }

  /** Back to the beginning, as if the stream were new. */
  reset(): void {
    translated(() => {
      this.#native.reset();
    });
  }

  /**
   * Begins the next decision: at step 0 and with other observations, but with the potentials of the neurons whose
   * input no spike has told of yet, instead of rounding it away. In closed loops that keeps errors of one decision
   * from adding to the next one's (CRPI, docs/simulation.md).
   */
  carry(): void {
    translated(() => {
      this.#native.carry();
    });
  }

  /** The whole state, for a stream of as many rows of the same network and options, in any process. */
  save(): Uint8Array {
    return translated(() => this.#native.save());
  }

  /** Takes the state of another stream, its seed and place included. Bytes that are refused change nothing. */
  restore(bytes: Uint8Array): void {
    translated(() => {
      this.#native.restore(bytes);
    });
  }

  /** Gives the memory back; every later call is refused. */
  close(): void {
    this.#native.close();
  }

  #call(input: StreamInput, steps: number, options: StepOptions): object {
    checkNames(options, ['record', 'signal', 'onProgress'], 'step option');
    const record = recordCall(
      options.record,
      this.#layers,
      stepRecordNames,
      "step option 'record'",
    );
    if (input === undefined || ArrayBuffer.isView(input)) {
      if (input !== undefined) checkFloatArray(input, 'observations');
      return { observations: input, steps, record };
    }
    checkNames(input, ['spikes'], 'input of a step');
    if (!(input.spikes instanceof Int8Array)) {
      throw mismatch('E_ARGUMENT', 'spikes', 'an Int8Array', input.spikes);
    }
    return { spikes: input.spikes, steps, record };
  }

  #result(native: NativeStep, steps: number, { record }: StepOptions): StreamSteps<P> {
    const result = {
      steps,
      spikes: native.outputSpikes,
      potential: native.potentials[native.outputLayer],
      totalSpikes: native.totalSpikes,
      ...recordedOf<P>(native, this.#layers, record),
    };
    return result as unknown as StreamSteps<P>;
  }
}
