import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../ts/cli/table.js';
import { writeFileAtomically } from '../ts/formats/atomic.js';
import { engineInfo } from '../ts/info.js';
import { trials } from './simulate/trials.js';

interface Outcome {
  readonly name: string;
  readonly unit: string;
  readonly spiq: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly ratio: number | null;
}

const help = `Usage: npm run bench -- [--only NAME] [--no-peers] [--json] [--list]

Times spiq and a plain torch loop on the same networks, one process for each trial, results verified first.
Writes bench/results/simulate-DATE.json. Matrix products: node bench/products/run.mjs.`;

const root = fileURLToPath(new URL('../../', import.meta.url));
const trialFile = fileURLToPath(new URL('simulate/trial.js', import.meta.url));

export function main(argv: readonly string[]): number {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', default: '' },
      'no-peers': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const wanted = trials.filter(({ name }) => name.startsWith(values.only));
  if (values.help || values.list || wanted.length === 0) {
    const names = trials.map(({ name }) => name).join('\n');
    process.stdout.write(`${values.help ? help : names}\n`);
    return values.help || values.list ? 0 : 2;
  }
  const outcomes = wanted.map(({ name }) => {
    process.stderr.write(`bench · ${name} …\n`);
    return JSON.parse(
      execFileSync(process.execPath, [trialFile, name], { encoding: 'utf8' }),
    ) as Outcome;
  });
  const { isas, threads, version } = engineInfo();
  const machine = {
    cpu: cpus()[0]?.model.trim(),
    threads,
    isas,
    node: process.version,
    spiq: version,
  };
  const date = new Date().toISOString().slice(0, 10);
  const result = { date, machine, trials: outcomes };
  if (values.only === '' && !values['no-peers']) {
    const file = path.join(root, 'bench', 'results', `simulate-${date}.json`);
    writeFileAtomically(file, new TextEncoder().encode(`${JSON.stringify(result, null, 2)}\n`));
  }
  process.stdout.write(`${values.json ? JSON.stringify(result, null, 2) : ratioTable(outcomes)}\n`);
  return 0;
}

function ratioTable(outcomes: readonly Outcome[]): string {
  const rounded = (value: number): string => Math.round(value).toLocaleString('en-US');
  const peerNames = [...new Set(outcomes.flatMap(({ peers }) => Object.keys(peers)))];
  const rows = outcomes.map(({ name, spiq, peers, ratio }) => [
    name,
    rounded(spiq),
    ...peerNames.map((peer) => (peers[peer] === undefined ? '–' : rounded(peers[peer]))),
    ratio === null ? '–' : `${ratio.toPrecision(3)}×`,
  ]);
  return table(['observations per second', 'spiq', ...peerNames, 'ratio'], rows);
}
