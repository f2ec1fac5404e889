import { readFileSync } from 'node:fs';
import { Hook, type Context, type Runnable } from 'mocha';

/** An entry of `test/skips.json`: a skip that the gates of `npm test` put up with. */
export interface AllowedSkip {
  /** Full title of the test. */
  readonly test: string;
  readonly reason: string;
}

/**
 * Skips the running test, or in a `before` hook all tests of its suite, unless `condition` holds, and prints
 * the reason. Titles stay as they are: `test/skips.json` lists them. Where CI is 'true', a skip that the list
 * does not hold, reason included, fails the test.
 */
export function skipUnless(context: Context, condition: boolean, reason: string): void {
  if (condition) return;
  const titles = titlesOf(context.test!);
  if (process.env.CI === 'true') {
    const refused = titles.find((test) => !isAllowed({ test, reason }, readAllowedSkips()));
    if (refused !== undefined) {
      throw new Error(`'${refused}' may not be skipped under CI=true: ${reason}`);
    }
  }
  for (const title of titles) process.stdout.write(`will skip ${title}: ${reason}\n`);
  context.skip();
}

export function isAllowed(skip: AllowedSkip, allowed: readonly AllowedSkip[]): boolean {
  return allowed.some(({ test, reason }) => test === skip.test && reason === skip.reason);
}

/** From the sources: tests run in dist/test/support, three folders below the package. */
export function readAllowedSkips(): AllowedSkip[] {
  const file = new URL('../../../test/skips.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as AllowedSkip[];
}

function titlesOf(runnable: Runnable): string[] {
  if (!(runnable instanceof Hook)) return [runnable.fullTitle()];
  const titles: string[] = [];
  runnable.parent?.eachTest((test) => titles.push(test.fullTitle()));
  return titles;
}
