import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Context } from 'mocha';
import { Npz, readNpzFile, toFloat32, toFloat64, writeNpy } from '../../ts/formats/npz/index.js';
import { repositoryRoot } from '../scripts/repository.js';
import { skipUnless } from '../support/skips.js';

/** The published systems' golden numbers are third-party data and lie outside the repository. */
export const fixtures =
  process.env.SPIQ_FIXTURES ?? path.join(repositoryRoot, '..', 'shared', 'fixtures');

const reason = 'the published fixtures are not here: SPIQ_FIXTURES names their folder';

/** To be called in `before`: where the data is missing the suite is skipped, in CI it fails. */
export function needFixtures(context: Context): void {
  const present = existsSync(path.join(fixtures, 'MANIFEST.md'));
  if (!present && process.env.CI === 'true') throw new Error(`${reason} (looked in ${fixtures})`);
  skipUnless(context, present, reason);
}

export function npz(...parts: string[]): Npz {
  return readNpzFile(path.join(fixtures, ...parts));
}

// The caller names what the file holds: a cast at every call would say no more.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function json<T>(...parts: string[]): T {
  return JSON.parse(readFileSync(path.join(fixtures, ...parts), 'utf8')) as T;
}

/** The arrays of one case, of files that hold many under `prefix`; the rest of each name may be changed. */
export function withPrefix(
  file: Npz,
  prefix: string,
  rename = (rest: string): string => rest,
): Npz {
  const keys = file.keys.filter((key) => key.startsWith(prefix));
  const view = new Map(
    keys.map((key) => [rename(key.slice(prefix.length)), writeNpy(file.get(key), key)]),
  );
  return new Npz(view, `${file.what} (${prefix})`);
}

export function floats(file: Npz, key: string): Float32Array {
  return toFloat32(file.get(key)).data;
}

export function doubles(file: Npz, key: string): Float64Array {
  return toFloat64(file.get(key)).data;
}

/** The manifest's tolerance for float32 sums: 1e-4 + 2e-5 · (1 + max |out|). */
export function tolerance(outputs: ArrayLike<number>): number {
  return 1e-4 + 2e-5 * (1 + largest(outputs));
}

export function largest(values: ArrayLike<number>): number {
  let found = 0;
  for (let i = 0; i < values.length; i += 1) found = Math.max(found, Math.abs(values[i]!));
  return found;
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths differ: ${a.length} and ${b.length}`);
  let found = 0;
  for (let i = 0; i < a.length; i += 1) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (Number.isNaN(difference) && Number.isNaN(a[i]) !== Number.isNaN(b[i])) return Infinity;
    if (difference > found) found = difference;
  }
  return found;
}
