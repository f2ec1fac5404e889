import { checkNames } from '../../check.js';
import { mismatch } from '../../errors.js';
import type { WorkerError } from '../../wire/errors.js';
import type { PythonChoice } from '../../wire/python.js';

export interface WorkerChoice {
  /** Default: SPIQ_PYTHON, or the Python that was made for such environments. */
  readonly python?: string;
  /** Makes that Python where it is missing or out of date, with progress on stderr (default false). */
  readonly install?: boolean;
  /** Stops the opening. */
  readonly signal?: AbortSignal;
  /** Milliseconds that a reset or step may take before the worker is started again (default 30,000). */
  readonly deadlineMs?: number;
  /** Hears of each new start of the worker, and why. */
  readonly onRestart?: (reason: WorkerError) => void;
}

/** A game of the Arcade Learning Environment, without Gymnasium between. */
export interface AleOptions {
  readonly kind: 'ale';
  /** As ale-py names it: `breakout`, `space_invaders`. */
  readonly game: string;
  /** Emulator frames in a step (default 4). */
  readonly frameSkip?: number;
  /** The probability that the emulator repeats the action before (default 0). */
  readonly sticky?: number;
  /** All 18 actions in place of those that do something in this game. */
  readonly fullActions?: boolean;
  readonly mode?: number;
  readonly difficulty?: number;
  readonly pixels?: 'rgb' | 'gray';
  /** An RGB picture of each state beside the observation. */
  readonly picture?: boolean;
  /** Emulator frames after which an episode is truncated. */
  readonly maxFrames?: number;
}

/** An environment of Gymnasium by its name; `options` go to `gymnasium.make`. */
export interface GymnasiumMakeOptions {
  readonly kind: 'gymnasium';
  readonly id: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly picture?: boolean;
}

/** A task of EnvPool, whose threads play the copies side by side; `options` go to `envpool.make`. */
export interface EnvpoolOptions {
  readonly kind: 'envpool';
  readonly task: string;
  /** Default: EnvPool's choice. */
  readonly threads?: number;
  readonly options?: Readonly<Record<string, unknown>>;
}

export type GymnasiumOptions = (AleOptions | GymnasiumMakeOptions | EnvpoolOptions) & WorkerChoice;

const known = {
  ale: [
    'game',
    'frameSkip',
    'sticky',
    'fullActions',
    'mode',
    'difficulty',
    'pixels',
    'picture',
    'maxFrames',
  ],
  gymnasium: ['id', 'options', 'picture'],
  envpool: ['task', 'threads', 'options'],
} as const;

const choices = ['python', 'install', 'signal', 'deadlineMs', 'onRestart'];
const defaultDeadline = 30_000;
/** What a timer of Node.js can wait, in milliseconds. */
const mostDeadline = 2 ** 31 - 1;

export interface CheckedOptions {
  /** What goes to the worker, which checks the values. */
  readonly env: Readonly<Record<string, unknown>>;
  /** Whether an episode without a seed depends on nothing before it. */
  readonly independent: boolean;
  readonly start: PythonChoice;
  readonly deadlineMs: number;
  readonly onRestart?: (reason: WorkerError) => void;
}

export function checkOptions(options: GymnasiumOptions): CheckedOptions {
  if (typeof (options as unknown) !== 'object' || (options as unknown) === null) {
    throw mismatch('E_ARGUMENT', 'options', 'an object', options);
  }
  const { kind } = options;
  if (!Object.hasOwn(known, kind)) {
    throw mismatch('E_ARGUMENT', 'kind', Object.keys(known).join(' | '), kind);
  }
  checkNames(options, ['kind', ...choices, ...known[kind]], `option of kind ${kind}`);
  const { python, install, signal, deadlineMs = defaultDeadline, onRestart, ...env } = options;
  if (!Number.isFinite(deadlineMs) || deadlineMs <= 0 || deadlineMs > mostDeadline) {
    const expected = `milliseconds above 0, at most ${mostDeadline}`;
    throw mismatch('E_RANGE', "option 'deadlineMs'", expected, deadlineMs);
  }
  return {
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    independent: options.kind === 'ale' && (options.sticky ?? 0) === 0,
    start: {
      profile: kind === 'envpool' ? 'envpool' : 'gym',
      ...(python === undefined ? {} : { python }),
      ...(install === undefined ? {} : { install }),
      ...(signal === undefined ? {} : { signal }),
    },
    deadlineMs,
    ...(onRestart === undefined ? {} : { onRestart }),
  };
}
