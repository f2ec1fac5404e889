import { mismatch } from '../errors.js';

/** What the environment answered to an action. */
export interface StepOutcome {
  /** The task ended: nothing of value follows. */
  readonly terminated: boolean;
  /** A limit cut the episode off: what follows still has its value. */
  readonly truncated?: boolean;
  /** Terminal for learning, while the game and its frames go on. */
  readonly lifeLost?: boolean;
  /** This step is in no sample; returns of steps before it end where it begins. */
  readonly discard?: boolean;
}

// As native/binding/replay_calls.h has them.
const [terminatedFlag, truncatedFlag, lifeLostFlag, discardFlag] = [1, 2, 4, 8];

export function flagsOf({ terminated, truncated, lifeLost, discard }: StepOutcome): number {
  if (typeof (terminated as unknown) !== 'boolean')
    throw mismatch('E_ARGUMENT', "outcome of a step: 'terminated'", 'true or false', terminated);
  return (
    (terminated ? terminatedFlag : 0) |
    (truncated === true ? truncatedFlag : 0) |
    (lifeLost === true ? lifeLostFlag : 0) |
    (discard === true ? discardFlag : 0)
  );
}
