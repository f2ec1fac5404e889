import type { Evaluation } from '../agent/evaluate.js';
import type { SavedReplay } from './recorder.js';
import { short, table } from './table.js';

export interface PlayedBeside {
  readonly spikesPerObservation: number | undefined;
  readonly replay: SavedReplay | undefined;
  /** Files. */
  readonly pictures: readonly string[] | undefined;
}

/** What `test` prints. */
export function playedText(result: Evaluation, beside: PlayedBeside): string {
  const { returns, mean, std, similarity, explored, steps, observationsPerSecond } = result;
  const { spikesPerObservation, replay, pictures = [] } = beside;
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
  const lines = [table(['', 'value'], rows)];
  if (replay) lines.push(`${short(replay.rows)} rows written to ${replay.folder}`);
  if (pictures.length > 0) {
    const others = pictures.length > 1 ? ` and ${short(pictures.length - 1)} more` : '';
    lines.push(`pictures written to ${pictures[0]!}${others}`);
  }
  return lines.join('\n');
}
