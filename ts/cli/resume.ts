import path from 'node:path';
import { mismatch, phrase } from '../errors.js';
import { experimentNamed } from '../experiments/index.js';
import type { Experiment } from '../experiments/index.js';
import { runFolder } from '../experiments/run-files.js';
import { readRun, runsIn } from '../run/index.js';

export interface RunToResume {
  readonly experiment: Experiment;
  readonly seed: number;
  /** The folder that holds EXPERIMENT/seed-N. */
  readonly root: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The runs of a folder: itself, those of an experiment's folder, or of all that lie in it. */
export function runsToResume(folder: string): RunToResume[] {
  const runs = runsIn(path.resolve(folder));
  if (runs.length === 0) {
    throw mismatch('E_FILE', `--resume ${folder}`, 'a run, or a folder with runs', phrase('none'));
  }
  return runs.map((run) => {
    const { config } = readRun(run);
    const { seed, ...parameters } = config.parameters;
    if (typeof seed !== 'number') throw mismatch('E_FORMAT', `${run}: seed`, 'a number', seed);
    const experiment = experimentNamed(config.name);
    const root = path.dirname(path.dirname(run));
    if (runFolder(root, config.name, seed) !== run) {
      const expected = path.join(config.name, `seed-${seed}`);
      throw mismatch('E_STATE', 'folder of the run', `one that ends in ${expected}`, run);
    }
    return { experiment, seed, root, parameters };
  });
}
