import { SpiqError, mismatch } from '../errors.js';
import type { Replay } from '../replay.js';
import type { DqnParts, Task } from './dqn-parts.js';
import type { DqnState } from './dqn-state.js';

/**
 * What a resumed agent found of its replay memory: all of it `exact`; a file that `went on` after the checkpoint, farther than
 * it can be taken back; or nothing, so that the memory is `refilled` before learning goes on.
 */
export type Resumption = 'exact' | 'went on' | 'refilled';

/** Takes up the memory of a checkpoint; one that lies in a file may not be there any more as it was. */
export function resumeReplay(
  replay: Replay,
  bytes: Uint8Array,
  { replayFile }: DqnParts,
): Resumption {
  try {
    replay.restore(bytes);
    return 'exact';
  } catch (error) {
    const lost = replayFile !== undefined && error instanceof SpiqError && error.code === 'E_STATE';
    if (!lost) throw error;
    return replay.size > 0 ? 'went on' : 'refilled';
  }
}

/** A network's outputs are actions in an order: that of an environment with another order would be played all wrong. */
export function checkActions({ actionNames }: Task, { actions }: DqnState): void {
  if (actions.length === 0 || actions.join() === actionNames.join()) return;
  const expected = `${actions.join(', ')}, as in the checkpoint`;
  throw mismatch('E_STATE', 'actions of the environment', expected, actionNames);
}
