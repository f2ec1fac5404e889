import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { rowsOf } from '../check.js';
import { mismatch, phrase } from '../errors.js';
import { writeFileAtomically } from './atomic.js';
import { fileError } from './files.js';
import { openNpzRows, readNpzFile, writeNpz } from './npz/index.js';
import type { NpyArray, NpzRows } from './npz/index.js';

/** As the published system lays its replay folders out: the observations, and beside them what the network gave. */
export const observationsFile = 'memory_inputs.npz';
export const outputsFile = 'memory_outputs.npz';
const arrayKey = 'arr_0';

/** The observations of a replay folder, streamed. */
export async function openReplayRows(
  folder: string,
  options: { readonly width?: number } = {},
): Promise<NpzRows> {
  return openNpzRows(fileOf(folder, observationsFile), { ...options, key: arrayKey });
}

/** Observations, row after row, and what a network gave for each. */
export interface ReplayFolder {
  readonly observations: NpyArray;
  readonly outputs: NpyArray;
}

/** A whole replay folder, with the types that it has. */
export function readReplayFolder(folder: string): ReplayFolder {
  const read = (file: string): NpyArray => readNpzFile(fileOf(folder, file)).get(arrayKey);
  const content = { observations: read(observationsFile), outputs: read(outputsFile) };
  checkRows(content, `replay folder ${folder}`, 'E_FORMAT');
  return content;
}

/** Makes the folder where there is none. Files that are there are replaced, each at once. */
export function writeReplayFolder(folder: string, content: ReplayFolder): void {
  checkRows(content, 'replay folder', 'E_SHAPE');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw fileError(folder, 'make the folder', cause);
  }
  const save = (file: string, array: NpyArray): void => {
    writeFileAtomically(path.join(folder, file), writeNpz({ [arrayKey]: array }));
  };
  save(observationsFile, content.observations);
  // Last, since it makes the folder a replay.
  save(outputsFile, content.outputs);
}

/** Rows of observations and of what a network gave for them, one row after the other. */
export interface ReplayRows {
  readonly observations: Float32Array;
  readonly outputs: Float32Array;
  /** Outputs of a row. */
  readonly actions: number;
}

/** The same of float32 rows. */
export function writeReplayRows(folder: string, rows: ReplayRows): void {
  const { observations, outputs, actions } = rows;
  const count = rowsOf(outputs, actions, 'outputs of a replay');
  const arrayOf = (data: Float32Array): NpyArray => ({
    shape: [count, data.length / count],
    dtype: 'f4',
    data,
  });
  writeReplayFolder(folder, { observations: arrayOf(observations), outputs: arrayOf(outputs) });
}

function fileOf(folder: string, name: string): string {
  const file = path.join(folder, name);
  if (existsSync(file)) return file;
  const received = phrase('a folder without it');
  throw mismatch('E_FILE', `replay folder ${folder}`, `a file ${name}`, received);
}

function checkRows(content: ReplayFolder, what: string, code: 'E_FORMAT' | 'E_SHAPE'): void {
  const { observations, outputs } = content;
  for (const [name, { shape }] of Object.entries({ observations, outputs })) {
    if (shape.length < 2)
      throw mismatch(code, `${what}: ${name}`, 'an array of rows', phrase(`[${shape.join(', ')}]`));
  }
  const [rows = 0] = observations.shape;
  if (outputs.shape[0] !== rows)
    throw mismatch(code, `${what}: outputs`, `${rows} rows`, outputs.shape[0]);
}
