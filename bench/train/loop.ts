import { DqnAgent } from '../../ts/agent/dqn.js';
import type { DqnParameters } from '../../ts/agent/dqn-parameters.js';
import type { Contender } from '../race.js';
import type { LoopSetting, LoopTrial } from './trials.js';

/** Steps after which updates are counted: several times `train_freq` behind the start of learning. */
export const countedSteps = 2048;

/** Enough for any race. */
const endless = 1_000_000_000;

/** What both sides set, in spiq's words. */
export function settingOf(setting: Omit<LoopSetting, 'net_arch'>): Partial<DqnParameters> {
  return {
    optimiser: 'adam',
    learningRate: setting.learning_rate,
    loss: 'huber',
    clipNorm: 10,
    double: false,
    batch: setting.batch_size,
    distinct: false,
    memory: setting.buffer_size,
    // There the first update comes with the step behind this one.
    learningStarts: setting.learning_starts + 1,
    gamma: setting.gamma,
    target: 'steps',
    targetEvery: setting.target_update_interval,
    learnEvery: setting.train_freq,
    updatesEach: setting.gradient_steps,
    exploration: 'linear',
    epsilonStart: setting.exploration,
    epsilonEnd: setting.exploration,
    seed: 0,
  };
}

/** Stable-Baselines3's setting in spiq's words. */
export function parametersOf(setting: LoopSetting): Partial<DqnParameters> {
  return {
    ...settingOf(setting),
    environment: 'cart-pole',
    maxSteps: 500,
    episodes: endless,
    hidden: [...setting.net_arch],
    timeLimit: 'bootstrap',
    goal: null,
  };
}

/** What both sides must have done after `countedSteps` steps. */
export async function workOf({ setting, threads }: LoopTrial): Promise<number[]> {
  const agent = new DqnAgent({ ...parametersOf(setting), threads, totalSteps: countedSteps });
  const before = weightsOf(agent);
  for await (const { loss } of agent.train()) {
    if (loss !== null && !Number.isFinite(loss)) throw new Error('a loss is not finite');
  }
  const after = weightsOf(agent);
  if (after.every((weight, index) => weight === before[index])) {
    throw new Error('the weights did not move');
  }
  const work = [agent.steps, agent.updates, after.length];
  agent.close();
  return work;
}

function weightsOf(agent: DqnAgent): number[] {
  return agent
    .network()
    .graph.nodes.flatMap((node) =>
      'weight' in node ? [...node.weight.data, ...(node.bias?.data ?? [])] : [],
    );
}

/** One agent that goes on from sample to sample, begun behind the steps without updates. */
export async function loopContender({ setting, threads }: LoopTrial): Promise<Contender> {
  const agent = new DqnAgent({ ...parametersOf(setting), threads });
  const until = async (enough: (steps: number) => boolean): Promise<number> => {
    const begin = performance.now();
    const before = agent.steps;
    for await (const { totalSteps } of agent.train()) if (enough(totalSteps - before)) break;
    return (performance.now() - begin) / 1000 / (agent.steps - before);
  };
  await until((steps) => steps > setting.learning_starts + setting.train_freq);
  return {
    name: 'spiq',
    warm: async (seconds) => {
      const end = performance.now() + seconds * 1000;
      return until(() => performance.now() >= end);
    },
    time: async (calls) => until((steps) => steps >= calls),
  };
}
