import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { resultsPage } from '../ts/experiments/page.js';
import type { ResultsAbout } from '../ts/experiments/page.js';
import { publishedExperiments, tunedExperiments } from '../ts/experiments/index.js';
import { parseResults } from '../ts/experiments/results.js';
import type { ExperimentResult } from '../ts/experiments/results.js';
import { runFolder } from '../ts/experiments/run-files.js';
import { writeFileAtomically } from '../ts/formats/atomic.js';
import { readFileBytes } from '../ts/formats/files.js';
import { learningCurves, readSources } from '../ts/plot/index.js';
import { curvesSvg } from '../ts/plot/page.js';
import { today } from './results.js';

const usage = `npm run results -- [--from build/experiments] [--date YYYY-MM-DD]

Writes docs/results.md, its learning curves in docs/figures/, and bench/results/experiments.json, from a folder that
npm run experiments has filled.`;

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Rows of episodes.csv that a point of a curve is the mean of. */
const window = 20;
/** Of more curves the ranges would hide each other. */
const mostRanges = 3;

interface FigureAbout {
  readonly name: string;
  readonly title: string;
  readonly experiments: readonly string[];
}

const plays = ({ agent }: { readonly agent: string }): boolean => agent !== 'classifier';
const named = (all: readonly { name: string; agent: string }[], start: string): string[] =>
  all.filter((one) => plays(one) && one.name.startsWith(start)).map(({ name }) => name);

export const figures: readonly FigureAbout[] = [
  {
    name: 'results-cart-pole-published',
    title: 'CartPole, published sets',
    experiments: named(publishedExperiments, 'cartpole'),
  },
  {
    name: 'results-cart-pole-tuned',
    title: 'CartPole, tuned sets',
    experiments: named(tunedExperiments, 'cart-pole'),
  },
  {
    name: 'results-mountain-car-published',
    title: 'MountainCar, published sets',
    experiments: named(publishedExperiments, 'mountain-car'),
  },
  {
    name: 'results-mountain-car-tuned',
    title: 'MountainCar, tuned sets',
    experiments: named(tunedExperiments, 'mountain-car'),
  },
];

export const figureOf = ({ name, title }: FigureAbout): ResultsAbout['figures'][number] => ({
  file: `figures/${name}.svg`,
  title: `Learning curves: ${title}`,
});

export function main(argv: readonly string[]): number {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      from: { type: 'string', default: 'build/experiments' },
      date: { type: 'string', default: today() },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const text = new TextDecoder().decode(readFileBytes(path.join(values.from, 'results.json')));
  const results = parseResults(text, 'results.json');
  const drawn = figures.filter((figure) => draw(figure, results, values.from));
  const about = { date: values.date, figures: drawn.map(figureOf) };
  write('docs/results.md', resultsPage(results, about));
  const kept = { format: 'spiq-experiments', version: 1, ...about, results };
  write('bench/results/experiments.json', `${JSON.stringify(kept, null, 2)}\n`);
  return 0;
}

/** Draws the runs that have ended; whether there were any. */
function draw(
  { name, title, experiments }: FigureAbout,
  results: readonly ExperimentResult[],
  from: string,
): boolean {
  const runs = results
    .filter(({ experiment }) => experiments.includes(experiment))
    .flatMap(({ experiment, seeds }) => seeds.map((seed) => runFolder(from, experiment, seed)));
  if (runs.length === 0) return false;
  const sources = readSources(runs, { episodes: true });
  const groups = new Set(sources.map(({ group }) => group));
  const band = groups.size > mostRanges ? 'error' : 'range';
  const curves = learningCurves(sources, { window, band });
  write(`docs/figures/${name}.svg`, curvesSvg(curves, { title }));
  return true;
}

function write(file: string, text: string): void {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileAtomically(target, new TextEncoder().encode(text));
  process.stderr.write(`written: ${file}\n`);
}
