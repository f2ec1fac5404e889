import type { Observations } from '../native.js';

/** As `native/binding/replay_wrap.cc` reads them. */
export type NativeReplayOptions = object;

/** What the head of a replay file says. */
export interface NativeReplayFile {
  readonly capacity: number;
  readonly size: number;
  readonly dtype: 'float32' | 'uint8' | 'bits';
}

export interface NativeReplayBytes {
  readonly frames: number;
  readonly rows: number;
  readonly priorities: number;
}

type Bytes = Uint8Array | Uint8ClampedArray;

export type NativeReplayBegin = (observation: Observations | Bytes, copy?: number) => void;

export type NativeReplayAdd = (
  action: number,
  reward: number,
  observation: Observations | Bytes,
  flags: number,
  copy?: number,
) => void;

/** Rows of a batch, or the row to list from; then where to write. */
export type NativeReplaySample<T> = (
  rows: number,
  states: Float32Array | Uint8Array,
  actions: Int32Array,
  returns: Float32Array,
  nextStates: Float32Array | Uint8Array,
  discounts: Float32Array,
  weights: Float32Array,
  probabilities: Float32Array,
  indices: Float64Array,
) => T;

export interface NativeReplay {
  boundBegin(): NativeReplayBegin;
  boundAdd(): NativeReplayAdd;
  boundState(): (copy: number, into: Float32Array | Uint8Array) => void;
  boundSample(): NativeReplaySample<void>;
  boundList(): NativeReplaySample<number>;
  boundSetPriorities(): (indices: Float64Array, errors: Observations) => void;
  boundSize(): () => number;
  boundRows(): () => number;
  boundBeta(): () => number;
  bytes(): { readonly inUse: NativeReplayBytes; readonly atMost: NativeReplayBytes };
  saveBlocks(): number;
  saveBlock(number: number): Uint8Array;
  restoreBlock(bytes: Uint8Array, last: boolean): void;
  flush(): void;
  verify(): void;
  close(): void;
}
