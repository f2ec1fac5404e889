import { checkNames } from '../check.js';
import { mismatch, phrase } from '../errors.js';
import { Bridge } from './bridge.js';
import { checkBackendOptions, type BackendOptions } from './backends.js';
import { buildMessage } from './build-message.js';
import { ChipPredictor } from './chip.js';
import { readDescription, type BackendDescription } from './capabilities.js';
import { Lane } from './lane.js';
import type { BridgeModel } from './model.js';
import { modelOptionNames, type BridgeSubject } from './options.js';
import { probesFor, testItself } from './self-test.js';
import { translate } from './translate.js';

export interface LoadOptions extends BridgeSubject {
  /** Copies of the network side by side: most rows of one `run` (default 1). */
  readonly copies?: number;
  /** What the back end alone understands: tauM, the address of a board. */
  readonly backendOptions?: Readonly<Record<string, unknown>>;
  /** Observations of the self-test, in place of drawn ones; `false` leaves it out. */
  readonly probes?: ArrayLike<number> | false;
  readonly signal?: AbortSignal;
}

const loadNames = ['network', ...modelOptionNames, 'copies', 'backendOptions', 'probes', 'signal'];
const defaultDeadline = 60_000;
const defaultBuildDeadline = 120_000;

/** Worker processes of one back end, and the networks in them. */
export class BridgeBackend {
  readonly description: BackendDescription;
  readonly #lanes: readonly Lane[];
  readonly #deadlineMs: number;
  #loaded = 0;
  #closed = false;

  private constructor(lanes: readonly Lane[], deadlineMs: number) {
    const { welcome, versions } = lanes[0]!.worker;
    this.description = readDescription(welcome, versions);
    this.#lanes = lanes;
    this.#deadlineMs = deadlineMs;
  }

  static async open(options: BackendOptions): Promise<BridgeBackend> {
    checkBackendOptions(options);
    const { workers = 1, deadlineMs = defaultDeadline, onRestart, ...rest } = options;
    const { buildDeadlineMs = defaultBuildDeadline, ...worker } = rest;
    const starting = Array.from({ length: workers }, async () =>
      Lane.start(worker, buildDeadlineMs, onRestart),
    );
    const started = await Promise.allSettled(starting);
    const lanes = started.flatMap((lane) => (lane.status === 'fulfilled' ? [lane.value] : []));
    const failed = started.find((lane) => lane.status === 'rejected');
    try {
      if (failed !== undefined) throw failed.reason;
      return new BridgeBackend(lanes, deadlineMs);
    } catch (error) {
      await Promise.all(lanes.map(async (lane) => lane.close()));
      throw error;
    }
  }

  /** Process ids of the workers. */
  get pids(): number[] {
    return this.#lanes.map(({ worker }) => worker.pid);
  }

  /**
   * Builds a network in every worker, and compares its answers to a few observations with spiq's own. `afterClose` is done
   * once the network is closed.
   */
  async load(options: LoadOptions, afterClose?: () => Promise<void>): Promise<Bridge> {
    checkNames(options, loadNames, 'bridge option');
    const { copies = 1, backendOptions = {}, probes, signal, network, ...modelOptions } = options;
    if (this.#closed) throw mismatch('E_STATE', 'back end', 'an open one', phrase('a closed one'));
    const model = translate({ network, ...modelOptions });
    this.#check(model, copies);
    const message = buildMessage(model, copies, backendOptions);
    const name = `n${(this.#loaded += 1)}`;
    const net = { name, message, layers: model.layers.length };
    const { exact, predicted } = this.description.capabilities;
    const lanes = this.#lanes;
    const destroy = async (): Promise<void> => {
      await Promise.all(lanes.map(async (lane) => lane.destroy(name)));
    };
    const onClose = async (): Promise<void> => {
      await destroy().finally(afterClose);
    };
    try {
      const [built] = await Promise.all(lanes.map(async (lane) => lane.build(net, signal)));
      const deadlineMs = this.#deadlineMs;
      const parts = { name, model, copies, lanes, built: built!, deadlineMs, onClose };
      const predictor = predicted ? new ChipPredictor(model, built!) : undefined;
      const bridge = new Bridge({ ...parts, ...(predictor && { predictor }) });
      if (probes === false) return bridge;
      const rows = probes ?? probesFor(network, model.observationSize);
      const given = Float64Array.from(rows);
      // What says of itself that it works in another way, as the original's protocol does, is not held to ours.
      const same = exact && built!.effective.exact !== false;
      bridge.selfTest = await testItself(bridge, network, modelOptions, given, same, signal);
      return bridge;
    } catch (error) {
      // What went wrong first is what the caller has to know.
      await destroy().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#lanes.map(async (lane) => lane.close()));
  }

  /** What this worker says that it cannot do is refused before it is asked. */
  #check(model: BridgeModel, copies: number): void {
    const { backend, capabilities } = this.description;
    const { resets, semantics, batch } = capabilities;
    const what = `back end ${backend}`;
    if (!resets.includes(model.reset)) {
      throw mismatch('E_UNSUPPORTED', `${what}: reset`, resets.join(' | '), model.reset);
    }
    if (!semantics.includes(model.semantics)) {
      throw mismatch('E_UNSUPPORTED', `${what}: semantics`, semantics.join(' | '), model.semantics);
    }
    if (!Number.isSafeInteger(copies) || copies < 1 || copies > batch) {
      const expected = `a whole number from 1 to ${batch}`;
      throw mismatch('E_RANGE', `${what}: option 'copies'`, expected, copies);
    }
  }
}
