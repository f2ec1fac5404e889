import { checkNames } from '../check.js';
import { SpiqError, mismatch, phrase } from '../errors.js';
import type { BoxSpace, DiscreteSpace, Frame } from './env.js';
import type { Random } from './random.js';

/** What a step brings besides a new state. */
export interface Outcome {
  readonly reward: number;
  readonly terminated: boolean;
  readonly lifeLost?: boolean;
}

/**
 * A task without its bookkeeping: what a state is, how it begins, what an action makes of it. `RuledEnvironment`
 * adds episodes, time limits and a generator.
 */
export interface Rules {
  readonly name: string;
  readonly stateSize: number;
  readonly observationSpace: BoxSpace;
  readonly actionSpace: DiscreteSpace;
  /** Steps after which an episode is truncated, where the user does not say. */
  readonly maxSteps: number;
  /** Draws the state that an episode begins with. */
  begin(state: Float64Array, random: Random): void;
  /** Advances `state` by one step in place. The action is one of the action space. */
  advance(state: Float64Array, action: number, random: Random): Outcome;
  /** Writes the observation of a state. */
  observe(state: Float64Array, into: Float32Array): void;
  /** Draws a state. */
  draw?(state: Float64Array): Frame;
  /** Throws where finite numbers cannot be a state. */
  check?(state: ArrayLike<number>): void;
}

export interface TimeLimitOptions {
  /** Steps after which an episode is truncated; the task's own limit if left out. */
  readonly maxSteps?: number;
}

export function readMaxSteps(rules: Rules, options: TimeLimitOptions): number {
  checkNames(options, ['maxSteps'], `${rules.name} option`);
  const { maxSteps = rules.maxSteps } = options;
  if (!Number.isSafeInteger(maxSteps) || maxSteps < 1) {
    throw mismatch('E_RANGE', 'maxSteps', 'a whole number of at least 1', maxSteps);
  }
  return maxSteps;
}

export function checkAction(
  { names, count }: DiscreteSpace,
  action: number | undefined,
): asserts action is number {
  if (Number.isInteger(action) && action! >= 0 && action! < count) return;
  const named = names?.map((name, k) => `${k} (${name})`);
  const expected = named
    ? `${named.slice(0, -1).join(', ')} or ${named.at(-1)!}`
    : `a whole number from 0 to ${count - 1}`;
  throw mismatch('E_ARGUMENT', 'action', expected, action);
}

export function checkState(rules: Rules, state: ArrayLike<number>): void {
  const { stateSize } = rules;
  if (state.length !== stateSize) {
    throw mismatch('E_SHAPE', 'state', `${stateSize} numbers`, phrase(`${state.length} numbers`));
  }
  for (let k = 0; k < stateSize; k += 1) {
    if (!Number.isFinite(state[k])) {
      throw mismatch('E_NOT_FINITE', `state[${k}]`, 'a finite number', state[k]);
    }
  }
  rules.check?.(state);
}

/** For a `step` that only a running episode permits. */
export function notRunning(came: string): SpiqError {
  const text = `step: expected a running episode, received ${came}: call reset`;
  return new SpiqError('E_STATE', text);
}
