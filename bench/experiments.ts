import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFileAtomically } from '../ts/formats/atomic.js';
import {
  experimentNamed,
  publishedExperiments,
  tunedExperiments,
} from '../ts/experiments/index.js';
import type { Experiment } from '../ts/experiments/index.js';
import { readOutcome } from '../ts/experiments/outcome.js';
import { summarise } from '../ts/experiments/summary.js';
import { runFolder } from '../ts/experiments/run-files.js';
import { readRun } from '../ts/run/index.js';

const usage = `npm run experiments -- [names…] [--seeds 5] [--first 0] [--jobs 1] [--out build/experiments]

Trains and scores every experiment, or those that are named, over several seeds, as many at a time as --jobs says.
OUT/results.json is written anew after every run. Runs that have ended are kept, others go on from their checkpoints.`;

const spiq = fileURLToPath(new URL('../../scripts/spiq.mjs', import.meta.url));

interface Job {
  readonly experiment: Experiment;
  readonly seed: number;
}

/** Runs the experiments in processes of their own and collects what they say. */
export async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '5' },
      first: { type: 'string', default: '0' },
      jobs: { type: 'string', default: '1' },
      out: { type: 'string', default: 'build/experiments' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const all = [...tunedExperiments, ...publishedExperiments];
  const wanted = positionals.length > 0 ? positionals.map(experimentNamed) : all;
  const seeds = Array.from({ length: Number(values.seeds) }, (_, k) => Number(values.first) + k);
  const out = path.resolve(values.out);
  mkdirSync(out, { recursive: true });
  const failed: string[] = [];
  const chains = chainsOf(wanted, seeds);
  const work = async (): Promise<void> => {
    for (let chain = chains.shift(); chain !== undefined; chain = chains.shift()) {
      for (const job of chain) {
        if (!(await runs(job, out))) failed.push(`${job.experiment.name}, seed ${job.seed}`);
        collect(out, all, seeds);
      }
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  for (const name of failed) process.stderr.write(`failed: ${name}\n`);
  process.stdout.write(`${path.join(out, 'results.json')}\n`);
  return failed.length === 0 ? 0 : 1;
}

/** Jobs that have to follow each other, since two processes must not train one teacher, stand in one chain. */
function chainsOf(experiments: readonly Experiment[], seeds: readonly number[]): Job[][] {
  const chains = new Map<string, Job[]>();
  for (const experiment of experiments) {
    const shared = experiment.agent === 'classifier' ? experiment.teacher : experiment.name;
    for (const seed of seeds) {
      const key = `${shared} ${seed}`;
      chains.set(key, [...(chains.get(key) ?? []), { experiment, seed }]);
    }
  }
  return [...chains.values()];
}

async function runs({ experiment, seed }: Job, out: string): Promise<boolean> {
  const line = ['train', experiment.name, '--seed', String(seed), '--out', out, '--quiet'];
  process.stderr.write(`${experiment.name}, seed ${seed}\n`);
  const child = spawn(process.execPath, [spiq, ...line], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => {
    child.on('error', () => {
      resolve(false);
    });
    child.on('exit', (code) => {
      resolve(code === 0);
    });
  });
}

function collect(out: string, all: readonly Experiment[], seeds: readonly number[]): void {
  const results = all.flatMap((experiment) => {
    const folders = seeds.map((seed) => runFolder(out, experiment.name, seed));
    const ended = folders.flatMap((folder) => {
      const outcome = readOutcome(folder);
      return outcome === undefined ? [] : [{ folder, outcome }];
    });
    if (ended.length === 0) return [];
    const { machine } = readRun(ended[0]!.folder).config;
    return [
      {
        ...summarise(
          experiment,
          ended.map(({ outcome }) => outcome),
        ),
        machine,
      },
    ];
  });
  const text = `${JSON.stringify({ format: 'spiq-experiments', version: 1, results }, null, 2)}\n`;
  writeFileAtomically(path.join(out, 'results.json'), new TextEncoder().encode(text));
}
