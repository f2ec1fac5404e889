import { mismatch, phrase } from '../errors.js';
import { Fields } from '../formats/fields.js';
import { parseJson } from '../run/config.js';
import type { RunMachine } from '../run/index.js';
import type { ExperimentSummary } from './summary.js';

/** An experiment over its seeds, and where it ran. */
export interface ExperimentResult extends ExperimentSummary {
  readonly machine: RunMachine;
}

export const resultsFormat = 'spiq-experiments';
export const resultsVersion = 1;

/** results.json of a folder of experiments. */
export function parseResults(text: string, what: string): ExperimentResult[] {
  const fields = new Fields(parseJson(text, what), what);
  fields.oneOf('format', [resultsFormat]);
  const version = fields.count('version');
  if (version > resultsVersion) {
    throw mismatch('E_VERSION', `${what}: version`, `at most ${resultsVersion}`, version);
  }
  return fields.list('results').map((value, index) => checked(value, `${what}: result ${index}`));
}

/** What a page cannot do without; the rest is as it was written. */
function checked(value: unknown, what: string): ExperimentResult {
  const fields = new Fields(value, what);
  fields.string('experiment');
  const scores = fields.numbers('scores');
  if (scores.length === 0 || fields.counts('seeds').length !== scores.length) {
    throw mismatch('E_FORMAT', what, 'a score for each seed', phrase(`${scores.length} scores`));
  }
  const score = new Fields(fields.raw('score'), `${what}: score`);
  const goal = new Fields(fields.raw('goal'), `${what}: goal`);
  const seconds = new Fields(fields.raw('seconds'), `${what}: seconds`);
  score.number('mean');
  goal.count('reached');
  seconds.number('mean');
  new Fields(fields.raw('machine'), `${what}: machine`).string('cpu');
  return value as ExperimentResult;
}
