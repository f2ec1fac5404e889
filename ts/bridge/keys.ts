import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileError } from '../formats/files.js';
import { loadZeromq, type CurveKeys } from '../wire/socket.js';

/** Where a pair of keys for a worker on another machine, and one for its client, were written. */
export interface CurveFiles {
  readonly folder: string;
  /** For the worker: --curve-keys and --curve-clients. */
  readonly workerKeys: string;
  readonly clients: string;
  /** For the client: both of its keys and the worker's public one, as JSON. */
  readonly clientKeys: string;
}

/** Makes keys for a worker and a client, in files that only their owner may read. */
export async function makeCurveKeys(folder: string): Promise<CurveFiles> {
  const { curveKeyPair } = await loadZeromq();
  const [worker, client] = [curveKeyPair(), curveKeyPair()];
  const keys: CurveKeys = { serverKey: worker.publicKey, ...client };
  const files = {
    folder,
    workerKeys: path.join(folder, 'worker.key_secret'),
    clients: path.join(folder, 'clients.txt'),
    clientKeys: path.join(folder, 'client.json'),
  };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writePrivately(files.workerKeys, certificate(worker));
    writePrivately(files.clients, `${client.publicKey}\n`);
    writePrivately(files.clientKeys, `${JSON.stringify(keys, undefined, 2)}\n`);
  } catch (cause) {
    throw fileError(folder, 'write keys to', cause);
  }
  return files;
}

/** What is there stays: keys that are overwritten are gone for all who use them. */
function writePrivately(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
}

/** The form of ZeroMQ's own certificates. */
function certificate({ publicKey, secretKey }: { publicKey: string; secretKey: string }): string {
  return `metadata\ncurve\n    public-key = "${publicKey}"\n    secret-key = "${secretKey}"\n`;
}
