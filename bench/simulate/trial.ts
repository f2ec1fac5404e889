/** One trial in a process of its own: `node trial.js NAME [--no-peers] [--quick]`. Prints one JSON object. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fullRace, quickRace } from '../race.js';
import { failedOutcome } from './outcome.js';
import { runTrial } from './run-trial.js';
import { trials } from './trials.js';

const [wanted = '', ...flags] = process.argv.slice(2);
const trial = trials.find(({ name }) => name === wanted);
if (trial === undefined) throw new Error(`no trial '${wanted}'`);
const folder = mkdtempSync(path.join(tmpdir(), 'spiq-bench-'));
try {
  const outcome = await runTrial(trial, {
    folder,
    python: process.env.SPIQ_BENCH_PYTHON,
    withPeers: !flags.includes('--no-peers'),
    options: flags.includes('--quick') ? quickRace : fullRace,
  });
  process.stdout.write(JSON.stringify(outcome));
} catch (error) {
  process.stdout.write(JSON.stringify(failedOutcome(trial, (error as Error).message)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
