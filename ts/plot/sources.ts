import { existsSync } from 'node:fs';
import path from 'node:path';
import { mismatch, phrase } from '../errors.js';
import type { CsvTable } from '../run/index.js';
import { isFolder, readCsvFile, readRun, runsIn } from '../run/read.js';

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
    const runs = runsIn(name);
    if (runs.length === 0)
      throw mismatch('E_FILE', `folder ${name}`, 'a run, or runs in it', phrase('none'));
    return runs.map((folder) => {
      const { config, metrics, episodes: played } = readRun(folder);
      return {
        group: labelOf(group, folder, config.name, config.parameters),
        file: folder,
        table: episodes ? played : metrics,
      };
    });
  });
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
