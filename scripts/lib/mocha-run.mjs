import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { runInherited } from './run-tool.mjs';
import { summarizeMocha } from './totals.mjs';

// Not in .mocharc.json, where it would be added to the files that somebody names on mocha's command line.
// Those of test/peers need frameworks of several gigabytes and run by themselves (scripts/peers.mjs).
const allButPeers = ['dist/test/**/*.test.js', '--ignore', 'dist/test/peers/**'];

/**
 * Runs mocha over `files` (left out: all tests but those against peers), or over the files that `args` names, with
 * `args`, and summarises the record that its reporter left, whose tests it adds.
 */
export async function runMocha(root, args, files = allButPeers) {
  const record = path.join(root, 'build', 'logs', 'mocha.json');
  mkdirSync(path.dirname(record), { recursive: true });
  rmSync(record, { force: true });
  const { resolve } = createRequire(path.join(root, 'package.json'));
  const mocha = path.join(path.dirname(resolve('mocha/package.json')), 'bin', 'mocha.js');
  const code = await runInherited(
    process.execPath,
    [
      mocha,
      '--reporter',
      path.join(root, 'scripts', 'lib', 'mocha-reporter.mjs'),
      '--reporter-option',
      `output=${record}`,
      ...(process.env.CI ? ['--forbid-only'] : []),
      ...args,
      ...(args.some((argument) => argument.startsWith('dist/')) ? [] : files),
    ],
    { cwd: root, what: 'mocha' },
  );
  if (!existsSync(record)) {
    process.stdout.write(`mocha ended with exit code ${code} before its tests did\n`);
    return { passed: 0, failed: 1, skipped: 0, skippedTitles: [], perSuite: {}, tests: [] };
  }
  const report = JSON.parse(readFileSync(record, 'utf8'));
  const summary = { ...summarizeMocha(report, root), tests: report.tests };
  return code !== 0 && summary.failed === 0 ? { ...summary, failed: 1 } : summary;
}
