import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fullRace, quickRace } from '../race.js';
import { failedOutcome } from './outcome.js';
import type { Outcome } from './outcome.js';
import type { TrialSetting } from './race-peers.js';
import type { TrialAbout } from './trial.js';

/** One trial in a process of its own: `node trial.js NAME [--no-peers] [--quick]`. Prints one JSON object. */
export async function runOneTrial<T extends TrialAbout>(
  trials: readonly T[],
  unitOf: (trial: T) => string,
  run: (trial: T, setting: TrialSetting) => Promise<Outcome>,
): Promise<void> {
  const [wanted = '', ...flags] = process.argv.slice(2);
  const trial = trials.find(({ name }) => name === wanted);
  if (trial === undefined) throw new Error(`no trial '${wanted}'`);
  const folder = mkdtempSync(path.join(tmpdir(), 'spiq-bench-'));
  try {
    const outcome = await run(trial, {
      folder,
      python: process.env.SPIQ_BENCH_PYTHON,
      withPeers: !flags.includes('--no-peers'),
      options: flags.includes('--quick') ? quickRace : fullRace,
    });
    process.stdout.write(JSON.stringify(outcome));
  } catch (error) {
    const failed = failedOutcome(trial, unitOf(trial), (error as Error).message);
    process.stdout.write(JSON.stringify(failed));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
