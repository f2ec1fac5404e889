import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileError, readFileBytes } from '../formats/files.js';
import { configFile, readConfig } from './config.js';
import type { RunConfig } from './config.js';
import { parseCsv } from './csv.js';
import type { CsvOptions, CsvTable } from './csv.js';
import { files } from './run.js';

/** A run as its files tell it, finished or still going on. */
export interface RunRecord {
  readonly config: RunConfig;
  readonly metrics: CsvTable;
  readonly episodes: CsvTable;
}

/** Reads a run without its lock, so while another process writes it: a line under way is left out. */
export function readRun(folder: string): RunRecord {
  const read = (name: string): CsvTable =>
    readCsvFile(path.join(folder, name), { keepTorn: false });
  return {
    config: readConfig(folder),
    metrics: read(files.metrics),
    episodes: read(files.episodes),
  };
}

export function readCsvFile(file: string, options: CsvOptions = {}): CsvTable {
  return parseCsv(new TextDecoder().decode(readFileBytes(file)), file, options);
}

export function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch (cause) {
    throw fileError(name, 'read', cause);
  }
}

/** The folder itself, or the runs up to so many folders inside it. */
export function runsIn(folder: string, depth = 2): string[] {
  if (existsSync(path.join(folder, configFile))) return [folder];
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
