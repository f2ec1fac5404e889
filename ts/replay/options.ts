import { checkNames } from '../check.js';
import { mismatch } from '../errors.js';
import type { NativeReplayOptions } from '../native.js';

/** An observation as it comes from an environment. */
export type ReplayFrame = Float32Array | Float64Array | Uint8Array | Uint8ClampedArray;

/** How frames are stored: `uint8` are whole numbers from 0 to 255, `bits` zeros and ones, eight in a byte. */
export type FrameType = 'float32' | 'uint8' | 'bits';

export interface FrameOptions {
  /** Values of a stored frame. */
  readonly size: number;
  readonly dtype?: FrameType;
  /** Frames of a state (default 1). */
  readonly stack?: number;
  /** Which frame a state begins with (default `oldest-first`). */
  readonly order?: 'oldest-first' | 'newest-first';
  /**
   * What a state has in the place of frames before the episode's first: `zeros` (default), `repeat` (the first
   * again), or `skip`: zeros to act on, and no such state is ever sampled.
   */
  readonly padding?: 'zeros' | 'repeat' | 'skip';
  /** Makes of an observation what is stored: `size` values that the dtype can hold. */
  readonly encode?: (observation: ReplayFrame) => ReplayFrame;
  /** Makes of what was stored what states are made of: `decodedSize` values, written into `into`. */
  readonly decode?: (stored: Float32Array | Uint8Array, into: Float32Array) => void;
  /** Values of a decoded frame (default `size`). */
  readonly decodedSize?: number;
}

export interface PrioritisedOptions {
  /** Exponent of |error| + epsilon (default 0.6). */
  readonly alpha?: number;
  /** Exponent of the importance weights (default from 0.4 to 1 over 100,000 batches). */
  readonly beta?: number | { readonly from: number; readonly to: number; readonly steps: number };
  readonly epsilon?: number;
}

export interface ReplayOptions {
  /** Transitions that are kept; the oldest make room for new ones. */
  readonly capacity: number;
  readonly observation: FrameOptions;
  /** Steps whose rewards a return sums (default 1). */
  readonly nStep?: number;
  /** Discount of each step (default 0.99). */
  readonly gamma?: number;
  /** `false`: no transition twice in a batch. Of uniform memories only. */
  readonly replacement?: boolean;
  /** Draws in proportion to errors instead of uniformly. */
  readonly prioritised?: boolean | PrioritisedOptions;
  /** Of the memory's own generator (default 0). */
  readonly seed?: number;
  /** Keeps the frames in this file instead of in memory. What it holds is there at once. */
  readonly file?: string;
  readonly readOnly?: boolean;
  /** Threads that share the copying of large batches; no result depends on it (default: one for each core). */
  readonly threads?: number;
}

const defaultBeta = { from: 0.4, to: 1, steps: 100_000 };

const optionNames = [
  'capacity',
  'observation',
  'nStep',
  'gamma',
  'replacement',
  'prioritised',
  'seed',
  'file',
  'readOnly',
  'threads',
];

/** The options as the addon takes them; it checks what is in them. */
export function replayCall(options: ReplayOptions): NativeReplayOptions {
  checkNames(options, optionNames, 'replay option');
  checkNames(options.observation, frameNames, "replay option 'observation'");
  const { encode, decode, decodedSize, ...observation } = options.observation;
  for (const [name, given] of Object.entries({ encode, decode })) {
    if (given !== undefined && typeof given !== 'function')
      throw mismatch('E_ARGUMENT', `replay option 'observation' '${name}'`, 'a function', given);
  }
  if (decodedSize !== undefined && (decode === undefined || !isCount(decodedSize))) {
    const what = "replay option 'observation' 'decodedSize'";
    throw mismatch('E_ARGUMENT', what, "a whole number above 0, beside 'decode'", decodedSize);
  }
  const { prioritised, ...rest } = options;
  const chosen = prioritised === true ? {} : prioritised === false ? undefined : prioritised;
  return {
    ...rest,
    observation,
    ...(chosen && { prioritised: prioritisedCall(chosen) }),
  };
}

const frameNames = [
  'size',
  'dtype',
  'stack',
  'order',
  'padding',
  'encode',
  'decode',
  'decodedSize',
];

function prioritisedCall(options: PrioritisedOptions): object {
  const what = "replay option 'prioritised'";
  checkNames(options, ['alpha', 'beta', 'epsilon'], what);
  const { beta = defaultBeta, ...rest } = options;
  if (typeof beta === 'number') return { ...rest, betaFrom: beta, betaTo: beta };
  checkNames(beta, ['from', 'to', 'steps'], `${what} 'beta'`);
  for (const name of ['from', 'to', 'steps'] as const) {
    if (typeof beta[name] !== 'number')
      throw mismatch('E_ARGUMENT', `${what} 'beta' '${name}'`, 'a number', beta[name]);
  }
  return { ...rest, betaFrom: beta.from, betaTo: beta.to, betaBatches: beta.steps };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
