import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { experimentNamed } from '../../ts/experiments/index.js';
import type { RunOutcome } from '../../ts/experiments/outcome.js';
import { resultsPage } from '../../ts/experiments/page.js';
import type { ResultsAbout } from '../../ts/experiments/page.js';
import { parseResults } from '../../ts/experiments/results.js';
import type { ExperimentResult } from '../../ts/experiments/results.js';
import { summarise } from '../../ts/experiments/summary.js';
import { readText } from '../docs/markdown.js';
import { expectError } from '../formats/helpers/expect-error.js';
import { repositoryRoot } from '../scripts/repository.js';

const machine = { cpu: 'A chip', threads: 2, system: 'linux x64', node: 'v20.0.0', spiq: '0.1.0' };
const about: ResultsAbout = {
  date: '2020-01-31',
  figures: [{ file: 'figures/a.svg', title: 'Learning curves: a' }],
};

function result(
  name: string,
  means: readonly number[],
  goals: (number | null)[],
): ExperimentResult {
  const experiment = experimentNamed(name);
  const runs = means.map((mean, seed): RunOutcome => ({
    experiment: name,
    agent: experiment.agent,
    seed,
    score: { mean, std: 1, least: mean - 2 },
    chosen: { by: 'best', episode: 10 },
    goalEpisode: goals[seed] ?? null,
    best: experiment.agent === 'classifier' ? null : { mean: 199.5, episode: 300 },
    classified: experiment.agent === 'classifier' ? { loss: 0.1, accuracy: 0.95 } : null,
    episodes: 1000,
    steps: 1e5,
    updates: 1e5,
    seconds: 12.25,
  }));
  return { ...summarise(experiment, runs), machine };
}

const rowOf = (page: string, name: string): string[] =>
  page
    .split('\n')
    .find((line) => line.startsWith(`| \`${name}\``))!
    .split(' | ')
    .map((cell) => cell.replace(/^\| | \|$/g, ''));

describe('the page of results', () => {
  it('has what was published beside the mean, deviation and ends over the seeds', () => {
    const page = resultsPage([result('cartpole-b', [480, 500, 490], [600, null, 700])], about);
    const [, , published, seeds, score, goalThere, goal, bestThere, best, time] = rowOf(
      page,
      'cartpole-b',
    );
    expect(published).to.equal('–');
    expect(seeds).to.equal('3');
    expect(score).to.equal('490.00 ± 10.00; 480.0 to 500.0');
    expect([goalThere, goal]).to.deep.equal(['3 of 5 at 646', '2 of 3 at 650']);
    expect([bestThere, best]).to.deep.equal(['197.79 at 784', '199.50 at 300']);
    expect(time).to.equal('12.3 s (longest 12.3)');
    expect(page).to.include('A chip, 2 threads').and.to.include('2020-01-31');
    expect(page).to.include('![Learning curves: a](figures/a.svg)');
  });

  it('judges tuned sets by score and goals, and leaves published ones unjudged', () => {
    const verdict = (name: string, scores: number[], goals: (number | null)[]): string =>
      rowOf(resultsPage([result(name, scores, goals)], about), name).at(-1)!;
    expect(verdict('cart-pole-dsqn', [500, 499], [90, 80])).to.equal('at least as good');
    expect(verdict('cart-pole-dsqn', [400, 499], [90, 80])).to.equal('below');
    expect(verdict('cart-pole-dsqn', [500, 499], [null, null])).to.equal('below');
    expect(verdict('mountain-car-dsqn', [-120, -125], [90, 80])).to.equal('at least as good');
    expect(verdict('mountain-car-dsqn', [-140, -125], [90, 80])).to.equal('below');
  });

  it('shows no goal of a classifier, which does not practise, and minus signs as such', () => {
    const page = resultsPage([result('mountain-car-classifier', [-150, -160], [])], about);
    const cells = rowOf(page, 'mountain-car-classifier');
    expect(cells[2]).to.equal('−186.51 (107.80)');
    expect(cells[4]).to.equal('−155.00 ± 7.07; −160.0 to −150.0');
    expect(cells[6]).to.equal('–');
    expect(page).to.not.include('## CartPole');
    expect(page).to.match(/Not run to the end yet: .*`mountain-car-a`/);
  });

  it('is in docs as the recorded results make it', function () {
    const recorded = path.join('bench', 'results', 'experiments.json');
    expect(existsSync(path.join(repositoryRoot, recorded))).to.equal(true);
    const text = readText(recorded);
    const { date, figures } = JSON.parse(text) as ResultsAbout;
    const page = resultsPage(parseResults(text, recorded), { date, figures });
    expect(readText('docs/results.md')).to.equal(page);
  });
});

describe('recorded results', () => {
  const sound = { format: 'spiq-experiments', version: 1 };
  const one = result('cartpole-a', [200, 220], [null, null]);
  const parse = (change: object): unknown =>
    parseResults(JSON.stringify({ ...sound, results: [one], ...change }), 'results.json');

  it('are read as they were written', () => {
    expect(parse({})).to.deep.equal([JSON.parse(JSON.stringify(one))]);
  });

  it('are refused where they are damaged or newer', () => {
    expectError(() => parse({ version: 2 }), 'E_VERSION', '2');
    expectError(() => parse({ format: 'x' }), 'E_FORMAT', 'format');
    expectError(() => parse({ results: [{ ...one, scores: [1] }] }), 'E_FORMAT', 'result 0');
    expectError(() => parse({ results: [{ ...one, machine: 3 }] }), 'E_FORMAT', 'machine');
    expectError(() => parseResults('{', 'results.json'), 'E_FORMAT', 'results.json');
  });
});
