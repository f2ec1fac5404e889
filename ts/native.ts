import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SpiqError, isErrorCode, mismatch } from './errors.js';
import type { Graph } from './graph.js';
import type { NativeChip, NativeChipNetwork } from './native/fixed.js';
import type {
  NativeFrameRegion,
  NativePreprocessor,
  NativePreprocessorOptions,
} from './native/frames.js';
import type { NativeQTrainer, NativeTrainer } from './native/learning.js';
import type { NativeReplay, NativeReplayFile, NativeReplayOptions } from './native/replay.js';

export type * from './native/fixed.js';
export type * from './native/frames.js';
export type * from './native/learning.js';
export type * from './native/replay.js';

/** The addon as `native/binding` exports it. Only the façade calls it, with arguments that it has given meaning. */
interface Addon {
  readonly Calibration: new (graph: NativeGraph, options: object) => NativeCalibration;
  readonly Chip: new (network: NativeChipNetwork) => NativeChip;
  readonly FrameRegion: new (file: string | number, bytes: number) => NativeFrameRegion;
  readonly Graph: new (graph: Graph) => NativeGraph;
  readonly Preprocessor: new (options: NativePreprocessorOptions) => NativePreprocessor;
  readonly QTrainer: new (
    graph: NativeGraph,
    options: object,
    target: NativeGraph,
  ) => NativeQTrainer;
  readonly Simulator: new (graph: NativeGraph, options: object) => NativeSimulator;
  readonly Stream: new (simulator: NativeSimulator, options: object) => NativeStream;
  readonly Trainer: new (graph: NativeGraph, options: object) => NativeTrainer;
  readonly Replay: new (options: NativeReplayOptions) => NativeReplay;
  replayFile(path: string): NativeReplayFile;
  info(): NativeInfo;
  /** Cancels all jobs and waits for their threads; none can be started afterwards. */
  stop(): void;
}

export type Observations = Float32Array | Float64Array;

export type Precision = 'float32' | 'float64';

/** What results come as. */
export type Reals<P extends Precision> = P extends 'float64' ? Float64Array : Float32Array;

export interface NativeInfo {
  readonly version: string;
  readonly compiler: string;
  readonly threads: number;
  readonly isas: readonly string[];
  readonly cuda: { readonly devices: number; readonly note: string };
  readonly semantics: readonly string[];
  readonly resets: readonly string[];
  readonly encodings: readonly string[];
  readonly decodings: readonly string[];
  readonly errorCodes: readonly string[];
}

export interface NativeGraph {
  describe(): { inputSize: number; outputSize: number; spiking: boolean };
  toPlain(): Graph;
  forward(observations: Observations, options: object): NativeJob<Observations>;
  forwardSync(observations: Observations, options: object): Observations;
}

/** A place where neurons are to stand. */
export interface NativeSite {
  /** Of the ReLU, or of the node that gives the output. */
  readonly name: string;
  readonly readout: boolean;
  readonly channels: number;
  readonly units: number;
  /** Whether its activations can be negative. */
  readonly signed: boolean;
}

export interface NativeConversion {
  readonly graph: Graph;
  readonly scales: Float64Array[];
}

export interface NativeCalibration {
  sites(): NativeSite[];
  add(rows: Observations, options: object): NativeJob<undefined>;
  activations(rows: Observations, options: object): NativeJob<Float32Array[]>;
  scales(options: object): Float64Array[];
  convert(options: object): NativeJob<NativeConversion>;
  refine(rows: Float64Array, options: object): NativeJob<NativeConversion>;
}

export interface NativeLayer {
  readonly name: string;
  readonly units: number;
  readonly fires: boolean;
}

export interface NativeSimulator {
  describe(): {
    observationSize: number;
    encodedSize: number;
    outputSize: number;
    layers: NativeLayer[];
  };
  run(options: object): NativeJob<NativeResult>;
  runSync(options: object): NativeResult;
  boundRunInto(): NativeRunInto;
  close(): void;
}

/** Calls of an instance's method look `this` up; this function is made for one simulator. */
export type NativeRunInto = (
  observations: Observations,
  out: Observations,
  firstObservation?: number,
  seed?: number,
) => void;

export interface NativeTrace {
  readonly potential: Observations;
  readonly current: Observations;
  readonly spikes: Int8Array;
}

export interface NativeRaster {
  readonly row: Int32Array;
  readonly step: Int32Array;
  readonly unit: Int32Array;
  readonly count: Int8Array;
}

export interface NativeOperations {
  readonly layers: readonly {
    readonly name: string;
    readonly accumulates: Float64Array;
    readonly multiplyAccumulates: Float64Array;
  }[];
  readonly floatMultiplyAccumulates: number;
}

export interface NativeRecord {
  readonly steps: Int32Array;
  readonly totalSpikes: Float64Array;
  readonly counts?: Int32Array[];
  readonly traces?: NativeTrace[];
  readonly activity?: Float64Array[];
  readonly operations?: NativeOperations;
  /** Of every layer, empty for those that were not chosen. */
  readonly rasters?: NativeRaster[];
  readonly potentials?: Observations[];
}

export interface NativeAnytime {
  readonly out: Observations;
  readonly exitOut: Observations;
  readonly exitSteps: Int32Array;
  readonly exitActions: Int32Array;
  readonly lastActions: Int32Array;
}

export interface NativeResult extends NativeRecord {
  readonly out: Observations;
  readonly anytime?: NativeAnytime;
}

export interface NativeStep extends NativeRecord {
  readonly outputSpikes: Int8Array;
  readonly outputLayer: number;
  readonly potentials: Observations[];
}

export interface NativeStream {
  step(options: object): NativeStep;
  advance(options: object): NativeJob<NativeStep>;
  decode(): Observations;
  steps(): number;
  save(): Uint8Array;
  restore(bytes: Uint8Array): void;
  reset(): void;
  carry(): void;
  close(): void;
}

export interface NativeJob<T> {
  readonly promise: Promise<T>;
  cancel(): void;
  progress(): [done: number, total: number];
}

export interface JobOptions {
  /** Ends the work early; the promise is rejected with E_CANCELLED, `cause` is the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called about ten times a second while the work goes on, and once at its end. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const progressEveryMilliseconds = 100;

let loaded: Addon | undefined;

export function addon(): Addon {
  loaded ??= load();
  return loaded;
}

/** `SPIQ_ADDON` names another build; otherwise it is the one that the set-up made in `build/`. */
function load(): Addon {
  const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
  const file = process.env.SPIQ_ADDON ?? path.join(root, 'build', 'Release', 'spiq.node');
  if (!existsSync(file)) {
    throw new SpiqError(
      'E_ENVIRONMENT',
      `the native addon is not built (${file}): run 'npm run build'`,
    );
  }
  try {
    const loading = createRequire(import.meta.url)(file) as Addon;
    // A process that exits runs no clean-up hooks, and its static data must outlive the jobs' threads.
    process.once('exit', () => {
      loading.stop();
    });
    return loading;
  } catch (error) {
    const message = `the native addon cannot be loaded (${file}): run 'npm run build' again`;
    throw new SpiqError('E_ENVIRONMENT', message, { cause: error });
  }
}

/** `SPIQ_ISA` forces an instruction set on every call that names none. */
export function defaultIsa(): string {
  return process.env.SPIQ_ISA ?? 'auto';
}

export function defaultThreads(): number {
  return addon().info().threads;
}

/** Turns the addon's errors, which carry a `code`, into SpiqErrors with the caller's stack. */
export function translated<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw translate(error);
  }
}

export async function runJob<T>(start: () => NativeJob<T>, options: JobOptions = {}): Promise<T> {
  const { signal, onProgress } = checkJobOptions(options);
  if (signal?.aborted === true) throw cancelled(signal);
  const job = translated(start);
  const cancel = (): void => {
    job.cancel();
  };
  signal?.addEventListener('abort', cancel, { once: true });
  let thrown: { readonly error: unknown } | undefined;
  const report = (): void => {
    try {
      onProgress?.(...job.progress());
    } catch (error) {
      thrown ??= { error };
      job.cancel();
    }
  };
  const timer = onProgress && setInterval(report, progressEveryMilliseconds);
  try {
    const result = await job.promise;
    report();
    if (thrown) throw thrown.error;
    return result;
  } catch (error) {
    if (thrown) throw thrown.error;
    const known = translate(error);
    throw known.code === 'E_CANCELLED' && signal ? cancelled(signal) : known;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

function checkJobOptions(options: JobOptions): JobOptions {
  const { signal, onProgress } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw mismatch('E_ARGUMENT', "option 'signal'", 'an AbortSignal', signal);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw mismatch('E_ARGUMENT', "option 'onProgress'", 'a function', onProgress);
  }
  return options;
}

function cancelled(signal: AbortSignal): SpiqError {
  return new SpiqError('E_CANCELLED', 'the call was cancelled', { cause: signal.reason });
}

export function translate(error: unknown): SpiqError {
  if (error instanceof SpiqError) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (isErrorCode(code)) return new SpiqError(code, String(message));
  return new SpiqError('E_INTERNAL', `unexpected failure: ${String(message ?? error)}`, {
    cause: error,
  });
}
