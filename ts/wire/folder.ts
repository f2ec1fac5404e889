import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileError } from '../formats/files.js';

const sharedMemory = '/dev/shm';
const kept = new Set<string>();

/** A folder (0700) that is gone when it is removed or when Node.js exits. */
export class PrivateFolder {
  readonly path: string;

  private constructor(parent: string) {
    const prefix = path.join(parent, 'spiq-worker-');
    try {
      this.path = mkdtempSync(prefix);
    } catch (cause) {
      throw fileError(prefix, 'make the folder', cause);
    }
    if (kept.size === 0) process.once('exit', removeAll);
    kept.add(this.path);
  }

  static temporary(): PrivateFolder {
    return new PrivateFolder(os.tmpdir());
  }

  /** In memory where the system has a place for that. */
  static inMemory(): PrivateFolder {
    try {
      accessSync(sharedMemory, constants.W_OK | constants.X_OK);
    } catch {
      return PrivateFolder.temporary();
    }
    return new PrivateFolder(sharedMemory);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    kept.delete(this.path);
    if (kept.size === 0) process.off('exit', removeAll);
  }
}

function removeAll(): void {
  for (const folder of kept) rmSync(folder, { recursive: true, force: true });
}
