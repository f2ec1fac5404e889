import type { Evaluation } from '../agent/evaluate.js';
import type { SavedReplay } from './recorder.js';
import { short, table } from './table.js';

export interface PlayedBeside {
  readonly spikesPerObservation: number | undefined;
  readonly replay: SavedReplay | undefined;
}

/** What `test` prints. */
export function playedText(result: Evaluation, beside: PlayedBeside): string {
  const { returns, mean, std, similarity, explored, steps, observationsPerSecond } = result;
  const { spikesPerObservation, replay } = beside;
  const rows: [string, string][] = [
    ['episodes', short(returns.length)],
    ['mean return', `${mean.toFixed(2)}${std === null ? '' : ` (${std.toFixed(2)})`}`],
  ];
  if (similarity !== null) rows.push(['similarity', `${(similarity * 100).toFixed(2)} %`]);
  if (explored > 0) rows.push(['drawn actions', `${((explored / steps) * 100).toFixed(2)} %`]);
  rows.push(['observations per second', short(Math.round(observationsPerSecond))]);
  if (spikesPerObservation !== undefined) {
    rows.push(['spikes per observation', short(spikesPerObservation)]);
  }
  const text = table(['', 'value'], rows);
  if (replay === undefined) return text;
  return `${text}\n${short(replay.rows)} rows written to ${replay.folder}`;
}
