import { isDeepStrictEqual } from 'node:util';
import { ClassifierAgent } from '../agent/classifier.js';
import type { RecordedPlay } from '../agent/classifier.js';
import { readClassifierParameters } from '../agent/classifier-parameters.js';
import { DqnAgent } from '../agent/dqn.js';
import { readDqnParameters } from '../agent/dqn-parameters.js';
import { ReinforceAgent } from '../agent/reinforce.js';
import { readReinforceParameters } from '../agent/reinforce-parameters.js';
import { makeEnvironment } from '../env/registry.js';
import type { EnvironmentName } from '../env/registry.js';
import { mismatch, phrase } from '../errors.js';
import { Network } from '../network.js';
import { Run, readRun } from '../run/index.js';
import type { Checkpoint, JsonObject } from '../run/index.js';
import { openArena } from './arena.js';
import type { Arena, ArenaParameters } from './arena.js';
import type { ClassifierExperiment, Experiment } from './experiment.js';
import { firstNetwork, keepFirstNetwork, refuseOtherNetwork } from './first-network.js';
import { experimentNamed } from './index.js';
import { readOutcome, saveOutcome } from './outcome.js';
import type { RunOutcome } from './outcome.js';
import { play } from './play-run.js';
import { loadRecorded, recordPlay, saveRecorded } from './record-play.js';
import { Recorder, agentCheckpoint, ownColumns } from './recorder.js';
import { networkFile, runFolder } from './run-files.js';
import { about, keptUp, scored } from './run-parts.js';
import type { Part, TrainRunOptions } from './run-parts.js';
import { scoreSteps } from './score.js';

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
  const known = Run.exists(folder);
  const network = known ? await firstNetwork(folder) : options.network;
  if (known) {
    refuseOthers(folder, parameters);
    refuseOtherNetwork(folder, network, options.network);
    const outcome = readOutcome(folder);
    if (outcome !== undefined) return outcome;
  }
  const open = (): Run => {
    if (known) return Run.open(folder);
    const run = created(folder, experiment, seed, parameters);
    keepFirstNetwork(run, network);
    return run;
  };
  if (experiment.agent === 'classifier') {
    if (network !== undefined) {
      throw mismatch('E_ARGUMENT', 'network to begin with', 'none of a classifier', phrase('one'));
    }
    return trained(open(), classify, experiment, options);
  }
  const { signal, install } = options;
  const opened = await openArena(parameters as unknown as ArenaParameters, {
    folder,
    signal,
    ...(install !== undefined && { install }),
  });
  const arena = { ...opened, parts: { ...opened.parts, ...(network && { network }) } };
  try {
    if (!known) checkAgent(experiment, parameters, arena);
    const played: Part<typeof experiment> = (run, one, checkpoint, given) =>
      play(run, one, arena, checkpoint, given);
    return await trained(open(), played, experiment, options);
  } finally {
    await arena.close();
  }
}

/** What only an agent finds wrong must not end up in a folder. */
function checkAgent(
  { agent }: Experiment,
  parameters: Readonly<Record<string, unknown>>,
  arena: Arena,
): void {
  // Its memory is not to be touched yet, and any centre will do.
  const centre = new Float32Array(arena.random.environment.observationSpace.size);
  const parts = { ...arena.parts, replayFile: undefined, centre };
  if (agent === 'dqn') new DqnAgent(parameters, parts).close();
  if (agent === 'reinforce') new ReinforceAgent(parameters, parts).close();
}

function created(
  folder: string,
  { name }: Experiment,
  seed: number,
  parameters: Readonly<Record<string, unknown>>,
): Run {
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

async function trained<E extends Experiment>(
  run: Run,
  part: Part<E>,
  experiment: E,
  options: TrainRunOptions,
): Promise<RunOutcome> {
  try {
    const outcome = await part(run, experiment, run.resume(), options);
    saveOutcome(run.folder, outcome);
    return outcome;
  } finally {
    run.close();
  }
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
