import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { decodeCheckpoint, encodeCheckpoint } from '../../ts/agent/checkpoint.js';
import type { AgentCheckpoint } from '../../ts/agent/checkpoint.js';
import { ClassifierAgent } from '../../ts/agent/classifier.js';
import { DqnAgent } from '../../ts/agent/dqn.js';
import type { DqnParameters } from '../../ts/agent/dqn-parameters.js';
import { ReinforceAgent } from '../../ts/agent/reinforce.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import type { Environment } from '../../ts/env/env.js';
import { encodeNetwork } from '../../ts/formats/spiq-npz.js';
import type { Network } from '../../ts/network.js';
import { Workspace } from '../cli/workspace.js';
import { moduleUrl } from '../lifecycle/child.js';
import { recordedSides } from './recorded-sides.js';

interface Trained {
  readonly told: readonly unknown[];
  readonly network: Uint8Array;
  readonly chosen: Uint8Array;
}

interface Agent {
  train(options?: { signal?: AbortSignal }): AsyncGenerator;
  checkpoint(): AgentCheckpoint;
  network(): Network;
  chosen(): { readonly network: Network };
  close(): void;
}

async function finish(agent: Agent): Promise<Trained> {
  const told: unknown[] = [];
  for await (const progress of agent.train()) told.push(progress);
  const network = encodeNetwork(agent.network().graph);
  const chosen = encodeNetwork(agent.chosen().network.graph);
  agent.close();
  return { told, network, chosen };
}

/** The first so many reports of an agent, and the checkpoint after them, as the bytes of a file. */
async function begin(
  agent: Agent,
  reports: number,
): Promise<{ told: unknown[]; bytes: Uint8Array }> {
  const told: unknown[] = [];
  for await (const progress of agent.train()) if (told.push(progress) === reports) break;
  const bytes = encodeCheckpoint(agent.checkpoint());
  agent.close();
  return { told, bytes };
}

const dqn: Partial<DqnParameters> = {
  ...{ episodes: 30, maxSteps: 60, memory: 400, batch: 16, goal: 15, goalStay: 2, seed: 11 },
  ...{ hidden: [12, 8], validateEvery: 4, validateEpisodes: 3, validateSteps: 60 },
};

const cases: Readonly<Record<string, Partial<DqnParameters>>> = {
  'a float network': {},
  'a spiking network': { spiking: true, simulationSteps: 8, weightScale: 2 },
  'a spiking network fed by chance': { spiking: true, simulationSteps: 8, encoding: 'poisson' },
  'priorities and three steps': { prioritised: true, nStep: 3 },
  'three copies': { copies: 3, target: 'soft' },
  'two frames, dueling': { frames: 2, dueling: true, learningRateEnd: 1e-4 },
};

describe('training resumed from a checkpoint', function () {
  this.timeout(120_000);
  const work = new Workspace();

  for (const [name, extra] of Object.entries(cases)) {
    it(`goes on bit for bit: DQN, ${name}`, async () => {
      const parameters = { ...dqn, ...extra };
      const whole = await finish(new DqnAgent(parameters));
      for (const reports of [1, 13]) {
        const { told, bytes } = await begin(new DqnAgent(parameters), reports);
        const rest = await finish(DqnAgent.resume(decodeCheckpoint(bytes)));
        expect([...told, ...rest.told]).to.deep.equal(whole.told);
        expect(rest.network).to.deep.equal(whole.network);
        expect(rest.chosen).to.deep.equal(whole.chosen);
      }
    });
  }

  it('goes on bit for bit in another process, from a checkpoint in the middle of an episode', async () => {
    const parameters = { ...dqn, episodes: 24 };
    const whole = await finish(new DqnAgent(parameters));
    const abort = new AbortController();
    let steps = 0;
    const environment = (maxSteps: number): Environment => {
      const inner = new CartPole({ maxSteps });
      const step = (action: number) => {
        if ((steps += 1) === 205) abort.abort();
        return inner.step(action);
      };
      const { observationSpace, actionSpace } = inner;
      return { observationSpace, actionSpace, reset: (seed) => inner.reset(seed), step };
    };
    const agent = new DqnAgent(parameters, { environment });
    const told: unknown[] = [];
    let code: unknown;
    try {
      for await (const progress of agent.train({ signal: abort.signal })) told.push(progress);
    } catch (error) {
      ({ code } = error as { code: unknown });
    }
    expect(code).to.equal('E_CANCELLED');
    const checkpoint = agent.checkpoint();
    const [file, result] = [work.path('checkpoint.npz'), work.path('result.json')];
    writeFileSync(file, encodeCheckpoint(checkpoint));
    const program = `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { DqnAgent, decodeCheckpoint } from '${moduleUrl('ts', 'index.js')}';
      const agent = DqnAgent.resume(decodeCheckpoint(readFileSync('${file}')));
      const told = [];
      for await (const progress of agent.train()) told.push(progress);
      const weights = agent.network().graph.nodes.flatMap((node) => node.weight ? [...node.weight.data] : []);
      writeFileSync('${result}', JSON.stringify({ told, weights }));`;
    const child = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    expect(child.status, child.stderr).to.equal(0);
    const rest = JSON.parse(readFileSync(result, 'utf8')) as { told: unknown[]; weights: number[] };
    expect([...told, ...rest.told]).to.deep.equal(whole.told);
    const alone = new DqnAgent(parameters);
    await finish({ ...handles(alone), close: () => undefined });
    const weights = alone
      .network()
      .graph.nodes.flatMap((node) => ('weight' in node ? [...node.weight.data] : []));
    expect(rest.weights).to.deep.equal(weights);
  });

  it('goes on bit for bit: REINFORCE, between and within updates', async () => {
    const parameters = {
      ...{ episodes: 20, maxSteps: 50, episodesPerUpdate: 4, goal: 15, seed: 3 },
      ...{ validateEvery: 5, validateEpisodes: 3, validateSteps: 50 },
    };
    const whole = await finish(new ReinforceAgent(parameters));
    for (const reports of [4, 10, 11]) {
      const { told, bytes } = await begin(new ReinforceAgent(parameters), reports);
      const rest = await finish(ReinforceAgent.resume(decodeCheckpoint(bytes)));
      expect([...told, ...rest.told]).to.deep.equal(whole.told);
      expect(rest.network).to.deep.equal(whole.network);
    }
  });

  it('goes on bit for bit: the classifier, and refuses other recorded play', async () => {
    const recorded = recordedSides(600);
    const parameters = { batches: 230, reportEvery: 50, batch: 20, hidden: [8], seed: 2 };
    const whole = await finish(new ClassifierAgent(parameters, { recorded }));
    const { told, bytes } = await begin(new ClassifierAgent(parameters, { recorded }), 2);
    const checkpoint = decodeCheckpoint(bytes);
    const rest = await finish(ClassifierAgent.resume(checkpoint, { recorded }));
    expect([...told, ...rest.told]).to.deep.equal(whole.told);
    expect(rest.network).to.deep.equal(whole.network);
    const other = { recorded: recordedSides(601) };
    expect(() => ClassifierAgent.resume(checkpoint, other)).to.throw(
      /recorded play: expected that of/,
    );
  });

  it('refuses a checkpoint of another kind, damaged bytes and a newer version', async () => {
    const { bytes } = await begin(new DqnAgent({ ...dqn, episodes: 3 }), 1);
    const checkpoint = decodeCheckpoint(bytes);
    expect(() => ReinforceAgent.resume(checkpoint)).to.throw(/one of the agent reinforce/);
    for (const at of [40, bytes.length >> 1, bytes.length - 30]) {
      const damaged = bytes.slice();
      damaged[at] = damaged[at]! ^ 0x55;
      expect(() => DqnAgent.resume(decodeCheckpoint(damaged)), `byte ${at}`).to.throw();
    }
    expect(() => decodeCheckpoint(bytes.subarray(0, bytes.length - 5))).to.throw();
    const { trainer, ...parts } = checkpoint.parts;
    expect(trainer).to.be.instanceOf(Uint8Array);
    const bare = { ...checkpoint, parts };
    expect(() => DqnAgent.resume(bare)).to.throw(/checkpoint: expected a part 'trainer'/);
    const state = { ...checkpoint.state, steps: -1 };
    expect(() => DqnAgent.resume({ ...checkpoint, state })).to.throw(/field 'steps': expected/);
    const parameters = { ...checkpoint.parameters, bach: 1 };
    expect(() => DqnAgent.resume({ ...checkpoint, parameters })).to.throw(/received bach/);
  });
});

function handles(agent: DqnAgent): Agent {
  return {
    train: (options) => agent.train(options),
    checkpoint: () => agent.checkpoint(),
    network: () => agent.network(),
    chosen: () => agent.chosen(),
    close: () => {
      agent.close();
    },
  };
}
