import { expect } from 'chai';
import { evaluate } from '../../ts/agent/evaluate.js';
import { carryingPolicy, floatPolicy, spikingPolicy } from '../../ts/agent/policies.js';
import { convert } from '../../ts/convert/index.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import { readNpzFile, selectArray, toFloat32 } from '../../ts/formats/npz/index.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';

describe('policy that carries residual potentials', () => {
  let float: Network;
  let simulator: Simulator;

  before(async () => {
    float = await Network.load('models/cartpole-dqn.onnx');
    const recorded = selectArray(readNpzFile('models/cartpole-dqn.calibration.npz'));
    const calibration = toFloat32(recorded).data;
    const spiking = await convert(float, { method: 'robust', calibration });
    simulator = new Simulator(spiking, { steps: 16 });
  });

  function play(carry: boolean, episodes: number, seed: number) {
    const policy = carry ? carryingPolicy(simulator, episodes) : spikingPolicy(simulator);
    const compareWith = floatPolicy(float).act;
    const environment = () => new CartPole();
    return evaluate({ environment, act: policy.act, compareWith, episodes, seed });
  }

  it('plays an episode the same alone and beside others', async () => {
    const together = await play(true, 5, 3);
    const alone = await play(true, 1, 5);
    expect(alone.returns[0]).to.equal(together.returns[2]);
  });

  it('keeps the pole up longer than neurons that forget, in so few steps', async () => {
    const [plain, carried] = [await play(false, 40, 0), await play(true, 40, 0)];
    process.stdout.write(
      `      T = 16: similarity ${plain.similarity!.toFixed(3)} (return ${plain.mean.toFixed(0)}), ` +
        `carried ${carried.similarity!.toFixed(3)} (return ${carried.mean.toFixed(0)})\n`,
    );
    expect(carried.mean).to.be.above(plain.mean);
    expect(carried.similarity).to.be.above(plain.similarity!);
  });
});
