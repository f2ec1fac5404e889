import { existsSync } from 'node:fs';
import { networkBytes } from '../agent/checkpoint.js';
import { mismatch, phrase } from '../errors.js';
import { Network } from '../network.js';
import type { Run } from '../run/index.js';
import { networkFile } from './run-files.js';

const kept = 'first';

/** What a run began with, where it was not a random network. */
export async function firstNetwork(folder: string): Promise<Network | undefined> {
  const file = networkFile(folder, kept);
  return existsSync(file) ? Network.load(file) : undefined;
}

/** The run keeps it, as it may be broken off before its first checkpoint. */
export function keepFirstNetwork(run: Run, network: Network | undefined): void {
  if (network !== undefined) run.saveNetwork(kept, network);
}

export function refuseOtherNetwork(
  folder: string,
  began: Network | undefined,
  given: Network | undefined,
): void {
  if (given === undefined) return;
  const what = `run in ${folder}: network to begin with (another folder takes another)`;
  if (began === undefined) throw mismatch('E_STATE', what, 'none', phrase('one'));
  const same = Buffer.from(networkBytes(began)).equals(networkBytes(given));
  if (!same) throw mismatch('E_STATE', what, networkFile(folder, kept), phrase('other weights'));
}
