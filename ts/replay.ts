import { mismatch } from './errors.js';
import { addon, translate, translated } from './native.js';
import type { NativeReplay, NativeReplayOptions, NativeReplaySample } from './native.js';
import { emptyBatch } from './replay/batch.js';
import type { ReplayBatch, StateType } from './replay/batch.js';
import {
  bytesReader,
  restoreBlocks,
  saveBytes,
  saveFile,
  withFileReader,
} from './replay/blocks.js';
import { FrameDecoder } from './replay/decoder.js';
import { replayCall } from './replay/options.js';
import { flagsOf } from './replay/outcome.js';
import type { ReplayMemory } from './replay/memory.js';
import type { StepOutcome } from './replay/outcome.js';
import type { ReplayFrame, ReplayOptions } from './replay/options.js';

export type { ReplayBatch, StateType, States } from './replay/batch.js';
export type { ReplayMemory } from './replay/memory.js';
export type { StepOutcome } from './replay/outcome.js';
export type {
  ReplayFrame,
  FrameOptions,
  FrameType,
  PrioritisedOptions,
  ReplayOptions,
} from './replay/options.js';

type Bound = ReturnType<typeof bind>;

/**
 * Transitions of one or several copies of an environment, and batches drawn from them. No sample reaches across the
 * border of an episode, nor across the place where new frames overwrite old ones. docs/replay.md tells of all of it.
 *
 * ```ts
 * const replay = new Replay({ capacity: 40_000, observation: { size: 4 }, gamma: 0.99 });
 * replay.begin(environment.reset());
 * replay.add(action, reward, observation, { terminated, truncated });
 * const { states, actions, returns, nextStates, discounts } = replay.sample(32);
 * ```
 */
export class Replay {
  readonly capacity: number;
  /** Values of a state. */
  readonly stateSize: number;
  readonly #options: NativeReplayOptions;
  readonly #mapped: boolean;
  readonly #encode: ((observation: ReplayFrame) => ReplayFrame) | undefined;
  readonly #decoder: FrameDecoder | undefined;
  #native: NativeReplay;
  #bound: Bound;

  constructor(options: ReplayOptions) {
    this.#options = replayCall(options);
    this.#native = translated(() => new (addon().Replay)(this.#options));
    this.#bound = bind(this.#native);
    const { observation, capacity, file = '' } = options;
    this.capacity = capacity;
    this.#mapped = file !== '';
    this.#encode = observation.encode;
    this.#decoder = observation.decode && new FrameDecoder(observation, observation.decode);
    this.stateSize = this.#decoder?.stateSize ?? observation.size * (observation.stack ?? 1);
  }

  /** A memory in a file, whose capacity and observations are as the file has them. */
  static open(
    file: string,
    options: Omit<ReplayOptions, 'file' | 'capacity' | 'observation'> & {
      readonly observation?: Partial<ReplayOptions['observation']>;
    } = {},
  ): Replay {
    const { capacity, size, dtype } = translated(() => addon().replayFile(file));
    const observation = { size, dtype, ...options.observation };
    return new Replay({ ...options, file, capacity, observation });
  }

  /** Transitions that can be drawn. */
  get size(): number {
    return translated(this.#bound.size);
  }

  /** Observations stored since the beginning, those that have been overwritten among them. */
  get observations(): number {
    return translated(this.#bound.rows);
  }

  /** Exponent of the importance weights of the next batch; 0 where sampling is uniform. */
  get beta(): number {
    return translated(this.#bound.beta);
  }

  /** Memory in use now, and once the replay is full. */
  get memory(): { readonly inUse: ReplayMemory; readonly atMost: ReplayMemory } {
    return translated(() => this.#native.bytes());
  }

  /** The first observation of an episode of an environment's copy. An episode that goes on is cut off where it is. */
  begin(observation: ReplayFrame, copy = 0): void {
    const frame = this.#encode?.(observation) ?? observation;
    try {
      this.#bound.begin(frame, copy);
    } catch (error) {
      throw translate(error);
    }
  }

  /** An action, and the observation that followed it. */
  add(
    action: number,
    reward: number,
    observation: ReplayFrame,
    outcome: StepOutcome,
    copy = 0,
  ): void {
    const flags = flagsOf(outcome);
    const frame = this.#encode?.(observation) ?? observation;
    try {
      this.#bound.add(action, reward, frame, flags, copy);
    } catch (error) {
      throw translate(error);
    }
  }

  /** The state of a copy's episode to act on next; written into `into` where that is given. */
  state(copy?: number): Float32Array;
  state<T extends Float32Array | Uint8Array>(copy: number, into: T): T;
  state(copy = 0, into: Float32Array | Uint8Array = new Float32Array(this.stateSize)) {
    try {
      if (this.#decoder === undefined) this.#bound.state(copy, into);
      else this.#decoder.state(this.#bound.state, copy, into);
    } catch (error) {
      throw translate(error);
    }
    return into;
  }

  /** A new batch of `rows` transitions. */
  sample(rows: number): ReplayBatch {
    return this.sampleInto(this.emptyBatch(rows));
  }

  /** Room for batches of so many rows, for `sampleInto`; with `uint8`, states are bytes as they were stored. */
  emptyBatch(rows: number): ReplayBatch;
  emptyBatch<T extends StateType>(rows: number, type: T): ReplayBatch<T>;
  emptyBatch(rows: number, type: StateType = 'float32'): ReplayBatch<StateType> {
    return emptyBatch(rows, this.stateSize, type);
  }

  /** Draws into a batch, which it gives back. */
  sampleInto<T extends StateType>(batch: ReplayBatch<T>): ReplayBatch<T> {
    this.#fill(this.#bound.sample, batch.rows, batch);
    return batch;
  }

  /**
   * All transitions that can be drawn, the oldest first, from a given index on: writes as many as there are and as
   * the batch has room for, with the probability of drawing each next, and returns their number.
   */
  listInto(batch: ReplayBatch<StateType>, from = 0): number {
    return this.#fill(this.#bound.list, from, batch);
  }

  /**
   * Errors of transitions by their indices in a batch. Transitions that have been overwritten since are passed over.
   */
  setPriorities(indices: Float64Array, errors: Float32Array | Float64Array): void {
    try {
      this.#bound.setPriorities(indices, errors);
    } catch (error) {
      throw translate(error);
    }
  }

  /**
   * The whole state, generator and episodes under way included, as bytes for `restore`. Of a memory in a file only what
   * is not in the file, which is flushed.
   */
  save(): Uint8Array {
    this.flush();
    return saveBytes(this.#native);
  }

  /** The same into a file, piece by piece. */
  saveTo(path: string): void {
    this.flush();
    saveFile(this.#native, path);
  }

  /** Takes the state of a memory with the same options. Bytes that are refused change nothing. */
  restore(bytes: Uint8Array): void {
    if (!(bytes instanceof Uint8Array))
      throw mismatch('E_ARGUMENT', 'state of a replay', 'a Uint8Array', bytes);
    this.#restore(bytesReader(bytes));
  }

  restoreFrom(path: string): void {
    withFileReader(path, (read) => this.#restore(read));
  }

  /** Makes what is in the file survive a power cut. A killed process loses nothing in any case. */
  flush(): void {
    translated(() => {
      this.#native.flush();
    });
  }

  /** Compares every frame in the file with its checksum. Opening does so for the records and the latest frames. */
  verify(): void {
    translated(() => {
      this.#native.verify();
    });
  }

  /** Flushes and gives everything back; every later call is refused. */
  close(): void {
    translated(() => {
      this.#native.close();
    });
  }

  /** The native handle, for the other classes of the façade. They see frames as they are stored. */
  static nativeOf(replay: Replay): NativeReplay {
    if (
      typeof (replay as unknown) !== 'object' ||
      (replay as unknown) === null ||
      !(#native in replay)
    )
      throw mismatch('E_ARGUMENT', 'replay', 'a Replay', replay);
    if (replay.#decoder === undefined) return replay.#native;
    const expected = 'one without decode: give the batches of sample() to updateBatch instead';
    throw mismatch('E_UNSUPPORTED', 'replay of a trainer', expected, 'one with decode');
  }

  #fill<R, T extends StateType>(
    fill: NativeReplaySample<R>,
    first: number,
    batch: ReplayBatch<T>,
  ): R {
    const { actions, returns, discounts, weights, probabilities, indices } = batch;
    const decoder = this.#decoder;
    const { states, nextStates } = decoder === undefined ? batch : decoder.room(batch.rows);
    let result: R;
    try {
      result = fill(
        first,
        states,
        actions,
        returns,
        nextStates,
        discounts,
        weights,
        probabilities,
        indices,
      );
    } catch (error) {
      throw translate(error);
    }
    decoder?.decodeBatch(batch);
    return result;
  }

  #restore(read: (count: number) => Uint8Array): void {
    if (this.#mapped) {
      restoreBlocks(this.#native, read);
      return;
    }
    const restored = translated(() => new (addon().Replay)(this.#options));
    try {
      restoreBlocks(restored, read);
      this.#native.close();
    } catch (error) {
      restored.close();
      throw translate(error);
    }
    this.#native = restored;
    this.#bound = bind(restored);
  }
}

/** Calls of an instance's method look `this` up; these functions are made for one memory. */
function bind(native: NativeReplay) {
  return {
    begin: native.boundBegin(),
    add: native.boundAdd(),
    state: native.boundState(),
    sample: native.boundSample(),
    list: native.boundList(),
    setPriorities: native.boundSetPriorities(),
    size: native.boundSize(),
    rows: native.boundRows(),
    beta: native.boundBeta(),
  };
}
