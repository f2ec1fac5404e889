// Compares sources of float32 matrix products: node bench/products/run.mjs [--fetch] [--rounds 8] [--turn 15]
//   --fetch   installs the wheels to compare with into build/ (about 1 GB, Python needed)
//   --rounds  turns that every candidate gets at every case; --turn: milliseconds of one turn
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fetchWheels, findCandidates } from './candidates.mjs';
import { cases } from './cases.mjs';
import { printBits, printTable, summarise, toLines } from './report.mjs';
import { Trial } from './trial.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const buildFolder = join(root, 'build/products/cpp');
const wheelFolder = join(root, 'build/products/wheels');
const threadCounts = [1, 2];
// Worker threads of a BLAS spin on after a call, OpenBLAS's longest (2^26 cycles, about 30 ms): without a
// rest they would take a core from the next candidate.
const restMilliseconds = 40;

const { values: options } = parseArgs({
  options: {
    fetch: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '8' },
    turn: { type: 'string', default: '15' },
  },
});
const rounds = Number(options.rounds);
const turn = Number(options.turn);
if (!(rounds >= 1 && turn > 0))
  throw new RangeError('--rounds and --turn must be positive numbers');

if (options.fetch) fetchWheels(wheelFolder);
execFileSync('cmake', ['-S', here, '-B', buildFolder], { stdio: ['ignore', 'ignore', 'inherit'] });
execFileSync('cmake', ['--build', buildFolder], { stdio: ['ignore', 'ignore', 'inherit'] });
const candidates = findCandidates(buildFolder, wheelFolder);
const trials = await startTrials(candidates);
const present = candidates.filter((candidate) => !candidate.missing);
const names = present.map(({ name }) => name);

const began = new Date();
const loads = [];
const checks = await checkAll();
const rows = await timeAll();
for (const trial of trials) trial.end();

for (const threads of threadCounts) printTable(rows, cases, names, threads);
printBits(checks, names);
for (const { name, missing } of candidates) if (missing) console.log(`absent: ${name}: ${missing}`);
save();

async function startTrials(all) {
  const started = [];
  for (const candidate of all) {
    for (const threads of threadCounts) {
      if (candidate.missing) break;
      const trial = new Trial(join(buildFolder, 'trial'), candidate, threads);
      const reason = await trial.start();
      if (reason) candidate.missing = reason.replaceAll(root, '.');
      else started.push(trial);
    }
  }
  return started.filter(({ candidate }) => !candidate.missing);
}

/** A result must lie within the rigorous bound for a sum of `depth` products, whatever its order. */
async function checkAll() {
  const found = [];
  for (const shape of cases) {
    for (const { name } of present) {
      const verdicts = [];
      for (const trial of trials.filter((t) => t.candidate.name === name))
        verdicts.push(await trial.ask('check', shape));
      const largestError = Math.max(...verdicts.map((v) => Number(v.largestError)));
      if (!(largestError <= (shape.depth + 1) * 2 ** -24))
        throw new Error(`${name} computes '${shape.name}' wrongly: relative error ${largestError}`);
      found.push({
        case: shape.name,
        candidate: name,
        largestError,
        bits: verdicts[0].bits,
        repeats: verdicts.every((v) => v.repeats),
        sameForThreads: new Set(verdicts.map((v) => v.bits)).size === 1,
        rowIndependent: shape.transposeA ? null : verdicts.every((v) => v.rowIndependent),
      });
    }
  }
  return found;
}

/** Takes turns between candidates case by case, in alternating order, so that noise meets all alike. */
async function timeAll() {
  const samples = new Map();
  for (let round = 0; round < rounds; ++round) {
    loads.push(Number(os.loadavg()[0].toFixed(2)));
    process.stderr.write(`round ${round + 1} of ${rounds}, load ${loads.at(-1)}\n`);
    const order = round % 2 === 0 ? trials : trials.toReversed();
    for (const threads of threadCounts) {
      for (const shape of cases) {
        for (const trial of order.filter((t) => t.threads === threads)) {
          const { nanoseconds } = await trial.ask('time', shape, turn);
          const key = JSON.stringify([shape.name, trial.candidate.name, threads]);
          samples.set(key, (samples.get(key) ?? []).concat(nanoseconds));
          if (threads > 1) await sleep(restMilliseconds);
        }
      }
    }
  }
  return [...samples].map(([key, nanoseconds]) => {
    const [name, candidate, threads] = JSON.parse(key);
    const shape = cases.find((c) => c.name === name);
    return { case: name, candidate, threads, ...summarise(nanoseconds, shape) };
  });
}

function save() {
  const [cpu] = os.cpus();
  const result = {
    version: 1,
    date: began.toISOString().slice(0, 10),
    seconds: Math.round((Date.now() - began) / 1e3),
    machine: {
      processor: cpu.model,
      cores: os.cpus().length,
      memoryGiB: Math.round(os.totalmem() / 2 ** 30),
      system: `${os.type()} ${os.arch()}`,
      note: 'shared with other builds, not quiet: minima are to be trusted before medians',
    },
    rounds,
    loadBeforeEachRound: loads.join(' '),
    turnMilliseconds: turn,
    candidates: candidates.map(({ name, source, missing }) => ({
      name,
      ...(missing ? { missing } : { source }),
    })),
    cases,
    checks,
    rows,
  };
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `products-${result.date}.json`);
  writeFileSync(`${file}.partial`, toLines(result));
  renameSync(`${file}.partial`, file);
  console.log(`written: bench/results/products-${result.date}.json`);
}
