import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { mismatch, phrase } from '../errors.js';
import { Run } from '../run/index.js';
import type { CsvTable } from '../run/index.js';
import { isFolder, readCsvFile, readRun } from '../run/read.js';

/** What runs are put together by: their names, nothing (each alone), or a parameter by its path. */
export type Grouping = 'name' | 'run' | (string & {});

/** The rows of one run. */
export interface CurveSource {
  readonly group: string;
  readonly file: string;
  readonly table: CsvTable;
}

export interface SourceOptions {
  readonly group?: Grouping;
  /** episodes.csv in place of metrics.csv. */
  readonly episodes?: boolean;
}

/** Runs, folders of runs, and CSV files, spiq's or others'. */
export function readSources(
  names: readonly string[],
  { group = 'name', episodes = false }: SourceOptions = {},
): CurveSource[] {
  return names.flatMap((name): CurveSource[] => {
    if (!existsSync(name)) {
      throw mismatch('E_FILE', 'what to plot', 'a run, a folder of runs or a CSV file', name);
    }
    if (!isFolder(name)) {
      const label = group === 'run' || group === 'name' ? path.parse(name).name : name;
      return [{ group: label, file: name, table: readCsvFile(name) }];
    }
    return runsIn(name).map((folder) => {
      const { config, metrics, episodes: played } = readRun(folder);
      return {
        group: labelOf(group, folder, config.name, config.parameters),
        file: folder,
        table: episodes ? played : metrics,
      };
    });
  });
}

/** The folder itself, or the runs directly inside it. */
function runsIn(folder: string): string[] {
  if (Run.exists(folder)) return [folder];
  const found = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name))
    .filter((inside) => Run.exists(inside))
    .sort();
  if (found.length === 0) {
    throw mismatch('E_FILE', `folder ${folder}`, 'a run, or runs in it', phrase('none'));
  }
  return found;
}

function labelOf(
  group: Grouping,
  folder: string,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): string {
  if (group === 'name') return name;
  if (group === 'run') return path.basename(path.resolve(folder));
  let value: unknown = parameters;
  for (const key of group.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
      const known = Object.keys(parameters).join(', ');
      throw mismatch('E_ARGUMENT', `group: parameter of ${folder}`, `name, run, ${known}`, group);
    }
    value = (value as Record<string, unknown>)[key];
  }
  return `${group} = ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}
