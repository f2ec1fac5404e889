import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { SpiqError, mismatch, phrase } from '../../../errors.js';
import type { Hdf5Group } from './tree.js';
import type { Hdf5Answer, Hdf5Request, Hdf5Task } from './worker.js';

export * from './tree.js';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] as const;
/** A damaged file can keep the library busy for ever; sound ones of any size in use take seconds. */
const patienceMilliseconds = 120_000;
const packageNeeded = 'h5wasm';

export function isHdf5(bytes: Uint8Array): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

export async function readHdf5(
  bytes: Uint8Array,
  what: string,
  patience = patienceMilliseconds,
): Promise<Hdf5Group> {
  const answer = await ask({ task: 'read', bytes }, what, patience);
  if ('tree' in answer) return answer.tree;
  throw faultOf(answer, what);
}

export async function writeHdf5(tree: Hdf5Group, what: string): Promise<Uint8Array> {
  const answer = await ask({ task: 'write', tree }, what, patienceMilliseconds);
  if ('bytes' in answer) return answer.bytes;
  throw faultOf(answer, what);
}

function faultOf(answer: Hdf5Answer, what: string): SpiqError {
  if (!('fault' in answer)) return new SpiqError('E_INTERNAL', `${what}: not the answer asked for`);
  const { fault, reason } = answer;
  if (fault === 'package') {
    const expected = `the package ${packageNeeded}, which reads and writes HDF5 (npm install ${packageNeeded})`;
    return mismatch('E_ENVIRONMENT', what, expected, phrase(causeOf(reason)));
  }
  if (fault === 'memory') return mismatch('E_MEMORY', what, 'a smaller HDF5 file', phrase(reason));
  return mismatch('E_FORMAT', what, 'a sound HDF5 file', phrase(causeOf(reason)));
}

/** Of the library's list of causes the innermost, in one line. */
function causeOf(reason: string): string {
  const innermost = [...reason.matchAll(/\(\): (.+)$/gm)].at(-1)?.[1];
  return (innermost ?? reason.split('\n')[0] ?? '').slice(0, 200);
}

/** The request with a folder for it alone, which is gone afterwards however the thread ended. */
async function ask(task: Hdf5Task, what: string, patience: number): Promise<Hdf5Answer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-hdf5-'));
  try {
    return await run({ ...task, folder }, what, patience);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(request: Hdf5Request, what: string, patience: number): Promise<Hdf5Answer> {
  // What the library prints about a fault says nothing to our users: it stays in the thread's own streams.
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: request,
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Hdf5Answer>((resolve, reject) => {
      const fail = (reason: string) => {
        resolve({ fault: 'file', reason });
      };
      worker.once('message', resolve);
      worker.once('error', (cause: Error) => {
        fail(cause.message);
      });
      worker.once('messageerror', reject);
      worker.once('exit', (code) => {
        fail(`the library ended with code ${code}`);
      });
      timer = setTimeout(() => {
        fail(`no end after ${patience / 1000} s`);
      }, patience);
    });
  } catch (cause) {
    throw new SpiqError('E_INTERNAL', `${what}: the HDF5 thread broke off`, { cause });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
