import { checkNames, rowsOf } from '../check.js';
import { mismatch, phrase } from '../errors.js';
import type { WireTensor } from '../wire/message.js';
import type { ChipPredictor } from './chip.js';
import { grace, type Lane } from './lane.js';
import { firingLayers, outputsOf, type BridgeModel } from './model.js';
import { readRaster, type BridgeRaster } from './raster.js';
import { readResult, type Built, type RunArrays } from './replies.js';
import { resultOf, type BridgeResult } from './results.js';
import type { SelfTest } from './self-test.js';

export interface BridgeCallOptions {
  /** Breaks the simulation off. */
  readonly signal?: AbortSignal;
  /** Milliseconds without a sign of life (default: the back end's). */
  readonly deadlineMs?: number;
}

export interface BridgeEvaluateOptions extends BridgeCallOptions {
  readonly onProgress?: (done: number, total: number) => void;
}

export interface BridgeRasterOptions extends BridgeCallOptions {
  /** Potentials after every step too. */
  readonly potentials?: boolean;
  /** Most spikes that come back (default 1,000,000). */
  readonly limit?: number;
}

/** What a bridge is made of. */
export interface BridgeParts {
  readonly name: string;
  readonly model: BridgeModel;
  readonly copies: number;
  readonly lanes: readonly Lane[];
  readonly built: Built;
  /** Where the back end only maps the network: results are what this expects. */
  readonly predictor?: ChipPredictor;
  readonly deadlineMs: number;
  readonly onClose: () => Promise<void>;
}

const want = ['potentials', 'counts'];
/** Of one message, either way. */
const mostMessageBytes = 64 * 2 ** 20;
/** Rows between two messages of progress. */
const rowsPerProgress = 256;
const defaultLimit = 1_000_000;

/**
 * A network in a simulator elsewhere. Every observation starts from potentials of 0: calls depend on nothing before them.
 */
export class Bridge {
  readonly #parts: BridgeParts;
  readonly #neurons: number;
  readonly #outputs: number;
  #closed: Promise<void> | undefined;
  /** How its probes compare with spiq's own simulator. */
  selfTest: SelfTest | undefined;

  constructor(parts: BridgeParts) {
    this.#parts = parts;
    this.#neurons = firingLayers(parts.model).reduce((sum, { units }) => sum + units, 0);
    this.#outputs = outputsOf(parts.model);
  }

  get model(): BridgeModel {
    return this.#parts.model;
  }

  /** What the back end made of the network. */
  get built(): Built {
    return this.#parts.built;
  }

  /** Most rows of one `run`. */
  get copies(): number {
    return this.#parts.copies;
  }

  get observationSize(): number {
    return this.model.observationSize;
  }

  get outputSize(): number {
    return this.#outputs;
  }

  /** Of Python and the packages that simulate. */
  get versions(): Readonly<Record<string, string>> {
    return this.#parts.lanes[0]!.worker.versions;
  }

  /** How often workers were started again. */
  get restarts(): number {
    return this.#parts.lanes.reduce((sum, { worker }) => sum + worker.restarts, 0);
  }

  /** At most as many observations as there are copies, in the worker that has the least to do: what a closed loop calls. */
  async run(
    observations: ArrayLike<number>,
    options: BridgeCallOptions = {},
  ): Promise<BridgeResult> {
    checkNames(options, ['signal', 'deadlineMs'], 'run option');
    const { model, copies, lanes, predictor } = this.#parts;
    const rows = rowsOf(observations, model.observationSize, 'observations');
    if (rows > copies) {
      const expected = `at most ${copies} rows (option copies), or the method evaluate`;
      throw mismatch('E_SHAPE', 'observations of run', expected, phrase(`${rows}`));
    }
    this.#checkOpen();
    const lane = lanes.reduce((best, other) => (other.load < best.load ? other : best));
    const x = model.prepare(observations, rows);
    if (predictor) return resultOf(model, rows, [await predictor.run(x, options.signal)], true);
    return resultOf(model, rows, [await this.#ask(lane, 'sim.run', x, rows, options)], false);
  }

  /** Any number of observations, in the back end's fastest way, shared among the workers. */
  async evaluate(
    observations: ArrayLike<number>,
    options: BridgeEvaluateOptions = {},
  ): Promise<BridgeResult> {
    checkNames(options, ['signal', 'deadlineMs', 'onProgress'], 'evaluate option');
    const { model, lanes, predictor } = this.#parts;
    const rows = rowsOf(observations, model.observationSize, 'observations');
    this.#checkOpen();
    const x = model.prepare(observations, rows);
    const { onProgress, signal: given, deadlineMs } = options;
    if (predictor) {
      return resultOf(model, rows, [await predictor.run(x, given, onProgress)], true);
    }
    const progress = lanes.map(() => 0);
    const tell = (k: number, done: number): void => {
      progress[k] = done;
      onProgress?.(
        progress.reduce((sum, part) => sum + part, 0),
        rows,
      );
    };
    const share = Math.ceil(rows / lanes.length);
    const stop = new AbortController();
    const signal = given ? AbortSignal.any([given, stop.signal]) : stop.signal;
    const call = { signal, ...(deadlineMs !== undefined && { deadlineMs }) };
    const parts = await Promise.all(
      lanes.map(async (lane, k) => {
        const part = [k * share, Math.min(rows, (k + 1) * share)] as const;
        return this.#evaluatePart(lane, x, part, call, (done) => {
          tell(k, done);
        });
      }),
    ).catch((error: unknown) => {
      // What the others would still do is of no use.
      stop.abort();
      throw error;
    });
    return resultOf(model, rows, parts.flat(), false);
  }

  /** Every spike of one observation, in the steps in which spiq has them. */
  async raster(
    observation: ArrayLike<number>,
    options: BridgeRasterOptions = {},
  ): Promise<BridgeRaster> {
    checkNames(options, ['signal', 'deadlineMs', 'potentials', 'limit'], 'raster option');
    const { potentials = false, limit = defaultLimit } = options;
    const { model, name, lanes, predictor } = this.#parts;
    const rows = rowsOf(observation, model.observationSize, 'observation');
    if (rows !== 1)
      throw mismatch('E_SHAPE', 'observation of raster', 'one row', phrase(`${rows}`));
    this.#checkOpen();
    const prepared = model.prepare(observation, 1);
    if (predictor) return predictor.raster(prepared, options.signal);
    const x: WireTensor = { data: prepared, shape: [1, model.inputs] };
    const body = { net: name, limit, want: potentials ? ['potentials'] : [] };
    const message = await lanes[0]!.ask(
      'sim.raster',
      body,
      new Map([['x', x]]),
      this.#call(options),
    );
    return readRaster(message, model, potentials);
  }

  /** Gives the network back; the back end's process goes on where others use it. */
  async close(): Promise<void> {
    this.#closed ??= this.#parts.onClose();
    await this.#closed;
  }

  async #evaluatePart(
    lane: Lane,
    x: Float64Array,
    [first, last]: readonly [number, number],
    options: BridgeCallOptions,
    tell: (done: number) => void,
  ): Promise<RunArrays[]> {
    const { inputs } = this.model;
    const rowBytes = Math.max(8 * inputs, 8 * this.#outputs + 4 * this.#neurons);
    const most = Math.max(1, Math.floor(mostMessageBytes / rowBytes));
    const parts: RunArrays[] = [];
    for (let from = first; from < last; from += most) {
      const rows = Math.min(most, last - from);
      const piece = x.subarray(from * inputs, (from + rows) * inputs);
      const onProgress = (done: number): void => {
        tell(from - first + done);
      };
      parts.push(await this.#ask(lane, 'sim.evaluate', piece, rows, options, onProgress));
      tell(from - first + rows);
    }
    return parts;
  }

  async #ask(
    lane: Lane,
    type: 'sim.run' | 'sim.evaluate',
    data: Float64Array,
    rows: number,
    options: BridgeCallOptions,
    onProgress?: (done: number) => void,
  ): Promise<RunArrays> {
    const { name, model } = this.#parts;
    const x: WireTensor = { data, shape: [rows, model.inputs] };
    const body = { net: name, want, ...(onProgress && { chunk: rowsPerProgress }) };
    const call = this.#call(options);
    const message = await lane.ask(type, body, new Map([['x', x]]), {
      ...call,
      ...(onProgress && {
        onProgress: ({ done }) => {
          if (typeof done === 'number') onProgress(done);
        },
      }),
    });
    return readResult(message, rows, this.#outputs, this.#neurons);
  }

  #call({ signal, deadlineMs = this.#parts.deadlineMs }: BridgeCallOptions): {
    deadlineMs: number;
    graceMs: number;
    signal?: AbortSignal;
  } {
    return { deadlineMs, graceMs: grace, ...(signal && { signal }) };
  }

  #checkOpen(): void {
    if (this.#closed === undefined) return;
    throw mismatch('E_STATE', 'bridge', 'an open one', phrase('a closed one'));
  }
}
