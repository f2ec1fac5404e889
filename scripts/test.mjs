import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { runScript } from './lib/failure.mjs';
import { runMocha } from './lib/mocha-run.mjs';
import { buildNativeTests, runNativeTests } from './lib/native-tests.mjs';
import { repositoryRoot } from './lib/paths.mjs';
import { setUp } from './lib/setup.mjs';
import { judgeSkips } from './lib/skip-gate.mjs';
import { addTotals, checkCounts, countsOf, showTotals } from './lib/totals.mjs';

const countsFile = path.join(repositoryRoot, 'test', 'counts.json');

await runScript(async (argv) => {
  const updateCounts = argv.includes('--update-counts');
  const mochaArguments = argv.filter((argument) => !['--update-counts', '--'].includes(argument));
  await setUp(repositoryRoot);
  const program = await buildNativeTests(repositoryRoot, {
    variant: 'tests',
    buildType: 'Release',
  });
  const native = await runNativeTests(repositoryRoot, program);
  const mocha = await runMocha(repositoryRoot, mochaArguments);
  const gates = checkGates({ native, mocha, updateCounts, selected: mochaArguments.length > 0 });
  print(`native: ${showTotals(native)}`);
  print(`mocha: ${showTotals(mocha)}`);
  const total = addTotals([native, mocha, gates]);
  print(showTotals(total));
  return total.failed === 0 ? 0 : 1;
});

/** The checks on the tests themselves; each complaint counts as one failure. */
function checkGates({ native, mocha, updateCounts, selected }) {
  const skips = judgeSkips(repositoryRoot, [native, mocha], print);
  const complaints = [...skips.complaints];
  if (updateCounts && !selected) {
    writeFileSync(countsFile, `${JSON.stringify(countsOf(native, mocha), null, 2)}\n`);
    print('counts: test/counts.json rewritten');
  } else if (selected) {
    print('counts: not checked, since mocha was given arguments of its own');
  } else {
    complaints.push(...checkCounts(readJson(countsFile, { native: 1, mocha: {} }), native, mocha));
    skips.unused.forEach((title) => print(`skips: entry not needed in this run: ${title}`));
  }
  if (mocha.passed + mocha.failed === 0) complaints.push('mocha ran no test');
  if (native.passed + native.failed === 0) complaints.push('core_tests ran no test');
  complaints.forEach((complaint) => print(`gate: ${complaint}`));
  return { passed: 0, failed: complaints.length, skipped: 0 };
}

function readJson(file, absent) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : absent;
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
