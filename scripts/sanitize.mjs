import process from 'node:process';
import { runScript } from './lib/failure.mjs';
import { buildNativeTests, runNativeTests } from './lib/native-tests.mjs';
import { repositoryRoot } from './lib/paths.mjs';
import { showTotals } from './lib/totals.mjs';

await runScript(async () => {
  const program = await buildNativeTests(repositoryRoot, {
    variant: 'sanitize',
    buildType: 'Debug',
    definitions: ['SPIQ_SANITIZE=ON'],
  });
  const totals = await runNativeTests(repositoryRoot, program, {
    env: {
      ...process.env,
      ASAN_OPTIONS:
        'halt_on_error=1:detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1',
      UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
    },
  });
  const ran = totals.passed + totals.failed;
  if (ran === 0) process.stdout.write('core_tests ran no test\n');
  process.stdout.write(`sanitize: ${showTotals(totals)}\n`);
  return totals.failed === 0 && ran > 0 ? 0 : 1;
});
