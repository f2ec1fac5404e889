import path from 'node:path';
import { expect } from 'chai';
import { argmaxRows } from '../../ts/agent/argmax.js';
import { calibrationFromEnv } from '../../ts/agent/calibration.js';
import type { EnvironmentRowsOptions } from '../../ts/agent/calibration.js';
import { convert } from '../../ts/convert/index.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import type { Environment } from '../../ts/env/env.js';
import { uniformsOf } from '../../ts/env/philox.js';
import { Network } from '../../ts/network.js';
import { randomNetwork } from '../conformance/random-nets.js';
import { expectRejected } from '../facade/refused.js';
import { repositoryRoot } from '../scripts/repository.js';

async function rowsOf(network: Network, options: EnvironmentRowsOptions): Promise<Float32Array[]> {
  const pieces: Float32Array[] = [];
  for await (const piece of calibrationFromEnv(network, options)) pieces.push(piece);
  return pieces;
}

describe('calibration from play', function () {
  this.timeout(30_000);
  let network: Network;
  const short = (): Environment => new CartPole({ maxSteps: 20 });

  before(async () => {
    network = await Network.load(path.join(repositoryRoot, 'models', 'cartpole-dqn.onnx'));
  });

  it('is what one episode after the other visits', async () => {
    const [seed, epsilon, episodes] = [11, 0.2, 40];
    const random = uniformsOf(seed, 1024);
    const visited: string[] = [];
    let explored = 0;
    for (let episode = 0; episode < episodes; episode += 1) {
      const environment = short();
      let observation = environment.reset(seed + episode).slice();
      for (let step = 0; ; step += 1) {
        visited.push(observation.join());
        const [best] = argmaxRows(network.forwardSync(observation), 1);
        const explores = random(episode, step, 0) < epsilon;
        if (explores) explored += 1;
        const action = explores ? Math.floor(random(episode, step, 1) * 2) : best!;
        const result = environment.step(action);
        if (result.terminated || result.truncated) break;
        observation = result.observation.slice();
      }
    }
    const pieces = await rowsOf(network, { environment: short, episodes, seed, epsilon });
    const rows = pieces.flatMap((piece) =>
      Array.from({ length: piece.length / 4 }, (_, k) => piece.slice(4 * k, 4 * k + 4).join()),
    );
    expect(rows.sort()).to.deep.equal(visited.sort());
    expect(explored / visited.length).to.be.closeTo(epsilon, 0.1);
  });

  it('is the same for the same seed, and another for another', async () => {
    const options = { environment: 'cart-pole', episodes: 3 } as const;
    const [one, again] = [await rowsOf(network, options), await rowsOf(network, options)];
    expect(one).to.deep.equal(again);
    expect(await rowsOf(network, { ...options, seed: 1 })).to.not.deep.equal(one);
  });

  it('calibrates a conversion, and stops at the rows that are wanted', async () => {
    const calibration = calibrationFromEnv(network, { environment: 'cart-pole' });
    const spiking = await convert(network, { calibration, calibrationRows: 500 });
    expect(spiking.graph.conversion).to.include({ calibrationRows: 500 });
  });

  it('is refused where network and environment do not fit, and of wrong numbers', async () => {
    const cases = [
      [randomNetwork([5, 3, 2]), {}, 'E_SHAPE', 'observations of the environment'],
      [randomNetwork([4, 3, 3]), {}, 'E_SHAPE', 'actions of the environment'],
      [network, { episodes: 0 }, 'E_RANGE', 'episodes'],
      [network, { seed: -1 }, 'E_RANGE', 'seed'],
      [network, { epsilon: 1.5 }, 'E_RANGE', 'epsilon'],
      [network, { epsilom: 1 }, 'E_ARGUMENT', 'epsilom'],
      [network, { environment: 'pong' }, 'E_ARGUMENT', 'cart-pole'],
      [network, { signal: AbortSignal.abort() }, 'E_CANCELLED', 'abort signal'],
    ] as const;
    for (const [player, more, code, part] of cases) {
      const options = { environment: 'cart-pole', ...more } as EnvironmentRowsOptions;
      await expectRejected(async () => rowsOf(player, options), code, part);
    }
  });
});
