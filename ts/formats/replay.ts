import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { rowsOf } from '../check.js';
import { mismatch, phrase } from '../errors.js';
import { writeFileAtomically } from './atomic.js';
import { fileError } from './files.js';
import { openNpzRows, writeNpz } from './npz/index.js';
import type { NpzRows } from './npz/index.js';

/** As the published system lays its replay folders out: the observations, and beside them what the network gave. */
export const observationsFile = 'memory_inputs.npz';
export const outputsFile = 'memory_outputs.npz';
const arrayKey = 'arr_0';

/** The observations of a replay folder, streamed. */
export async function openReplayRows(
  folder: string,
  options: { readonly width?: number } = {},
): Promise<NpzRows> {
  const file = path.join(folder, observationsFile);
  if (!existsSync(file)) {
    const received = phrase('a folder without it');
    throw mismatch('E_FILE', `replay folder ${folder}`, `a file ${observationsFile}`, received);
  }
  return openNpzRows(file, { ...options, key: arrayKey });
}

/** Rows of observations and of what a network gave for them, one row after the other. */
export interface ReplayRows {
  readonly observations: Float32Array;
  readonly outputs: Float32Array;
  /** Outputs of a row. */
  readonly actions: number;
}

/** Makes the folder where there is none. Files that are there are replaced, each at once. */
export function writeReplayRows(folder: string, rows: ReplayRows): void {
  const { observations, outputs, actions } = rows;
  const count = rowsOf(outputs, actions, 'outputs of a replay');
  const save = (file: string, data: Float32Array): void => {
    const array = { shape: [count, data.length / count], dtype: 'f4', data } as const;
    writeFileAtomically(path.join(folder, file), writeNpz({ [arrayKey]: array }));
  };
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw fileError(folder, 'make the folder', cause);
  }
  save(observationsFile, observations);
  // Last, since it makes the folder a replay.
  save(outputsFile, outputs);
}
