import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Kept } from '../agent/choice.js';
import { mismatch, phrase } from '../errors.js';
import { writeFileAtomically } from '../formats/atomic.js';
import { readFileBytes } from '../formats/files.js';

/** How a run ended; plain data, in the run's folder as `outcome.json`. */
export interface RunOutcome {
  readonly experiment: string;
  readonly agent: 'dqn' | 'reinforce' | 'classifier';
  readonly seed: number;
  /** Of 100 greedy episodes that neither trained nor chose the network. */
  readonly score: { readonly mean: number; readonly std: number; readonly least: number };
  readonly chosen: { readonly by: Kept; readonly episode: number };
  /** Null for classifiers, which play only when they are scored. */
  readonly goalEpisode: number | null;
  readonly best: { readonly mean: number; readonly episode: number } | null;
  /** Of classifiers: mean loss of the last report, share of rows on which the recorded action is picked. */
  readonly classified: { readonly loss: number; readonly accuracy: number } | null;
  readonly episodes: number;
  readonly steps: number;
  readonly updates: number;
  /** Wall time of training, validations included; the score's apart. */
  readonly seconds: number;
}

const outcomeFile = 'outcome.json';
const format = 'spiq-outcome';
const version = 1;

export function saveOutcome(folder: string, outcome: RunOutcome): void {
  const text = `${JSON.stringify({ format, version, ...outcome }, null, 2)}\n`;
  writeFileAtomically(path.join(folder, outcomeFile), new TextEncoder().encode(text));
}

/** That of a run that has ended; undefined while it has not. */
export function readOutcome(folder: string): RunOutcome | undefined {
  const file = path.join(folder, outcomeFile);
  if (!existsSync(file)) return undefined;
  const text = new TextDecoder().decode(readFileBytes(file));
  const { format: found, version: written, ...outcome } = parsed(text, file);
  if (found !== format) throw mismatch('E_FORMAT', `${file}: format`, format, found);
  if (!(Number(written) <= version)) {
    throw mismatch('E_VERSION', `${file}: version`, `at most ${version}`, written);
  }
  return outcome;
}

function parsed(text: string, file: string): RunOutcome & Record<'format' | 'version', unknown> {
  try {
    return JSON.parse(text) as RunOutcome & Record<'format' | 'version', unknown>;
  } catch {
    throw mismatch('E_FORMAT', file, 'JSON', phrase('another text'));
  }
}
