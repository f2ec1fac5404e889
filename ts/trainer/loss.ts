import { checkNames } from '../check.js';
import { mismatch } from '../errors.js';
import type { NativeLoss, Observations } from '../native.js';

interface Weighted {
  /** Of each row's share in the loss, such as importance weights; left out, 1. */
  readonly weights?: Observations;
}

interface Compared extends Weighted {
  /** [rows][outputs]; with `actions` one for each row. */
  readonly targets: Observations;
  /** The one output of each row that is compared, for means over rows in place of all outputs. */
  readonly actions?: Int32Array;
}

/** What outputs are held against; `docs/training.md` has the formulas and their sources. */
export type Loss =
  | (Compared & { readonly kind: 'mse' })
  | (Compared & { readonly kind: 'huber'; readonly delta?: number })
  | (Compared & { readonly kind: 'clipped-error'; readonly clip?: number })
  | (Weighted & { readonly kind: 'cross-entropy'; readonly labels: Int32Array })
  | (Weighted & {
      readonly kind: 'policy-gradient';
      readonly actions: Int32Array;
      readonly returns: Observations;
    })
  | (Weighted & {
      readonly kind: 'spike-count';
      readonly labels: Int32Array;
      /** Spikes wanted of the output that is the label, and of the others. */
      readonly correct: number;
      readonly wrong: number;
    })
  /** Σ coefficients · outputs: the gradient of any loss of the user's own, given as its coefficients. */
  | (Weighted & { readonly kind: 'weighted-sum'; readonly coefficients: Observations });

const namesOf: Readonly<Record<Loss['kind'], readonly string[]>> = {
  mse: ['targets', 'actions'],
  huber: ['targets', 'actions', 'delta'],
  'clipped-error': ['targets', 'actions', 'clip'],
  'cross-entropy': ['labels'],
  'policy-gradient': ['actions', 'returns'],
  'spike-count': ['labels', 'correct', 'wrong'],
  'weighted-sum': ['coefficients'],
};
export const losses = Object.keys(namesOf) as readonly Loss['kind'][];

/** The loss as the addon takes it, which checks arrays and numbers. */
export function lossCall(loss: Loss): NativeLoss {
  const { kind, weights } = checked(loss);
  switch (loss.kind) {
    case 'mse':
      return [kind, loss.targets, loss.actions, undefined, weights];
    case 'huber':
      return [kind, loss.targets, loss.actions, undefined, weights, positive('delta', loss.delta)];
    case 'clipped-error':
      return [kind, loss.targets, loss.actions, undefined, weights, positive('clip', loss.clip)];
    case 'cross-entropy':
      return [kind, undefined, loss.labels, undefined, weights];
    case 'policy-gradient':
      return [kind, undefined, loss.actions, loss.returns, weights];
    case 'spike-count':
      return [
        kind,
        undefined,
        loss.labels,
        undefined,
        weights,
        undefined,
        finite('correct', loss.correct),
        finite('wrong', loss.wrong),
      ];
    case 'weighted-sum':
      return [kind, loss.coefficients, undefined, undefined, weights];
  }
}

function checked(loss: Loss): Loss {
  if (typeof (loss as unknown) !== 'object' || (loss as unknown) === null)
    throw mismatch('E_ARGUMENT', 'loss', 'an object', loss);
  if (typeof (loss.kind as unknown) !== 'string' || !Object.hasOwn(namesOf, loss.kind))
    throw mismatch('E_ARGUMENT', "loss 'kind'", `one of ${losses.join(', ')}`, loss.kind);
  checkNames(loss, ['kind', 'weights', ...namesOf[loss.kind]], `loss '${loss.kind}'`);
  return loss;
}

function positive(name: string, value: number | undefined): number | undefined {
  if (value !== undefined && !(value > 0 && Number.isFinite(value)))
    throw mismatch('E_RANGE', `loss '${name}'`, 'a number above 0', value);
  return value;
}

function finite(name: string, value: number): number {
  if (!Number.isFinite(value)) throw mismatch('E_RANGE', `loss '${name}'`, 'a number', value);
  return value;
}
