import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** All files under `target` (a file or a folder, relative to root), sorted; a missing target has none. */
export function listFiles(root, target) {
  const stats = statSync(path.join(root, target), { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (stats.isFile()) return [target];
  return readdirSync(path.join(root, target), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const child = `${target}/${entry.name}`;
      if (entry.isDirectory()) return listFiles(root, child);
      return entry.isFile() ? [child] : [];
    });
}

/** One hash over names and contents, so that a renamed or removed file counts as a change. */
export function hashInputs(root, targets, extra = []) {
  const hash = createHash('sha256');
  for (const file of targets.flatMap((target) => listFiles(root, target))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  for (const value of extra) hash.update(`${value}\0`);
  return hash.digest('hex');
}

/** A stamp lies inside the folder it vouches for, so that deleting the folder deletes the claim. */
export function stampMatches(file, hash) {
  try {
    return readFileSync(file, 'utf8') === hash;
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
    throw error;
  }
}

export function writeStamp(file, hash) {
  mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, hash);
  renameSync(partial, file);
}
