import type { Environment, StepResult } from '../../ts/env/env.js';
import { openGames } from '../../ts/env/games/index.js';
import type { EnvironmentGroup } from '../../ts/env/group.js';
import { awaitedContender, type Contender } from '../race.js';
import { checkedSteps } from './trials.js';
import type { StepTrial } from './trials.js';

const actions = 4;

/** The same rule on both sides: it moves, fires, and lives long enough to break bricks. */
export function actionAt(step: number, copy: number): number {
  return (step * 7 + (step >> 3) * 5 + copy * 3) % actions;
}

/** Copies of Breakout that are played on from call to call. */
export class Steps {
  #step = 0;

  private constructor(
    private readonly group: EnvironmentGroup,
    private readonly copies: readonly number[],
    private readonly one: readonly Environment[],
  ) {}

  static async open({ copies: count }: StepTrial): Promise<Steps> {
    const noops = { least: 0, most: 0 };
    const group = await openGames('breakout', { copies: count, noops, install: true });
    const copies = Array.from({ length: count }, (_, copy) => copy);
    const steps = new Steps(group, copies, group.environments);
    await steps.#begin(copies);
    return steps;
  }

  async #begin(copies: readonly number[]): Promise<void> {
    await this.group.reset(copies, copies);
    for (const copy of copies) this.one[copy]!.reset(copy);
  }

  async call(told?: (result: StepResult) => void): Promise<void> {
    const actions = this.copies.map((copy) => actionAt(this.#step, copy));
    this.#step += 1;
    await this.group.step(this.copies, actions);
    const ended: number[] = [];
    for (const copy of this.copies) {
      const result = this.one[copy]!.step(actions[copy]!);
      told?.(result);
      if (result.terminated || result.truncated) ended.push(copy);
    }
    if (ended.length > 0) await this.#begin(ended);
  }

  /** Rewards, ends and pixels of the first steps, all added. */
  async outputs(): Promise<number[]> {
    let [rewards, ends, pixels] = [0, 0, 0];
    for (let step = 0; step < checkedSteps; step += 1) {
      await this.call(({ observation, reward, terminated }) => {
        rewards += reward;
        ends += Number(terminated);
        // Where a game ends within a step, Gymnasium's wrapper shows frames of the step before.
        if (!terminated) for (const value of observation) pixels += value;
      });
    }
    return [rewards, ends, pixels];
  }

  contender(): Contender {
    return awaitedContender('spiq', async () => this.call());
  }

  close(): Promise<void> {
    return this.group.close();
  }
}
