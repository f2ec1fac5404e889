import { existsSync } from 'node:fs';
import path from 'node:path';
import { mismatch, phrase } from '../errors.js';
import { openNpzRows } from './npz/index.js';
import type { NpzRows } from './npz/index.js';

/** As the published system lays its replay folders out: the observations, and beside them what the network gave. */
const observationsFile = 'memory_inputs.npz';
const observationsKey = 'arr_0';

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
  return openNpzRows(file, { ...options, key: observationsKey });
}
