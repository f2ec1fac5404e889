import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { readTree } from './read-tree.js';
import type { Hdf5Group } from './tree.js';
import { writeTree } from './write-tree.js';

export type Hdf5Task =
  | { readonly task: 'read'; readonly bytes: Uint8Array }
  | { readonly task: 'write'; readonly tree: Hdf5Group };

export type Hdf5Request = Hdf5Task & { readonly folder: string };

export type Hdf5Answer =
  | { readonly tree: Hdf5Group }
  | { readonly bytes: Uint8Array }
  /** `package`: h5wasm is not there; `memory`: more is asked for than allowed; `file`: anything else. */
  | { readonly fault: 'package' | 'memory' | 'file'; readonly reason: string };

/** Datasets carry the time at which they were written: equal networks make equal files only if it stands still. */
const writtenAt = Date.UTC(1980, 0, 1);

/** HDF5 in WebAssembly may trap or run wild on a damaged file, so it has a thread of its own, used once. */
async function answer(request: Hdf5Request): Promise<Hdf5Answer> {
  let hdf5;
  try {
    hdf5 = await import('h5wasm/node');
  } catch (cause) {
    return { fault: 'package', reason: String(cause) };
  }
  const library = await hdf5.ready;
  // Errors are thrown, in place of printed.
  library.activate_throwing_error_handler();
  const { FS } = library;
  // In Node the library's files are real ones.
  const file = path.join(request.folder, 'network.nir');
  try {
    if (request.task === 'read') {
      FS.writeFile(file, request.bytes);
      return readTree(new hdf5.File(file, 'r'));
    }
    Date.now = () => writtenAt;
    const target = new hdf5.File(file, 'w');
    writeTree(target, request.tree);
    target.close();
    return { bytes: FS.readFile(file) };
  } catch (cause) {
    return { fault: 'file', reason: cause instanceof Error ? cause.message : String(cause) };
  }
}

parentPort?.postMessage(await answer(workerData as Hdf5Request));
