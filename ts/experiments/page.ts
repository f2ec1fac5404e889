import type { PublishedResult, Spread } from './experiment.js';
import { publishedExperiments, tunedExperiments } from './index.js';
import type { ExperimentResult } from './results.js';

export interface ResultsAbout {
  /** Day of the runs. */
  readonly date: string;
  readonly figures: readonly { readonly file: string; readonly title: string }[];
}

const missing = '–';
const games = ['CartPole', 'MountainCar'] as const;
type Game = (typeof games)[number];

/** docs/results.md: what was published, and what came out here; nothing in it is written by hand. */
export function resultsPage(results: readonly ExperimentResult[], about: ResultsAbout): string {
  const found = new Map(results.map((result) => [result.experiment, result]));
  const published = ordered(publishedExperiments, found);
  const tuned = ordered(tunedExperiments, found);
  const parts = [
    intro(results, about.date),
    ...games.flatMap((game) => gameParts(game, published, tuned)),
    curves(about),
    repeat(),
  ];
  return `${parts.join('\n\n')}\n`;
}

function ordered(
  experiments: readonly { readonly name: string }[],
  found: ReadonlyMap<string, ExperimentResult>,
): ExperimentResult[] {
  return experiments.flatMap(({ name }) => found.get(name) ?? []);
}

function intro(results: readonly ExperimentResult[], date: string): string {
  const machines = [...new Set(results.map(({ machine }) => describe(machine)))];
  return `# Results

<!-- Written by \`npm run results\`; changes made here are lost. -->

The experiments of C. Hahn, "Deep spiking Q-networks" (TU München, January 2020) on CartPole and MountainCar, trained with spiq. **Published
sets** have the published hyperparameters and come as they come out; **tuned sets** have spiq's own
([agents.md](agents.md#experiments), [tuned.ts](../ts/experiments/tuned.ts)); those of CartPole train with episodes of up to 500 steps, where
the published ones end at 200, and were tuned while watching some of these seeds. Run on ${date}: ${machines.join('; ')}.

- **Score**: the mean return of 100 greedy episodes of at most 500 steps, with seeds that neither trained nor chose the network; then
  mean ± standard deviation over the seeds, and from the lowest to the highest seed. Published scores are of one network, with the standard deviation over its
  episodes.
- **Goal**: of so many runs, those whose last 100 training episodes had a mean of 195 or more for 100 episodes on end (CartPole), or −130 or more for 50
  (MountainCar), and the mean number of the episode at which they did.
- **Best 100**: the highest mean return of 100 training episodes, and the episode, means over the runs.
- **Time**: wall seconds of one run on one thread, validations included, several runs at a time on the machine.`;
}

function describe({ cpu, threads, system, node, spiq }: ExperimentResult['machine']): string {
  return `${cpu}, ${threads} threads, ${system}, Node.js ${node}, spiq ${spiq}`;
}

const gameOf = (experiment: string): Game =>
  experiment.startsWith('mountain') ? 'MountainCar' : 'CartPole';

function gameParts(
  game: Game,
  published: readonly ExperimentResult[],
  tuned: readonly ExperimentResult[],
): string[] {
  const ofGame = (all: readonly ExperimentResult[]): ExperimentResult[] =>
    all.filter(({ experiment }) => gameOf(experiment) === game);
  const [there, here] = [ofGame(published), ofGame(tuned)];
  if (there.length + here.length === 0) return [];
  const ran = new Set([...there, ...here].map(({ experiment }) => experiment));
  const open = [...publishedExperiments, ...tunedExperiments]
    .filter(({ name }) => gameOf(name) === game && !ran.has(name))
    .map(({ name }) => `\`${name}\``);
  return [
    `## ${game}`,
    ...(there.length > 0 ? [`### Published sets`, publishedTable(there)] : []),
    ...(here.length > 0 ? [`### Tuned sets`, tunedTable(here)] : []),
    ...(open.length > 0 ? [`Not run to the end yet: ${open.join(', ')}.`] : []),
  ];
}

function publishedTable(results: readonly ExperimentResult[]): string {
  const rows = results.map((result) => [
    `\`${result.experiment}\``,
    result.summary,
    publishedScore(result.published),
    String(result.seeds.length),
    score(result),
    publishedGoal(result.published),
    goal(result),
    publishedBest(result.published),
    best(result),
    seconds(result),
  ]);
  return table(
    [
      'set',
      'what',
      'score, published',
      'seeds',
      'score',
      'goal, published',
      'goal',
      'best 100, published',
      'best 100',
      'time',
    ],
    rows,
  );
}

function tunedTable(results: readonly ExperimentResult[]): string {
  const rows = results.map((result) => [
    `\`${result.experiment}\``,
    result.summary,
    `\`${result.against ?? missing}\``,
    publishedScore(result.published),
    String(result.seeds.length),
    score(result),
    publishedGoal(result.published),
    goal(result),
    seconds(result),
    verdict(result),
  ]);
  return table(
    [
      'set',
      'what',
      'against',
      'score, published',
      'seeds',
      'score',
      'goal, published',
      'goal',
      'time',
      '',
    ],
    rows,
  );
}

/** Of the published score, and of the goal in every run. */
function verdict({ score: ours, goal: reached, published }: ExperimentResult): string {
  const scores = published?.score === undefined || ours.mean >= published.score.mean;
  return scores && reached.reached === reached.runs ? 'at least as good' : 'below';
}

const number = (value: number, digits: number): string => value.toFixed(digits).replace(/^-/, '−');
const spread = ({ mean, std }: { mean: number; std: number | null }): string =>
  std === null ? number(mean, 2) : `${number(mean, 2)} ± ${number(std, 2)}`;

const publishedScore = (published: PublishedResult | null): string =>
  published?.score === undefined ? missing : brackets(published.score);
const brackets = ({ mean, std }: Spread): string => `${number(mean, 2)} (${number(std, 2)})`;

function score({ score: ours, scores }: ExperimentResult): string {
  const ends = [Math.min(...scores), Math.max(...scores)].map((value) => number(value, 1));
  return `${spread(ours)}; ${ends.join(' to ')}`;
}

interface Goal {
  readonly reached: number;
  readonly runs: number;
  readonly episode: number | null;
}

const goalText = ({ reached, runs, episode }: Goal): string =>
  `${reached} of ${runs}${episode === null ? '' : ` at ${number(episode, 0)}`}`;
const publishedGoal = (published: PublishedResult | null): string =>
  published?.goal === undefined ? missing : goalText(published.goal);
const goal = ({ goal: reached, best: bests }: ExperimentResult): string =>
  bests === null ? missing : goalText(reached);

const bestText = ({ mean, episode }: { mean: number; episode: number }): string =>
  `${number(mean, 2)} at ${number(episode, 0)}`;
const publishedBest = (published: PublishedResult | null): string =>
  published?.best === undefined ? missing : bestText(published.best);
const best = ({ best: ours }: ExperimentResult): string =>
  ours === null ? missing : bestText(ours);

const seconds = ({ seconds: { mean, longest } }: ExperimentResult): string =>
  `${number(mean, 1)} s (longest ${number(longest, 1)})`;

function curves({ figures }: ResultsAbout): string {
  const shown = figures.map(({ file, title }) => `![${title}](${file})`);
  return ['## Learning curves', ...shown].join('\n\n');
}

function repeat(): string {
  return `## To repeat it

\`\`\`sh
$ npm run experiments -- --seeds 5 --out build/experiments
$ npm run results -- --from build/experiments
\`\`\`

The first trains every set, which takes hours; runs that have ended are kept. The second writes this page and its figures, and
\`bench/results/experiments.json\`, from which a test makes the page again.`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
