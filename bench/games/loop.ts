import { DqnAgent } from '../../ts/agent/dqn.js';
import { readDqnParameters } from '../../ts/agent/dqn-parameters.js';
import type { DqnParameters } from '../../ts/agent/dqn-parameters.js';
import { openArena } from '../../ts/experiments/arena.js';
import type { Arena } from '../../ts/experiments/arena.js';
import { experimentNamed } from '../../ts/experiments/index.js';
import type { Contender } from '../race.js';
import { settingOf } from '../train/loop.js';
import type { LoopTrial } from './trials.js';

/** Several times `train_freq` behind the start of learning. */
export const countedSteps = 400;

function parametersOf({ setting, threads }: LoopTrial): DqnParameters {
  return readDqnParameters({
    ...experimentNamed('nature').parameters,
    threads,
    ...settingOf(setting),
    memoryInFile: false,
    validateEvery: 0,
    validateEpisodes: 1,
    totalSteps: 0,
  });
}

/** A whole agent, begun behind the steps without updates. */
export class Loop {
  private constructor(
    private readonly parameters: DqnParameters,
    private readonly arena: Arena,
    private readonly agent: DqnAgent,
  ) {}

  static async open(trial: LoopTrial): Promise<Loop> {
    const parameters = parametersOf(trial);
    const arena = await openArena(parameters, { install: true });
    const loop = new Loop(parameters, arena, new DqnAgent(parameters, arena.parts));
    await loop.#until((steps) => steps > trial.setting.learning_starts + trial.setting.train_freq);
    return loop;
  }

  /** Steps, updates and weights after `countedSteps`, of an agent of its own. */
  async outputs(): Promise<number[]> {
    const arena = await openArena(this.parameters, { install: true });
    const agent = new DqnAgent({ ...this.parameters, totalSteps: countedSteps }, arena.parts);
    try {
      for await (const { loss } of agent.train()) {
        if (loss !== null && !Number.isFinite(loss)) throw new Error('a loss is not finite');
      }
      const weights = agent
        .network()
        .graph.nodes.reduce(
          (sum, node) =>
            'weight' in node ? sum + node.weight.data.length + (node.bias?.data.length ?? 0) : sum,
          0,
        );
      return [agent.steps, agent.updates, weights];
    } finally {
      agent.close();
      await arena.close();
    }
  }

  async #until(enough: (steps: number) => boolean): Promise<number> {
    const { agent } = this;
    const begin = performance.now();
    const before = agent.steps;
    for await (const { totalSteps } of agent.train()) {
      if (enough(totalSteps - before)) break;
    }
    return (performance.now() - begin) / 1000 / (agent.steps - before);
  }

  contender(): Contender {
    return {
      name: 'spiq',
      warm: (seconds) => {
        const end = performance.now() + seconds * 1000;
        return this.#until(() => performance.now() >= end);
      },
      time: (calls) => this.#until((steps) => steps >= calls),
    };
  }

  async close(): Promise<void> {
    this.agent.close();
    await this.arena.close();
  }
}
