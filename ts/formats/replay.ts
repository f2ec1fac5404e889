import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { mismatch, phrase } from '../errors.js';
import { writeFileAtomically } from './atomic.js';
import { fileError } from './files.js';
import { openNpzRows, readNpzFile, writeNpz } from './npz/index.js';
import type { NpyArray, NpzRows } from './npz/index.js';

/** As the published system lays its replay folders out: the observations, and beside them what the network gave. */
const observationsFile = 'memory_inputs.npz';
const outputsFile = 'memory_outputs.npz';
const key = 'arr_0';

/** Observations, row after row, and what a network gave for each. */
export interface ReplayFolder {
  readonly observations: NpyArray;
  readonly outputs: NpyArray;
}

/** The observations of a replay folder, streamed. */
export async function openReplayRows(
  folder: string,
  options: { readonly width?: number } = {},
): Promise<NpzRows> {
  return openNpzRows(fileOf(folder, observationsFile), { ...options, key });
}

/** A whole replay folder, with the types that it has. */
export function readReplayFolder(folder: string): ReplayFolder {
  const [observations, outputs] = [observationsFile, outputsFile].map((file) =>
    readNpzFile(fileOf(folder, file)).get(key),
  ) as [NpyArray, NpyArray];
  checkRows({ observations, outputs }, `replay folder ${folder}`, 'E_FORMAT');
  return { observations, outputs };
}

/** Writes a replay folder as the published system reads it; the folder is made where it is missing. */
export function writeReplayFolder(folder: string, content: ReplayFolder): void {
  checkRows(content, 'replay folder', 'E_SHAPE');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw fileError(folder, 'make the folder', cause);
  }
  const write = (file: string, array: NpyArray): void => {
    writeFileAtomically(path.join(folder, file), writeNpz({ [key]: array }));
  };
  write(observationsFile, content.observations);
  write(outputsFile, content.outputs);
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
