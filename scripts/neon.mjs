import process from 'node:process';
import { aarch64Build, aarch64Launcher, missingForAarch64, neonReason } from './lib/aarch64.mjs';
import { runScript } from './lib/failure.mjs';
import { buildNativeTests, runNativeTests } from './lib/native-tests.mjs';
import { repositoryRoot } from './lib/paths.mjs';
import { judgeSkips } from './lib/skip-gate.mjs';
import { showTotals } from './lib/totals.mjs';

await runScript(async () => {
  const missing = missingForAarch64();
  const totals = missing === undefined ? await emulate() : skip(missing);
  print(`neon: ${showTotals(totals)}`);
  return totals.failed === 0 ? 0 : 1;
});

async function emulate() {
  const program = await buildNativeTests(repositoryRoot, aarch64Build(repositoryRoot));
  const totals = await runNativeTests(repositoryRoot, program, { launcher: aarch64Launcher });
  if (totals.passed + totals.failed > 0) return totals;
  print('core_tests ran no test');
  return { ...totals, failed: 1 };
}

function skip(missing) {
  print(missing);
  const title = `native tests on aarch64 [skipped: ${neonReason}]`;
  print(`skipped: ${title}`);
  const run = { passed: 0, failed: 0, skipped: 1, skippedTitles: [title] };
  const { complaints } = judgeSkips(repositoryRoot, [run], print);
  complaints.forEach((complaint) => print(`gate: ${complaint}`));
  return { ...run, failed: complaints.length };
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
