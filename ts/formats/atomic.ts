import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { SpiqError } from '../errors.js';
import { fileError } from './files.js';

/**
 * Writes beside the target, flushes and renames, so that a reader sees the old file or the new one and
 * never half of either. The temporary name ends in `.partial`, which the repository ignores.
 */
export function writeFileAtomically(path: string, bytes: Uint8Array): void {
  writePiecesAtomically(path, [bytes]);
}

/** The same for what is too large to be in memory at once. */
export function writePiecesAtomically(path: string, pieces: Iterable<Uint8Array>): void {
  const partial = partialName(path);
  try {
    writeAndFlush(partial, pieces);
    renameSync(partial, path);
  } catch (cause) {
    if (existsSync(partial)) rmSync(partial);
    throw fileError(path, 'write', cause);
  }
  flushDirectory(dirname(path));
}

/** A folder with its files, new as a whole; one of that name must not be there. */
export function writeFolderAtomically(path: string, files: ReadonlyMap<string, Uint8Array>): void {
  const partial = partialName(path);
  try {
    mkdirSync(partial);
    for (const [name, bytes] of files) writeAndFlush(join(partial, name), [bytes]);
    flushDirectory(partial);
    renameSync(partial, path);
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true });
    throw cause instanceof SpiqError ? cause : fileError(path, 'write', cause);
  }
  flushDirectory(dirname(path));
}

/** Gone under its name at once; what a crash leaves of it ends in `.partial`. */
export function removeFolderAtomically(path: string): void {
  const partial = partialName(path);
  try {
    renameSync(path, partial);
    rmSync(partial, { recursive: true });
  } catch (cause) {
    throw fileError(path, 'remove', cause);
  }
}

function partialName(path: string): string {
  const unique = `${process.pid}-${randomBytes(4).toString('hex')}`;
  return join(dirname(path), `.${basename(path)}.${unique}.partial`);
}

/** Node.js refuses writes of 2 GiB at once. */
const longestWrite = 2 ** 30;

function writeAndFlush(path: string, pieces: Iterable<Uint8Array>): void {
  const file = openSync(path, 'wx');
  try {
    for (const bytes of pieces) {
      let written = 0;
      while (written < bytes.length) {
        const length = Math.min(bytes.length - written, longestWrite);
        written += writeSync(file, bytes, written, length);
      }
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the rename itself survive a power cut; Windows cannot open directories and needs none of it. */
function flushDirectory(path: string): void {
  if (process.platform === 'win32') return;
  try {
    const directory = openSync(path, 'r');
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  } catch (cause) {
    throw fileError(path, 'flush the directory', cause);
  }
}
