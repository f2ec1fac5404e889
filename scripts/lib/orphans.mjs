import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { listFiles } from './stamp.mjs';

const emitted = /\.(?:js|js\.map|d\.ts)$/;

/** Deletes what tsc emitted for sources that are gone, or a removed test would run on. Returns what it deleted. */
export function removeOrphans(root) {
  const orphans = listFiles(root, 'dist').filter(
    (file) =>
      emitted.test(file) &&
      !existsSync(path.join(root, file.replace(/^dist\//, '').replace(emitted, '.ts'))),
  );
  for (const file of orphans) rmSync(path.join(root, file));
  return orphans;
}
