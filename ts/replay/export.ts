import { mismatch } from '../errors.js';
import { writeReplayFolder } from '../formats/replay.js';
import type { Replay } from '../replay.js';
import type { ReplayBatch } from './batch.js';

const rowsAtOnce = 1024;

/** What a network gives for some states, row after row. */
export type OutputsOf = (states: Float32Array, rows: number) => Float32Array | Float64Array;

/** Calls `use` for all that can be drawn, the oldest first, some transitions at once. */
export function eachTransition(
  replay: Replay,
  use: (batch: ReplayBatch, rows: number) => void,
): void {
  const batch = replay.emptyBatch(Math.max(1, Math.min(rowsAtOnce, replay.size)));
  for (let from = 0; ; from = batch.indices[batch.rows - 1]! + 1) {
    const rows = replay.listInto(batch, from);
    if (rows > 0) use(batch, rows);
    if (rows < batch.rows) return;
  }
}

/**
 * Writes the states of a memory, the oldest first, and what a network gives for each as a replay folder of the
 * published system.
 */
export function exportReplayFolder(replay: Replay, folder: string, outputsOf: OutputsOf): void {
  const { size, stateSize } = replay;
  if (size === 0)
    throw mismatch('E_STATE', 'replay to export', 'one with transitions', 'an empty one');
  const states = new Float32Array(size * stateSize);
  const outputs: number[] = [];
  let at = 0;
  eachTransition(replay, (batch, rows) => {
    const part = batch.states.subarray(0, rows * stateSize);
    states.set(part, at * stateSize);
    const given = outputsOf(part, rows);
    if (given.length === 0 || given.length % rows !== 0)
      throw mismatch(
        'E_SHAPE',
        'outputs of a replay',
        `as many for each of ${rows} rows`,
        given.length,
      );
    for (const output of given) outputs.push(output);
    at += rows;
  });
  if (outputs.length % size !== 0)
    throw mismatch(
      'E_SHAPE',
      'outputs of a replay',
      `as many for each of ${size} rows`,
      outputs.length,
    );
  writeReplayFolder(folder, {
    observations: { shape: [size, stateSize], dtype: 'f4', data: states },
    outputs: {
      shape: [size, outputs.length / size],
      dtype: 'f4',
      data: Float32Array.from(outputs),
    },
  });
}
