import process from 'node:process';
import { parseArgs } from 'node:util';
import { runChild } from './child.js';
import { describeMachine } from './machine.js';
import { toJson, today, writeResult } from './results.js';
import { failedOutcome } from './simulate/outcome.js';
import type { Outcome } from './simulate/outcome.js';
import { ratioChart } from './simulate/ratio-chart.js';
import { report } from './simulate/ratio-table.js';
import { selectTrials, trials } from './simulate/trials.js';
import type { Trial } from './simulate/trials.js';

const help = `Usage: npm run bench -- [--only NAME] [--no-peers] [--quick] [--json] [--list]

Times spiq and its peers on the same networks and observations, one process for each trial, results verified first.
  --only NAME  one trial, or those whose names start so
  --no-peers   spiq alone; the frames of patel-frames still need Python
  --quick      few short samples: a smoke test, no measurement

A full run writes bench/results/simulate-DATE.json and simulate.svg. SPIQ_BENCH_PYTHON names another Python for the
peers. Further: bench:roofline, bench:curves, bench:forward, bench:memory; products: node bench/products/run.mjs.
bench/README.md says what is measured.`;

export function main(argv: readonly string[]): number {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', default: '' },
      'no-peers': { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const wanted = selectTrials(values.only);
  if (values.help || values.list || wanted.length === 0) {
    const names = (wanted.length === 0 ? trials : wanted).map(({ name }) => name).join('\n');
    process.stdout.write(`${values.help ? help : names}\n`);
    return values.help || values.list ? 0 : 2;
  }
  const flags = [
    ...(values['no-peers'] ? ['--no-peers'] : []),
    ...(values.quick ? ['--quick'] : []),
  ];
  const machine = describeMachine();
  const outcomes = wanted.map((trial) => runInProcess(trial, flags));
  const versions = Object.assign({}, ...outcomes.map((o) => o.versions)) as Record<string, string>;
  const date = today();
  const result = { date, machine: { ...machine, peers: versions }, trials: outcomes };
  const failed = outcomes.some(({ errors }) => Object.keys(errors).length > 0);
  if (wanted.length === trials.length && flags.length === 0 && !failed) {
    writeResult(`simulate-${date}.json`, toJson(result));
    writeResult('simulate.svg', ratioChart(outcomes, `${machine.cpu}, ${date}`));
  }
  process.stdout.write(values.json ? toJson(result) : `${report(outcomes)}\n`);
  return failed ? 1 : 0;
}

function runInProcess(trial: Trial, flags: readonly string[]): Outcome {
  try {
    return runChild('simulate/trial.js', [trial.name, ...flags]) as Outcome;
  } catch (error) {
    return failedOutcome(trial, (error as Error).message);
  }
}
