import { DqnAgent } from '../agent/dqn.js';
import type { EpisodeProgress } from '../agent/progress.js';
import { ReinforceAgent } from '../agent/reinforce.js';
import type { Checkpoint, Run } from '../run/index.js';
import { memoryNotices, partsFor } from './arena.js';
import type { Arena } from './arena.js';
import type { ClassifierExperiment, Experiment } from './experiment.js';
import type { RunOutcome } from './outcome.js';
import { meanLargest, playRandomly } from './random-play.js';
import { Recorder, agentCheckpoint } from './recorder.js';
import { about, keptUp, scored } from './run-parts.js';
import type { TrainRunOptions } from './run-parts.js';

/** An agent that plays, from random play to its score. */
export async function play(
  run: Run,
  experiment: Exclude<Experiment, ClassifierExperiment>,
  arena: Arena,
  checkpoint: Checkpoint | undefined,
  { signal, onProgress }: TrainRunOptions,
): Promise<RunOutcome> {
  const from = checkpoint && agentCheckpoint(checkpoint);
  const random = await playRandomly(arena.random, run.seed, signal);
  const parts = { ...arena.parts, centre: random.centre };
  const agent =
    experiment.agent === 'dqn'
      ? new DqnAgent(run.parameters, partsFor(parts, checkpoint), from)
      : new ReinforceAgent(run.parameters, parts, from);
  try {
    const { parameters } = agent;
    if (agent instanceof DqnAgent && agent.memory !== undefined && agent.memory !== 'exact') {
      onProgress?.({ kind: 'notice', text: memoryNotices[agent.memory] });
    }
    if (checkpoint === undefined) run.recordPhase(random.row);
    const heldOut =
      agent instanceof DqnAgent
        ? async () => meanLargest((states) => agent.values(states), random)
        : undefined;
    const recorder = new Recorder(run, agent, parameters, checkpoint, heldOut);
    let last: EpisodeProgress | undefined;
    for await (const told of keptUp(agent.train({ signal }), () =>
      recorder.checkpoint(agent.steps),
    )) {
      await recorder.episode(told);
      last = told;
      const { episodes, totalSteps: steps } = parameters;
      onProgress?.({ kind: 'episode', told, episodes, steps });
    }
    await recorder.finish(last);
    recorder.checkpoint(agent.steps);
    const { seconds } = run;
    const { network, ...chosen } = agent.chosen();
    run.saveNetwork('chosen', network);
    run.saveNetwork('last', agent.network());
    for (const kept of ['best', 'trained'] as const) {
      const one = agent.kept(kept);
      if (one !== undefined) run.saveNetwork(kept, one);
    }
    const { goal } = agent.record;
    return {
      ...about(run, experiment),
      score: await scored(run, recorder.epochs, network, parameters, arena.scoring, signal),
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
