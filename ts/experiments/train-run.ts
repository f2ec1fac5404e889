import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ClassifierAgent } from '../agent/classifier.js';
import type { ClassifierProgress, RecordedPlay } from '../agent/classifier.js';
import { readClassifierParameters } from '../agent/classifier-parameters.js';
import { DqnAgent } from '../agent/dqn.js';
import { readDqnParameters } from '../agent/dqn-parameters.js';
import type { EpisodeProgress } from '../agent/progress.js';
import type { NetworkParameters } from '../agent/network-parameters.js';
import { ReinforceAgent } from '../agent/reinforce.js';
import { readReinforceParameters } from '../agent/reinforce-parameters.js';
import type { Environment } from '../env/env.js';
import { makeEnvironment } from '../env/registry.js';
import type { EnvironmentName } from '../env/registry.js';
import { withHistory } from '../env/wrappers/index.js';
import { SpiqError, mismatch } from '../errors.js';
import { Network } from '../network.js';
import { Run, meanLargestOutput, readRun } from '../run/index.js';
import type { Checkpoint, JsonObject } from '../run/index.js';
import type { ClassifierExperiment, Experiment } from './experiment.js';
import { experimentNamed } from './index.js';
import { readOutcome, saveOutcome } from './outcome.js';
import type { RunOutcome } from './outcome.js';
import { playRandomly } from './random-play.js';
import { loadRecorded, recordPlay, saveRecorded } from './record-play.js';
import { Recorder, agentCheckpoint, ownColumns } from './recorder.js';
import { scoreOf, scoreSteps } from './score.js';

export type RunProgress =
  | { readonly kind: 'episode'; readonly told: EpisodeProgress; readonly episodes: number }
  | { readonly kind: 'report'; readonly told: ClassifierProgress; readonly updates: number };

export interface TrainRunOptions {
  readonly experiment: Experiment;
  readonly seed: number;
  /** Where runs lie: this one in EXPERIMENT/seed-N. */
  readonly root: string;
  /** Parameters in place of the experiment's. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Of classifiers: what to learn from, in place of a teacher's play. */
  readonly recorded?: RecordedPlay;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

export function runFolder(root: string, experiment: string, seed: number): string {
  return path.join(root, experiment, `seed-${seed}`);
}

/** The whole record of an experiment's parameters. */
export function parametersOf(
  experiment: Experiment,
  seed: number,
  overrides: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const given = { ...experiment.parameters, seed, ...overrides };
  if (experiment.agent === 'dqn') return readDqnParameters(given);
  if (experiment.agent === 'reinforce') return readReinforceParameters(given);
  return readClassifierParameters(given);
}

/** Trains one network of an experiment in a folder of its own and scores it; one that has ended is not run again. */
export async function trainRun(options: TrainRunOptions): Promise<RunOutcome> {
  const { experiment, seed, root } = options;
  const folder = runFolder(root, experiment.name, seed);
  const parameters = parametersOf(experiment, seed, options.parameters);
  const run = Run.exists(folder) ? undefined : created(folder, experiment, seed, parameters);
  if (run !== undefined) return trained(run, options);
  refuseOthers(folder, parameters);
  return readOutcome(folder) ?? trained(Run.open(folder), options);
}

function created(
  folder: string,
  { name, agent }: Experiment,
  seed: number,
  parameters: Readonly<Record<string, unknown>>,
): Run {
  // What only an agent finds wrong must not end up in a folder.
  if (agent === 'dqn') new DqnAgent(parameters).close();
  if (agent === 'reinforce') new ReinforceAgent(parameters).close();
  const given = { name, seed, parameters: parameters as JsonObject, columns: ownColumns };
  return Run.create(folder, given);
}

/** A run goes on with what it began with; threads change no result. */
function refuseOthers(folder: string, parameters: Readonly<Record<string, unknown>>): void {
  const known = readRun(folder).config.parameters;
  for (const [name, value] of Object.entries(parameters)) {
    if (name === 'threads' || isDeepStrictEqual(value, known[name])) continue;
    const what = `run in ${folder}: parameter ${name} (another folder takes other parameters)`;
    throw mismatch('E_STATE', what, JSON.stringify(known[name]), value);
  }
}

async function trained(run: Run, options: TrainRunOptions): Promise<RunOutcome> {
  const { experiment } = options;
  try {
    const checkpoint = run.resume();
    const outcome =
      experiment.agent === 'classifier'
        ? await classify(run, experiment, checkpoint, options)
        : await play(run, experiment, checkpoint, options);
    saveOutcome(run.folder, outcome);
    return outcome;
  } finally {
    run.close();
  }
}

async function play(
  run: Run,
  experiment: Exclude<Experiment, ClassifierExperiment>,
  checkpoint: Checkpoint | undefined,
  { signal, onProgress }: TrainRunOptions,
): Promise<RunOutcome> {
  const from = checkpoint && agentCheckpoint(checkpoint);
  const agent =
    experiment.agent === 'dqn'
      ? new DqnAgent(run.parameters, {}, from)
      : new ReinforceAgent(run.parameters, {}, from);
  try {
    const { parameters } = agent;
    const random = playRandomly(trainingView(parameters), run.seed);
    if (checkpoint === undefined) run.recordPhase(random.row);
    const heldOut =
      agent instanceof DqnAgent
        ? (): number => meanLargestOutput(agent.values(random.states), random.actions)
        : undefined;
    const recorder = new Recorder(run, agent, parameters, checkpoint, heldOut);
    let last: EpisodeProgress | undefined;
    for await (const told of keptUp(agent.train({ signal }), () =>
      recorder.checkpoint(agent.steps),
    )) {
      recorder.episode(told);
      last = told;
      onProgress?.({ kind: 'episode', told, episodes: parameters.episodes });
    }
    recorder.finish(last);
    recorder.checkpoint(agent.steps);
    const { seconds } = run;
    const { network, ...chosen } = agent.chosen();
    run.saveNetwork('chosen', network);
    run.saveNetwork('last', agent.network());
    for (const kept of ['best', 'trained'] as const) {
      const one = agent.kept(kept);
      if (one !== undefined) run.saveNetwork(kept, one);
    }
    const environment = (): Environment => trainingView({ ...parameters, maxSteps: scoreSteps });
    const { goal } = agent.record;
    return {
      ...about(run, experiment),
      score: await scored(run, recorder.epochs, network, parameters, environment, signal),
      chosen,
      goalEpisode: goal.reached,
      best: goal.bestMean === null ? null : { mean: goal.bestMean, episode: goal.bestEpisode! },
      classified: null,
      episodes: agent.episodes,
      steps: agent.steps,
      updates: agent.updates,
      seconds,
    };
  } finally {
    agent.close();
  }
}

/** An environment of the training as a network sees it. */
function trainingView(parameters: {
  readonly environment: string;
  readonly maxSteps: number;
  readonly frames?: number;
}): Environment {
  const { environment, maxSteps, frames = 1 } = parameters;
  const one = makeEnvironment(environment as EnvironmentName, maxSteps)();
  return frames === 1 ? one : withHistory(one, frames);
}

async function classify(
  run: Run,
  experiment: ClassifierExperiment,
  checkpoint: Checkpoint | undefined,
  options: TrainRunOptions,
): Promise<RunOutcome> {
  const { signal, onProgress } = options;
  const environment = makeEnvironment(experiment.environment as EnvironmentName, scoreSteps);
  const recorded =
    loadRecorded(run.folder) ?? options.recorded ?? (await taught(experiment, options));
  saveRecorded(run.folder, recorded);
  const parts = { recorded };
  const agent = new ClassifierAgent(
    run.parameters,
    parts,
    checkpoint && agentCheckpoint(checkpoint),
  );
  try {
    const { parameters } = agent;
    const recorder = new Recorder(
      run,
      agent,
      { validateEvery: 0, validateEpisodes: 0 },
      checkpoint,
    );
    let last: RunOutcome['classified'] = null;
    for await (const told of keptUp(agent.train({ signal }), () =>
      recorder.checkpoint(agent.updates),
    )) {
      recorder.report(told);
      last = { loss: told.loss, accuracy: told.accuracy };
      onProgress?.({ kind: 'report', told, updates: parameters.batches });
    }
    recorder.checkpoint(agent.updates);
    const { seconds } = run;
    const { network, ...chosen } = agent.chosen();
    run.saveNetwork('chosen', network);
    return {
      ...about(run, experiment),
      score: await scored(run, recorder.epochs, network, parameters, environment, signal),
      chosen,
      goalEpisode: null,
      best: null,
      classified: last ?? lastReport(run.folder),
      episodes: 0,
      steps: 0,
      updates: agent.updates,
      seconds,
    };
  } finally {
    agent.close();
  }
}

/** Of a run that was broken off while it was scored. */
function lastReport(folder: string): RunOutcome['classified'] {
  const { metrics } = readRun(folder);
  const row = metrics.strings('phase').lastIndexOf('train');
  if (row < 0) return null;
  const [loss, accuracy] = [metrics.numbers('meancost')[row]!, metrics.numbers('accuracy')[row]!];
  return { loss, accuracy };
}

/** What the teacher of the same seed sees and gives; it is trained first, where it has not been. */
async function taught(
  { teacher, environment }: ClassifierExperiment,
  { seed, root, signal, onProgress }: TrainRunOptions,
): Promise<RecordedPlay> {
  const experiment = experimentNamed(teacher);
  const folder = runFolder(root, teacher, seed);
  await trainRun({
    experiment,
    seed,
    root,
    // A teacher that is there teaches, whatever made it.
    ...(Run.exists(folder) && { parameters: readRun(folder).config.parameters }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  const network = await Network.load(networkFile(folder, 'chosen'));
  const play = makeEnvironment(environment as EnvironmentName, scoreSteps);
  return recordPlay(network, play, seed, signal);
}

/** Where a run keeps one of its networks. */
export function networkFile(folder: string, name: string): string {
  return path.join(folder, 'networks', `${name}.npz`);
}

/** A training that is broken off leaves a checkpoint. */
async function* keptUp<T>(training: AsyncGenerator<T>, checkpoint: () => void): AsyncGenerator<T> {
  try {
    yield* training;
  } catch (error) {
    if (error instanceof SpiqError && error.code === 'E_CANCELLED') checkpoint();
    throw error;
  }
}

async function scored(
  run: Run,
  epoch: number,
  network: Network,
  parameters: NetworkParameters & { readonly seed: number },
  environment: () => Environment,
  signal: AbortSignal | undefined,
): Promise<RunOutcome['score']> {
  const { mean, std, returns, steps } = await scoreOf(network, parameters, environment, signal);
  const least = returns.reduce((a, b) => Math.min(a, b));
  const most = returns.reduce((a, b) => Math.max(a, b));
  run.recordPhase({
    epoch,
    phase: 'play',
    steps,
    nr_games: returns.length,
    average_reward: mean,
    min_game_reward: least,
    max_game_reward: most,
    return_std: std ?? undefined,
  });
  return { mean, std: std!, least };
}

function about(
  run: Run,
  { name, agent }: Experiment,
): Pick<RunOutcome, 'experiment' | 'agent' | 'seed'> {
  return { experiment: name, agent, seed: run.seed };
}
