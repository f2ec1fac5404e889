import path from 'node:path';

/** Totals are { passed, failed, skipped }; a run adds `skippedTitles` and, for mocha, `perSuite` counts of cases. */
export function addTotals(runs) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const run of runs) for (const key of Object.keys(sum)) sum[key] += run[key];
  return sum;
}

export function showTotals({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

const totalsLine = /^(?:\w+: )?(\d+) passed, (\d+) failed, (\d+) skipped$/;

/** Reads the last line of totals in a runner's output; none means that the runner did not get to its end. */
export function readTotals(output) {
  const match = output
    .split('\n')
    .map((line) => totalsLine.exec(line.trim()))
    .findLast(Boolean);
  if (!match) return undefined;
  return { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3]) };
}

export function readNativeTotals(output) {
  const totals = readTotals(output) ?? { passed: 0, failed: 1, skipped: 0 };
  const skippedTitles = output
    .split('\n')
    .map((line) => /^\s*skip(?:ped)?:?\s+(.+?)\s*$/i.exec(line)?.[1])
    .filter((title) => title !== undefined);
  return { ...totals, skippedTitles };
}

/** Mocha's cases by the source folder they lie in: `test/<folder>`, or the file for tests directly in test. */
export function summarizeMocha(report, root) {
  const perSuite = {};
  for (const { file } of report.tests) {
    const parts = path.relative(path.join(root, 'dist'), file).split(path.sep);
    const suite =
      parts.length > 2 ? parts.slice(0, 2).join('/') : parts.join('/').replace(/\.js$/, '.ts');
    perSuite[suite] = (perSuite[suite] ?? 0) + 1;
  }
  const { passes, failures, pending } = report.stats;
  return {
    passed: passes,
    failed: failures,
    skipped: pending,
    skippedTitles: report.tests
      .filter((test) => test.state === 'pending')
      .map((test) => test.title),
    perSuite,
  };
}

/** Complaints about suites with fewer cases than listed, so that tests cannot vanish unnoticed. */
export function checkCounts(listed, native, mocha) {
  const complaints = [];
  const compare = (suite, least, found) => {
    if (found < least)
      complaints.push(`${suite}: expected at least ${least} cases, found ${found}`);
  };
  compare('native', listed.native, countCases(native));
  for (const [suite, least] of Object.entries(listed.mocha)) {
    compare(suite, least, mocha.perSuite[suite] ?? 0);
  }
  for (const suite of Object.keys(mocha.perSuite)) {
    if (suite in listed.mocha) continue;
    complaints.push(`${suite}: not listed in test/counts.json; run npm test -- --update-counts`);
  }
  return complaints;
}

export function countsOf(native, mocha) {
  const sorted = Object.entries(mocha.perSuite).sort(([a], [b]) => (a < b ? -1 : 1));
  return { mocha: Object.fromEntries(sorted), native: countCases(native) };
}

function countCases({ passed, failed, skipped }) {
  return passed + failed + skipped;
}

/**
 * `allowed` is test/skips.json: [{ test, reason }], `test` being the full title of a test or of the suite skipped
 * as a whole. Returns the skips nobody allowed, complaints that no run can excuse, and the entries not used.
 */
export function checkSkips(allowed, runs) {
  const skips = runs.flatMap((run) => run.skippedTitles).map(readSkip);
  const unlisted = skips
    .filter((skip) => !allowed.some((entry) => covers(entry, skip)))
    .map((skip) => `skipped without an entry in test/skips.json: ${skip.shown}`);
  const complaints = allowed
    .filter(({ reason }) => !reason)
    .map(({ test }) => `test/skips.json gives no reason for: ${test}`);
  for (const run of runs) {
    const unnamed = run.skipped - run.skippedTitles.length;
    if (unnamed > 0) complaints.push(`${unnamed} skipped cases did not give their names`);
  }
  const unused = allowed
    .filter((entry) => !skips.some((skip) => covers(entry, skip)))
    .map(({ test }) => test);
  return { unlisted, complaints, unused };
}

/** test/support/skips.ts adds the reason to the title of what it skips. */
function readSkip(shown) {
  const [, title = shown, reason] = /^(.*) \[skipped: (.*)\]$/.exec(shown) ?? [];
  return { shown, title, reason };
}

function covers(entry, { title, reason }) {
  if (reason === undefined) return title === entry.test;
  return reason === entry.reason && (title === entry.test || title.startsWith(`${entry.test} `));
}
