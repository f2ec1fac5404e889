import type { DqnTrial, SurrogateTrial } from './trials.js';

/** Updates whose losses are compared, from equal weights on. */
export const comparedUpdates = 10;

/**
 * How far losses may be apart, as a share: the first is the same sum in another order; later ones follow weights that
 * differ by rounding, which in a spiking network may add or drop a spike.
 */
export interface LossAgreement {
  readonly first: number;
  readonly later: number;
}

export function verifyLosses(
  ours: readonly number[],
  theirs: readonly number[],
  who: string,
  { first, later }: LossAgreement,
): void {
  if (ours.length !== comparedUpdates || theirs.length !== ours.length) {
    throw new Error(`${who} gave ${theirs.length} losses in place of ${comparedUpdates}`);
  }
  ours.forEach((loss, update) => {
    const wanted = theirs[update]!;
    const apart = Math.abs(loss - wanted) / Math.max(Math.abs(wanted), 1e-6);
    if (!(apart <= (update === 0 ? first : later))) {
      throw new Error(`update ${update}: a loss of ${loss} is not the ${wanted} of ${who}`);
    }
  });
  if (new Set(ours).size < comparedUpdates) throw new Error('losses that do not change');
}

export function agreementOf(trial: SurrogateTrial | DqnTrial): LossAgreement {
  if (trial.kind === 'dqn') return { first: 1e-5, later: 1e-3 };
  return { first: 1e-4, later: 1e-2 };
}
