import process from 'node:process';
import { parseArgs } from 'node:util';
import { runChild } from './child.js';
import { failedOutcome } from './compare/outcome.js';
import type { Outcome } from './compare/outcome.js';
import { ratioChart } from './compare/ratio-chart.js';
import { report } from './compare/ratio-table.js';
import { selectTrials } from './compare/trial.js';
import { groups } from './groups.js';
import type { Group, GroupTrial } from './groups.js';
import { describeMachine } from './machine.js';
import type { Machine } from './machine.js';
import { toJson, today, writeResult } from './results.js';

const help = `Usage: npm run bench -- [--only NAME] [--no-peers] [--quick] [--json] [--list]

Times spiq and its peers on the same work, one process for each trial, results verified first.
  --only NAME  one trial, those whose names start so, or a group: simulate, games, preprocess,
               or train, which has replay with it
  --no-peers   spiq alone; the frames of patel-frames still need Python
  --quick      few short samples: a smoke test, no measurement

A full run of a group writes bench/results/GROUP-DATE.json and a chart. SPIQ_BENCH_PYTHON names
another Python for the peers. Further: bench:roofline, bench:curves, bench:forward, bench:memory; products:
node bench/products/run.mjs. bench/README.md says what is measured.`;

interface GroupResult {
  readonly group: Group;
  readonly outcomes: readonly Outcome[];
}

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
  const all = groups.flatMap(({ trials }) => trials);
  const group = groups.find(({ name }) => name === values.only);
  const wanted = group?.trials ?? selectTrials(all, values.only);
  if (values.help || values.list || wanted.length === 0) {
    const names = (wanted.length === 0 ? all : wanted).map(({ name }) => name).join('\n');
    process.stdout.write(`${values.help ? help : names}\n`);
    return values.help || values.list ? 0 : 2;
  }
  const flags = [
    ...(values['no-peers'] ? ['--no-peers'] : []),
    ...(values.quick ? ['--quick'] : []),
  ];
  const machine = describeMachine();
  warnIfBusy(machine);
  const date = today();
  const results = groups.flatMap((group): GroupResult[] => {
    const chosen = group.trials.filter((trial) => wanted.includes(trial));
    if (chosen.length === 0) return [];
    const outcomes = chosen.map((trial) => runInProcess(trial, flags));
    const complete = chosen.length === group.trials.length && flags.length === 0;
    if (complete && !failed(outcomes)) write(group, outcomes);
    return [{ group, outcomes }];
  });

  function write({ name, title, note }: Group, outcomes: readonly Outcome[]): void {
    const result = { date, machine: { ...machine, peers: versionsOf(outcomes) }, trials: outcomes };
    writeResult(`${name}-${date}.json`, toJson(result));
    const words = { title, note: `${note} ${machine.cpu}, ${date}` };
    writeResult(`${name}.svg`, ratioChart(outcomes, words));
  }

  const outcomes = results.flatMap((result) => result.outcomes);
  const tables = results.map((result) => report(result.outcomes, result.group.peers)).join('\n\n');
  const peers = versionsOf(outcomes);
  const json = toJson({ date, machine: { ...machine, peers }, trials: outcomes });
  process.stdout.write(values.json ? json : `${tables}\n`);
  return failed(outcomes) ? 1 : 0;
}

/** A starved library of several threads waits for itself: that flatters whoever is compared with it. */
function warnIfBusy({ load, threads }: Machine): void {
  if (load <= threads) return;
  const words = `load ${load.toFixed(1)} on ${threads} threads: ratios are worth little, of several threads least`;
  process.stderr.write(`bench · the machine is busy, ${words}\n`);
}

const failed = (outcomes: readonly Outcome[]): boolean =>
  outcomes.some(({ errors }) => Object.keys(errors).length > 0);

const versionsOf = (outcomes: readonly Outcome[]): Record<string, string> =>
  Object.assign({}, ...outcomes.map(({ versions }) => versions)) as Record<string, string>;

function runInProcess(trial: GroupTrial, flags: readonly string[]): Outcome {
  try {
    return runChild(trial.program, [trial.name, ...flags]) as Outcome;
  } catch (error) {
    return failedOutcome(trial, trial.unit, (error as Error).message);
  }
}
