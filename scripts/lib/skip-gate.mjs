import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { checkSkips } from './totals.mjs';

/**
 * Holds the skips of `runs` against test/skips.json: { complaints, unused }. A developer's machine may lack a browser
 * or a device, and is only told; continuous integration has to have what it tests.
 */
export function judgeSkips(root, runs, print) {
  const file = path.join(root, 'test', 'skips.json');
  const allowed = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const { unlisted, complaints, unused } = checkSkips(allowed, runs);
  if (process.env.CI === 'true') return { complaints: [...complaints, ...unlisted], unused };
  unlisted.forEach((skip) => print(`skips: ${skip} (a failure where CI=true)`));
  return { complaints, unused };
}
