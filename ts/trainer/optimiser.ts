import { checkNames } from '../check.js';
import { mismatch } from '../errors.js';

/** A number, or one that changes with the updates made so far, u. */
export type Schedule =
  | number
  /** From `from` to `to` in `steps` updates, and `to` afterwards; `cosine` by half a cosine. */
  | {
      readonly kind: 'linear' | 'cosine';
      readonly from: number;
      readonly to: number;
      readonly steps: number;
    }
  /** from · decay^u, never beyond `to` (left out, 0). */
  | {
      readonly kind: 'exponential';
      readonly from: number;
      readonly decay: number;
      readonly to?: number;
    }
  /** from · decay^⌊u / steps⌋, never beyond `to` (left out, 0). */
  | {
      readonly kind: 'steps';
      readonly from: number;
      readonly decay: number;
      readonly steps: number;
      readonly to?: number;
    };

/** How gradients move weights; `docs/training.md` has the formulas, their sources and the numbers left out. */
export type Optimiser =
  | {
      readonly kind: 'sgd';
      readonly learningRate?: Schedule;
      readonly momentum?: number;
      readonly nesterov?: boolean;
      readonly weightDecay?: number;
    }
  | {
      readonly kind: 'rmsprop';
      readonly learningRate?: Schedule;
      readonly decay?: number;
      readonly epsilon?: number;
      readonly momentum?: number;
      readonly centred?: boolean;
      readonly weightDecay?: number;
    }
  | {
      readonly kind: 'rmsprop-nature';
      readonly learningRate?: Schedule;
      readonly decay?: number;
      readonly momentum?: number;
      /** The paper's least squared gradient. */
      readonly epsilon?: number;
    }
  | {
      readonly kind: 'rmsprop-neon';
      readonly learningRate?: Schedule;
      readonly decay?: number;
      readonly epsilon?: number;
    }
  | {
      readonly kind: 'adam';
      readonly learningRate?: Schedule;
      readonly beta1?: number;
      readonly beta2?: number;
      readonly epsilon?: number;
    }
  | {
      readonly kind: 'adamw';
      readonly learningRate?: Schedule;
      readonly beta1?: number;
      readonly beta2?: number;
      readonly epsilon?: number;
      readonly weightDecay?: number;
    };

export interface GradientClip {
  /** Each gradient is cut to ± this, first. */
  readonly value?: number;
  /** Then all are scaled so that their norm is at most this. */
  readonly norm?: number;
}

const numbersOf: Readonly<Record<Optimiser['kind'], readonly string[]>> = {
  sgd: ['momentum', 'nesterov', 'weightDecay'],
  rmsprop: ['decay', 'epsilon', 'momentum', 'centred', 'weightDecay'],
  'rmsprop-nature': ['decay', 'momentum', 'epsilon'],
  'rmsprop-neon': ['decay', 'epsilon'],
  adam: ['beta1', 'beta2', 'epsilon'],
  adamw: ['beta1', 'beta2', 'epsilon', 'weightDecay'],
};
export const optimisers = Object.keys(numbersOf) as readonly Optimiser['kind'][];

const scheduleNames: Readonly<Record<string, readonly string[]>> = {
  linear: ['kind', 'from', 'to', 'steps'],
  cosine: ['kind', 'from', 'to', 'steps'],
  exponential: ['kind', 'from', 'decay', 'to'],
  steps: ['kind', 'from', 'decay', 'steps', 'to'],
};

/** Refuses names that a kind does not have, and schedules that leave out what they need; the addon checks numbers. */
export function checkOptimiser(optimiser: Optimiser | undefined): void {
  if (optimiser === undefined) return;
  const names = kindOf(numbersOf, optimiser, 'optimiser');
  checkNames(optimiser, ['kind', 'learningRate', ...names], `optimiser '${optimiser.kind}'`);
  const { learningRate } = optimiser;
  if (learningRate === undefined || typeof learningRate === 'number') return;
  const known = kindOf(scheduleNames, learningRate, 'learningRate');
  checkNames(learningRate, known, 'learningRate');
  for (const name of known) {
    const given = (learningRate as Readonly<Record<string, unknown>>)[name];
    if (given === undefined && !(name === 'to' && known.includes('decay')))
      throw mismatch('E_ARGUMENT', `learningRate '${name}'`, 'a number', given);
  }
}

function kindOf(
  table: Readonly<Record<string, readonly string[]>>,
  value: { readonly kind: string },
  what: string,
): readonly string[] {
  const object = typeof (value as unknown) === 'object' && (value as unknown) !== null;
  if (!object) throw mismatch('E_ARGUMENT', what, 'an object', value);
  const kind = value.kind as unknown;
  const names = typeof kind === 'string' && Object.hasOwn(table, kind) ? table[kind] : undefined;
  if (names === undefined) {
    const known = Object.keys(table).join(', ');
    throw mismatch('E_ARGUMENT', `${what} 'kind'`, `one of ${known}`, kind);
  }
  return names;
}
