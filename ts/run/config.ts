import { cpus } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { SpiqError, mismatch } from '../errors.js';
import { writeFileAtomically } from '../formats/atomic.js';
import { Fields } from '../formats/fields.js';
import { readFileBytes } from '../formats/files.js';
import { engineInfo } from '../info.js';
import { checkJson } from './json.js';
import type { JsonObject } from './json.js';
import { ownColumns, publishedColumns } from './columns.js';

/** Where the run was begun. */
export interface RunMachine {
  readonly cpu: string;
  readonly threads: number;
  readonly system: string;
  readonly node: string;
  readonly spiq: string;
}

export interface RunConfig {
  readonly name: string;
  /** Everything random in the run derives from it. */
  readonly seed: number;
  readonly parameters: JsonObject;
  /** Columns of metrics.csv behind spiq's own. */
  readonly columns: readonly string[];
  readonly machine: RunMachine;
}

export const configFile = 'config.json';
const format = 'spiq-run';
const version = 1;

export function metricColumns({ columns }: RunConfig): string[] {
  return [...publishedColumns, ...ownColumns, ...columns];
}

export function thisMachine(): RunMachine {
  const { threads, version: spiq } = engineInfo();
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    threads,
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    spiq,
  };
}

export function checkConfig(config: Omit<RunConfig, 'machine'>): void {
  const { name, seed, parameters, columns } = config;
  if (typeof (name as unknown) !== 'string' || name === '') {
    throw mismatch('E_ARGUMENT', 'name of the run', 'a string', name);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw mismatch('E_RANGE', 'seed of the run', 'a whole number from 0 to 2^53 − 1', seed);
  }
  checkJson(parameters, 'parameters');
  if (!Array.isArray(columns)) throw mismatch('E_ARGUMENT', 'columns', 'a list of names', columns);
  const known: string[] = [...publishedColumns, ...ownColumns];
  for (const column of columns as readonly unknown[]) {
    if (typeof column !== 'string' || !/^\w+$/.test(column) || known.includes(column)) {
      throw mismatch('E_ARGUMENT', 'columns', 'new names of letters, digits and _', column);
    }
    known.push(column);
  }
}

export function writeConfig(folder: string, config: RunConfig): void {
  const text = `${JSON.stringify({ format, version, ...config }, null, 2)}\n`;
  writeFileAtomically(path.join(folder, configFile), new TextEncoder().encode(text));
}

export function readConfig(folder: string): RunConfig {
  const file = path.join(folder, configFile);
  return parseConfig(new TextDecoder().decode(readFileBytes(file)), file);
}

/** Newer versions are refused before anything else of theirs is looked at. */
export function parseConfig(text: string, what: string): RunConfig {
  const fields = new Fields(parseJson(text, what), what);
  fields.oneOf('format', [format]);
  const found = fields.count('version');
  if (found > version) {
    throw mismatch('E_VERSION', `${what}: version`, `at most ${version}`, found);
  }
  const machine = new Fields(fields.raw('machine'), `${what}: machine`);
  const config = {
    name: fields.string('name'),
    seed: fields.count('seed'),
    parameters: parametersOf(fields.raw('parameters'), what),
    columns: fields.strings('columns'),
    machine: {
      cpu: machine.string('cpu'),
      threads: machine.count('threads'),
      system: machine.string('system'),
      node: machine.string('node'),
      spiq: machine.string('spiq'),
    },
  };
  machine.done();
  fields.done();
  try {
    checkConfig(config);
  } catch (cause) {
    if (!(cause instanceof SpiqError)) throw cause;
    throw new SpiqError('E_FORMAT', `${what}: ${cause.message}`, { cause });
  }
  return config;
}

function parametersOf(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mismatch('E_FORMAT', `${what}: field 'parameters'`, 'a JSON object', value);
  }
  return value as JsonObject;
}

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new SpiqError('E_FORMAT', `${what}: ${(cause as Error).message}`, { cause });
  }
}
