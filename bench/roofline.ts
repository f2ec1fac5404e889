import process from 'node:process';
import { table } from '../ts/cli/table.js';
import { runChild } from './child.js';
import { describeMachine } from './machine.js';
import { readOptions } from './options.js';
import { toJson, today, writeResult } from './results.js';
import { buildMeasure, measureLimits } from './roofline/measure.js';
import { roofOf } from './roofline/roof.js';
import type { Roof } from './roofline/roof.js';
import type { Outcome } from './compare/outcome.js';
import { selectTrials } from './simulate/trials.js';
import type { Trial } from './simulate/trials.js';

const help = `Usage: npm run bench:roofline -- [--only NAME] [--quick] [--json]

What this machine could do at most in each simulation trial, and the share of it that spiq reaches.`;

export function main(argv: readonly string[]): number {
  const options = readOptions(argv, help);
  if (options === undefined) return 0;
  buildMeasure();
  const failures: string[] = [];
  const roofs = selectTrials(options.only).flatMap((trial) => {
    const outcome = runChild('simulate/trial.js', [
      trial.name,
      '--no-peers',
      ...options.quickFlag,
    ]) as Outcome;
    if (outcome.spiq !== null && outcome.work !== null) return [measureRoof(trial, outcome)];
    failures.push(`FAILED ${trial.name}: ${outcome.errors.trial ?? 'no result'}`);
    return [];
  });
  const result = { date: today(), machine: describeMachine(), trials: roofs };
  if (options.complete && failures.length === 0) {
    writeResult(`roofline-${result.date}.json`, toJson(result));
  }
  const text = options.json ? toJson(result) : roofTable(roofs);
  process.stdout.write(`${[text, ...failures].join('\n')}\n`);
  return failures.length === 0 ? 0 : 1;
}

/** The bandwidth is that of reading as many bytes as a call needs again and again: caches count as they do for spiq. */
function measureRoof(trial: Trial, { spiq, work }: Outcome): Roof {
  const { additions, bandwidth } = measureLimits(trial.threads, [Math.ceil(work!.bytes)]);
  const machine = { additions, bandwidth: bandwidth[0]!.rate };
  return roofOf(trial.name, work!, trial.batch, machine, spiq!);
}

function roofTable(roofs: readonly Roof[]): string {
  const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
  const rows = roofs.map(({ trial, byBytes, byAdditions, limit, boundBy, spiq, share }) => [
    trial,
    whole(byBytes),
    whole(byAdditions),
    whole(limit),
    boundBy,
    whole(spiq),
    `${share < 0.1 ? (share * 100).toFixed(1) : (share * 100).toFixed(0)} %`,
  ]);
  const header = [
    'observations/s',
    'by bytes',
    'by additions',
    'limit',
    'bound by',
    'spiq',
    'share',
  ];
  return table(header, rows);
}
