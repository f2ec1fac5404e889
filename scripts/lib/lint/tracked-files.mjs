import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SetupFailure } from '../failure.mjs';

/** The files git tracks or would track, relative to root. */
export function trackedFiles(root) {
  let output;
  try {
    output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    throw new SetupFailure(
      `lint asks git which files to look at, and git ls-files failed: ${error.message.trim()}`,
    );
  }
  return output
    .split('\0')
    .filter((file) => file !== '' && existsSync(path.join(root, file)))
    .sort();
}
