import { writeFileSync } from 'node:fs';
import process from 'node:process';
import Mocha from 'mocha';

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } =
  Mocha.Runner.constants;

/** Mocha's spec reporter that also names skipped and failed tests in full and leaves a record for scripts/test.mjs. */
export default class SpiqReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const tests = [];
    const record = (state) => (test, error) => {
      // A failing hook is reported in place of a test; its file is its suite's.
      const file = test.file ?? test.parent?.file ?? '';
      tests.push({ title: test.fullTitle(), file, state, error: error?.message });
    };
    runner.on(EVENT_TEST_PASS, record('passed'));
    runner.on(EVENT_TEST_FAIL, record('failed'));
    runner.on(EVENT_TEST_PENDING, record('pending'));
    runner.once(EVENT_RUN_END, () => {
      for (const test of tests) {
        if (test.state === 'pending') process.stdout.write(`skipped: ${test.title}\n`);
        if (test.state === 'failed') {
          process.stdout.write(`failed: ${test.title}\n    ${firstLine(test.error)}\n`);
        }
      }
      const output = options.reporterOptions?.output;
      if (output) writeFileSync(output, JSON.stringify({ stats: runner.stats, tests }));
    });
  }
}

function firstLine(text) {
  return String(text).split('\n', 1)[0];
}
