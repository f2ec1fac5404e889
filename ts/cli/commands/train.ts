import type { Command } from 'commander';
import { parseParameter } from '../../agent/parameters.js';
import type { ParameterTable } from '../../agent/parameters.js';
import { classifierParameters } from '../../agent/classifier-parameters.js';
import { dqnParameters } from '../../agent/dqn-parameters.js';
import { reinforceParameters } from '../../agent/reinforce-parameters.js';
import { SpiqError, mismatch } from '../../errors.js';
import { experimentNamed, experiments } from '../../experiments/index.js';
import type { Experiment } from '../../experiments/index.js';
import type { RunOutcome } from '../../experiments/outcome.js';
import { loadReplay } from '../../experiments/record-play.js';
import type { Network } from '../../network.js';
import { summarise } from '../../experiments/summary.js';
import type { ExperimentSummary } from '../../experiments/summary.js';
import { networkFile, runFolder } from '../../experiments/run-files.js';
import type { RunProgress } from '../../experiments/run-parts.js';
import { parametersOf, trainRun } from '../../experiments/train-run.js';
import { loadNetwork, modelNamed } from '../networks.js';
import { addCommonOptions, wholeNumber } from '../options.js';
import { runsToResume } from '../resume.js';
import { short, table } from '../table.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly list?: boolean;
  readonly parameters?: boolean;
  readonly seed: number;
  readonly seeds: number;
  readonly episodes?: number;
  readonly set: readonly string[];
  readonly replay?: string;
  readonly network?: string;
  readonly out?: string;
  readonly resume?: string;
  readonly threads?: number;
}

const examples = `
A run lies in OUT/NAME/seed-N: parameters, episodes, metrics, checkpoints, networks, and outcome.json once it has
ended. The score is that of 100 greedy episodes whose seeds neither trained nor chose the network. Ctrl-C leaves a
checkpoint, from which --resume goes on as if nothing had happened.

Examples:
  $ spiq train --list
  $ spiq train cart-pole-dqn
  $ spiq train cartpole-e --seeds 5 --out runs
  $ spiq train cart-pole-dqn --set hidden=32,32 --episodes 300 --out smaller
  $ spiq train cart-pole-dqn --network first.npz --set learningRate=1e-4
  $ spiq train --resume runs`;

const gather = (word: string, before: readonly string[]): readonly string[] => [...before, word];

export function define(command: Command, terminal: Terminal): void {
  const base = command
    .argument('[name]', 'experiment, as --list names them')
    .option('--list', 'name the experiments and end')
    .option('--parameters', "print the experiment's parameters and end")
    .option('--seed <n>', 'seed of the first run', wholeNumber, 0)
    .option('--seeds <n>', 'runs, each with the next seed', wholeNumber, 1)
    .option('--episodes <n>', 'episodes at most, in place of the experiment’s', wholeNumber)
    .option(
      '--set <name=value>',
      'a parameter in place of the experiment’s; repeatable',
      gather,
      [],
    )
    .option('--replay <folder>', 'what a classifier learns from, in place of its teacher’s play')
    .option('--network <file>', 'the network to begin with, in place of a random one')
    .option('--out <folder>', 'where runs are kept (default: SPIQ_RUNS, or spiq-runs)')
    .option('--resume <folder>', 'go on with the runs in this folder that have not ended');
  addCommonOptions(base)
    .addHelpText('after', examples)
    .action(async (name: string | undefined, flags: Flags) => run(name, flags, terminal));
}

async function run(name: string | undefined, flags: Flags, terminal: Terminal): Promise<void> {
  if (flags.list === true) {
    list(terminal);
    return;
  }
  if (flags.resume !== undefined) {
    refuseBesideResume(name, flags);
    return resume(flags.resume, flags.threads, terminal);
  }
  if (name === undefined) {
    throw new SpiqError(
      'E_USAGE',
      'train: expected the name of an experiment, received none (--list names them)',
    );
  }
  if (flags.seeds < 1)
    throw mismatch('E_RANGE', '--seeds', 'a whole number of at least 1', flags.seeds);
  const experiment = experimentNamed(name);
  const overrides = overridesOf(experiment, flags);
  if (flags.parameters === true) {
    show(experiment, flags.seed, overrides, terminal);
    return;
  }
  const recorded = flags.replay === undefined ? undefined : loadReplay(flags.replay);
  if (flags.replay !== undefined && recorded === undefined) {
    throw mismatch('E_FILE', `replay folder ${flags.replay}`, 'a file memory_outputs.npz', 'none');
  }
  const network = await firstOf(flags, terminal);
  const { SPIQ_RUNS } = process.env;
  const out = flags.out ?? (SPIQ_RUNS === undefined || SPIQ_RUNS === '' ? 'spiq-runs' : SPIQ_RUNS);
  const outcomes: RunOutcome[] = [];
  for (let seed = flags.seed; seed < flags.seed + flags.seeds; seed += 1) {
    const options = { experiment, seed, root: out, parameters: overrides };
    const given = { ...(recorded && { recorded }), ...(network && { network }) };
    outcomes.push(await trained({ ...options, ...given }, terminal));
  }
  report([summarise(experiment, outcomes)], outcomes, out, terminal);
}

/** The network of --network: a file, or a model that comes with spiq. */
async function firstOf({ network }: Flags, terminal: Terminal): Promise<Network | undefined> {
  if (network === undefined) return undefined;
  const model = modelNamed(network);
  return loadNetwork(model?.file ?? network, undefined, {}, terminal);
}

/** A run goes on with what it began with. */
function refuseBesideResume(name: string | undefined, flags: Flags): void {
  const given = [
    ...(name === undefined ? [] : [name]),
    ...(flags.set.length > 0 ? ['--set'] : []),
    ...(flags.episodes === undefined ? [] : ['--episodes']),
    ...(flags.replay === undefined ? [] : ['--replay']),
    ...(flags.network === undefined ? [] : ['--network']),
  ];
  if (given.length === 0) return;
  const what = 'train --resume: expected no parameters beside it, as runs keep their own';
  throw new SpiqError('E_USAGE', `${what}, received ${given.join(', ')}`);
}

async function resume(
  folder: string,
  threads: number | undefined,
  terminal: Terminal,
): Promise<void> {
  const outcomes = new Map<Experiment, RunOutcome[]>();
  for (const { experiment, seed, root, parameters } of runsToResume(folder)) {
    const kept = { ...parameters, ...(threads !== undefined && { threads }) };
    const outcome = await trained({ experiment, seed, root, parameters: kept }, terminal);
    outcomes.set(experiment, [...(outcomes.get(experiment) ?? []), outcome]);
  }
  const summaries = [...outcomes].map(([experiment, runs]) => summarise(experiment, runs));
  report(summaries, [...outcomes.values()].flat(), folder, terminal);
}

async function trained(
  options: Omit<Parameters<typeof trainRun>[0], 'signal' | 'onProgress'>,
  terminal: Terminal,
): Promise<RunOutcome> {
  const { experiment, seed, root } = options;
  terminal.say(`${experiment.name}, seed ${seed}: ${runFolder(root, experiment.name, seed)}`);
  const progress = terminal.progress(`${experiment.name}, seed ${seed}`);
  let begun = false;
  const onProgress = (told: RunProgress): void => {
    if (told.kind === 'notice') {
      terminal.note(told.text);
      return;
    }
    const [done, total] = extentOf(told);
    if (!begun && done > 1) progress.takeUp(done);
    begun = true;
    progress.remark(remark(told));
    progress.update(done, total);
  };
  try {
    return await trainRun({ ...options, signal: terminal.signal, onProgress, install: true });
  } catch (error) {
    progress.end();
    if (error instanceof SpiqError && error.code === 'E_CANCELLED') {
      terminal.note(`to go on: spiq train --resume ${runFolder(root, experiment.name, seed)}`);
    }
    throw error;
  } finally {
    progress.end();
  }
}

type Told = Exclude<RunProgress, { readonly kind: 'notice' }>;

/** How far a run has come, and how far it is to go. */
function extentOf(progress: Told): [done: number, total: number] {
  if (progress.kind === 'report') return [progress.told.updates, progress.updates];
  const { told, episodes, steps } = progress;
  return steps > 0 ? [told.totalSteps, steps] : [told.episode + 1, episodes];
}

function remark(progress: Told): string {
  if (progress.kind === 'report') return `accuracy ${(progress.told.accuracy * 100).toFixed(2)} %`;
  const { mean, return: earned } = progress.told;
  return mean === null ? `return ${short(earned)}` : `mean ${mean.toFixed(1)}`;
}

const tables: Readonly<Record<Experiment['agent'], ParameterTable>> = {
  dqn: dqnParameters,
  reinforce: reinforceParameters,
  classifier: classifierParameters,
};

function overridesOf(experiment: Experiment, flags: Flags): Readonly<Record<string, unknown>> {
  const known = tables[experiment.agent];
  const pairs = flags.set.map((word): [string, unknown] => {
    const [name, ...rest] = word.split('=');
    if (rest.length === 0) throw mismatch('E_USAGE', '--set', 'name=value', word);
    if (name === 'seed') throw mismatch('E_USAGE', '--set', 'seeds to be given with --seed', word);
    return [name!, parseParameter(known, name!, rest.join('='), '--set')];
  });
  if (flags.episodes !== undefined) {
    pairs.push([
      'episodes',
      parseParameter(known, 'episodes', String(flags.episodes), '--episodes'),
    ]);
  }
  if (flags.threads !== undefined) pairs.push(['threads', flags.threads]);
  return Object.fromEntries(pairs);
}

function list(terminal: Terminal): void {
  const listed = experiments.map(({ name, agent, summary }) => ({ name, agent, summary }));
  const rows = listed.map(({ name, summary }) => `${name.padEnd(32)}${summary}`);
  terminal.result(listed, () => rows.join('\n'));
}

function show(
  experiment: Experiment,
  seed: number,
  overrides: Readonly<Record<string, unknown>>,
  terminal: Terminal,
): void {
  const parameters = parametersOf(experiment, seed, overrides);
  const known = tables[experiment.agent];
  const word = (value: unknown): string =>
    value === null
      ? 'none'
      : Array.isArray(value)
        ? value.join(',')
        : JSON.stringify(value).replaceAll('"', '');
  const rows = Object.entries(parameters).map(
    ([name, value]) => `${name.padEnd(22)}${word(value).padEnd(22)}${known[name]!.about}`,
  );
  terminal.result(parameters, () => rows.join('\n'));
}

function report(
  summaries: readonly ExperimentSummary[],
  outcomes: readonly RunOutcome[],
  root: string,
  terminal: Terminal,
): void {
  const runs = outcomes.map((outcome) => ({
    ...outcome,
    network: networkFile(runFolder(root, outcome.experiment, outcome.seed), 'chosen'),
  }));
  terminal.result({ summaries, runs }, () => summaries.map(summaryTable).join('\n\n'));
}

function summaryTable(summary: ExperimentSummary): string {
  const { score, goal, best, published, seconds, scores } = summary;
  const spread = (mean: number, std: number | null): string =>
    `${mean.toFixed(2)}${std === null ? '' : ` (${std.toFixed(2)})`}`;
  const line = (name: string, ours: string, theirs = ''): string[] => [name, ours, theirs];
  return table(
    [summary.experiment, 'here', published === null ? '' : 'published'],
    [
      line('runs', short(scores.length), published?.goal ? short(published.goal.runs) : ''),
      line(
        'score, 100 greedy episodes',
        spread(score.mean, score.std),
        published?.score ? spread(published.score.mean, published.score.std) : '',
      ),
      ...(best === null
        ? []
        : [
            line(
              'goal reached',
              short(goal.reached),
              published?.goal ? short(published.goal.reached) : '',
            ),
            line(
              'best mean of 100 episodes',
              best.mean.toFixed(2),
              published?.best ? published.best.mean.toFixed(2) : '',
            ),
          ]),
      ...(summary.classified === null
        ? []
        : [line('accuracy', `${(summary.classified.accuracy * 100).toFixed(2)} %`)]),
      line('seconds a run', seconds.mean.toFixed(1)),
    ],
  );
}
