import type { ReplayOptions, StepOutcome } from '../../ts/index.js';

/** A ring of some hundred rows, so that it is written over again and again. */
export const killedOptions: ReplayOptions = {
  capacity: 300,
  observation: { size: 300, dtype: 'uint8', stack: 3 },
  nStep: 2,
  gamma: 0.5,
};

export const episodeRows = 37;

/** What the row's observation is: every byte follows from the row's number. */
export function observationOf(row: number): Uint8Array {
  const bytes = new Uint8Array(300);
  let state = (row + 1) * 2654435761;
  for (let index = 0; index < bytes.length; index += 1) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + index;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

/** The step that leads to a row; none where an episode begins. */
export function stepOf(
  row: number,
): { action: number; reward: number; outcome: StepOutcome } | undefined {
  const place = row % episodeRows;
  if (place === 0) return undefined;
  const terminated = place === episodeRows - 1;
  return { action: row % 5, reward: (row % 11) - 5, outcome: { terminated } };
}
