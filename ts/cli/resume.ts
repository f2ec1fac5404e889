import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { mismatch, phrase } from '../errors.js';
import { experimentNamed } from '../experiments/index.js';
import type { Experiment } from '../experiments/index.js';
import { fileError } from '../formats/files.js';
import { Run, readRun } from '../run/index.js';

export interface RunToResume {
  readonly experiment: Experiment;
  readonly seed: number;
  /** The folder that holds EXPERIMENT/seed-N. */
  readonly root: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The runs of a folder: itself, those of an experiment's folder, or of all that lie in it. */
export function runsToResume(folder: string): RunToResume[] {
  const runs = runsIn(path.resolve(folder), 2);
  if (runs.length === 0) {
    throw mismatch('E_FILE', `--resume ${folder}`, 'a run, or a folder with runs', phrase('none'));
  }
  return runs.map((run) => {
    const { config } = readRun(run);
    const { seed, ...parameters } = config.parameters;
    if (typeof seed !== 'number') throw mismatch('E_FORMAT', `${run}: seed`, 'a number', seed);
    return {
      experiment: experimentNamed(config.name),
      seed,
      root: path.dirname(path.dirname(run)),
      parameters,
    };
  });
}

function runsIn(folder: string, depth: number): string[] {
  if (Run.exists(folder)) return [folder];
  if (depth === 0 || !existsSync(folder)) return [];
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort()
      .flatMap((name) => runsIn(path.join(folder, name), depth - 1));
  } catch (cause) {
    throw fileError(folder, 'read', cause);
  }
}
