import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { DqnAgent } from '../../ts/agent/dqn.js';
import type { DqnParameters } from '../../ts/agent/dqn-parameters.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import type { Environment } from '../../ts/env/env.js';

const parameters: Partial<DqnParameters> = { memory: 300, batch: 16, episodes: 60, seed: 2 };

async function play(agent: DqnAgent, episodes: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const progress of agent.train()) {
    lines.push(JSON.stringify(progress));
    if (lines.length >= episodes) break;
  }
  return lines;
}

describe('replay memory of an agent in a file', () => {
  let folder: string;
  let replayFile: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spiq-memory-'));
    replayFile = path.join(folder, 'replay.frames');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('teaches the same as one in memory, and goes on from a checkpoint bit for bit', async () => {
    const whole = await play(new DqnAgent(parameters), 60);
    const first = new DqnAgent(parameters, { replayFile });
    const before = await play(first, 20);
    const checkpoint = first.checkpoint();
    first.close();
    const resumed = DqnAgent.resume(checkpoint, { replayFile });
    expect(resumed.memory).to.equal('exact');
    expect([...before, ...(await play(resumed, 40))]).to.deep.equal(whole);
    resumed.close();
  });

  it('is gone on with where it went on too far since the checkpoint', async () => {
    const first = new DqnAgent({ ...parameters, episodes: 200 }, { replayFile });
    await play(first, 20);
    const checkpoint = first.checkpoint();
    // More than a memory of steps, all of which a killed process would have left behind.
    await play(first, 100);
    const { steps } = first;
    first.close();
    expect(steps).to.be.above(Number(checkpoint.state.steps) + 2 * 300);
    const resumed = DqnAgent.resume(checkpoint, { replayFile });
    expect(resumed.memory).to.equal('went on');
    const [next] = await play(resumed, 1);
    expect(JSON.parse(next!)).to.include({ episode: 20, remembered: 300 });
    resumed.close();
  });

  it('is refilled before learning goes on where the file is gone', async () => {
    const careful = { ...parameters, learningStarts: 100 };
    const first = new DqnAgent(careful, { replayFile });
    await play(first, 20);
    const checkpoint = first.checkpoint();
    first.close();
    rmSync(replayFile);
    const resumed = DqnAgent.resume(checkpoint, { replayFile });
    expect(resumed.memory).to.equal('refilled');
    const before = resumed.updates;
    for (const line of await play(resumed, 30)) {
      const { remembered, updates } = JSON.parse(line) as { remembered: number; updates: number };
      if (remembered === 300) break;
      expect(updates - before).to.equal(Math.max(0, remembered - 99), `${remembered} remembered`);
    }
    resumed.close();
  });

  it('is refused where it is damaged, and not lost', async () => {
    const first = new DqnAgent(parameters, { replayFile });
    await play(first, 20);
    const checkpoint = first.checkpoint();
    first.close();
    const copy = path.join(folder, 'copy');
    copyFileSync(replayFile, copy);
    const other = () => new DqnAgent({ ...parameters, memory: 200 }, { replayFile: copy });
    expect(other).to.throw(/capacity/);
    expect(DqnAgent.resume(checkpoint, { replayFile: copy }).memory).to.equal('exact');
  });
});

describe('actions of a checkpoint', () => {
  it('have to be those of the environment', async () => {
    const named = (names: readonly string[]) => (): Environment => {
      const inner = new CartPole();
      return {
        observationSpace: inner.observationSpace,
        actionSpace: { ...inner.actionSpace, names },
        reset: (seed) => inner.reset(seed),
        step: (action) => inner.step(action),
      };
    };
    const agent = new DqnAgent(parameters, { environment: named(['left', 'right']) });
    await play(agent, 2);
    const checkpoint = agent.checkpoint();
    const other = () => DqnAgent.resume(checkpoint, { environment: named(['right', 'left']) });
    expect(other).to.throw(
      /actions of the environment: expected left, right, as in the checkpoint/,
    );
  });
});
