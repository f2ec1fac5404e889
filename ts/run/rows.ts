import { closeSync, openSync, readSync } from 'node:fs';
import { mismatch, phrase } from '../errors.js';
import { episodeColumns, phases } from './columns.js';
import type { EpisodeRow, PhaseRow } from './columns.js';
import { formatNumber, joinLine } from './csv.js';

/** The fields of a row in the order of the file's columns. */
export function phaseFields(row: PhaseRow, columns: readonly string[]): string[] {
  for (const name of Object.keys(row)) {
    if (!columns.includes(name)) {
      throw mismatch('E_ARGUMENT', 'column of metrics.csv', columns.join(', '), name);
    }
  }
  if (!phases.includes(row.phase)) {
    throw mismatch('E_ARGUMENT', 'phase', phases.join(' | '), row.phase);
  }
  return columns.map((name) => fieldOf(row[name], name));
}

export function episodeFields(row: EpisodeRow & { readonly seconds: number }): string[] {
  const { episode, steps, return: gameReturn, totalSteps, seconds, epsilon } = row;
  const values = [episode, steps, gameReturn, totalSteps, seconds, epsilon];
  return values.map((value, index) => fieldOf(value, episodeColumns[index]!));
}

function fieldOf(value: unknown, name: string): string {
  if (value === undefined || typeof value === 'number') return formatNumber(value);
  if (typeof value === 'string') {
    if (/[\r\n]/.test(value)) throw mismatch('E_ARGUMENT', name, 'a single line', value);
    return value;
  }
  throw mismatch('E_ARGUMENT', name, 'a number or a string', value);
}

/** A file with other columns belongs to another version or to nobody: rows appended to it would be garbled. */
export function checkHeader(file: string, columns: readonly string[]): void {
  const expected = Buffer.from(`${joinLine(columns)}\n`);
  const found = Buffer.alloc(expected.length);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, found, 0, found.length, 0);
  } finally {
    closeSync(descriptor);
  }
  if (!found.equals(expected)) {
    const names = `the columns ${columns.join(', ')}`;
    const first = found.toString('utf8').split('\n')[0]!.replaceAll('\0', '');
    throw mismatch('E_FORMAT', `${file}: first line`, names, phrase(`'${first}'`));
  }
}
