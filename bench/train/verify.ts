import type { DqnTrial, SurrogateTrial } from './trials.js';

/** Losses of so many updates are computed, from equal weights on. */
export const comparedUpdates = 10;

/**
 * How far losses may be apart, as a share. The first is the same sum in another order. Later ones follow weights that
 * differ by rounding, which Adam and RMSProp make large where a gradient is next to nothing.
 */
export interface LossAgreement {
  readonly first: number;
  readonly later: number;
  /** Updates behind which nothing is compared. */
  readonly updates: number;
}

/** A convolution has so many neurons that one of them is on a near-tie in every batch: measured, .9 % at the third. */
export function agreementOf(trial: SurrogateTrial | DqnTrial): LossAgreement {
  const convolves = trial.net === 'nature';
  if (trial.kind === 'dqn') {
    return { first: 1e-5, later: convolves ? 1e-2 : 1e-3, updates: comparedUpdates };
  }
  if (convolves) return { first: 1e-4, later: 3e-2, updates: 4 };
  return { first: 1e-4, later: 1e-2, updates: comparedUpdates };
}

export function verifyLosses(
  ours: readonly number[],
  theirs: readonly number[],
  who: string,
  { first, later, updates }: LossAgreement,
): void {
  if (ours.length !== comparedUpdates || theirs.length !== ours.length) {
    throw new Error(`${who} gave ${theirs.length} losses in place of ${comparedUpdates}`);
  }
  ours.slice(0, updates).forEach((loss, update) => {
    const wanted = theirs[update]!;
    const apart = Math.abs(loss - wanted) / Math.max(Math.abs(wanted), 1e-6);
    if (!(apart <= (update === 0 ? first : later))) {
      throw new Error(`update ${update}: a loss of ${loss} is not the ${wanted} of ${who}`);
    }
  });
  if (new Set(ours).size < comparedUpdates) throw new Error('losses that do not change');
}
