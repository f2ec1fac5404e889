import { expect } from 'chai';
import { ReinforceAgent } from '../../ts/agent/reinforce.js';
import { Corridor } from './corridor.js';

describe('REINFORCE agent', function () {
  this.timeout(60_000);

  it('learns the shortest way through a corridor, float and spiking', async () => {
    for (const extra of [
      {},
      { spiking: true, weightScale: 2, surrogateSlope: 5, outputScale: 0.05 },
    ]) {
      const agent = new ReinforceAgent(
        {
          ...{ episodes: 200, maxSteps: 40, hidden: [16], episodesPerUpdate: 2 },
          ...{ gamma: 0.95, goal: null, seed: 1 },
          ...extra,
        },
        { environment: (maxSteps) => new Corridor(maxSteps) },
      );
      const lengths: number[] = [];
      for await (const { steps } of agent.train()) lengths.push(steps);
      const last = lengths.slice(-30).reduce((a, b) => a + b, 0) / 30;
      expect(last).to.be.lessThan(9);
      expect(agent.updates).to.equal(100);
      agent.close();
    }
  });

  it('updates after each episode, as published, unless told otherwise', async () => {
    const agent = new ReinforceAgent({ episodes: 6, maxSteps: 20, goal: null, seed: 2 });
    const updates: number[] = [];
    for await (const told of agent.train()) {
      updates.push(told.updates);
      expect(told.loss).to.be.a('number');
      expect([told.epsilon, told.meanQ, told.remembered]).to.deep.equal([null, null, 0]);
    }
    expect(updates).to.deep.equal([1, 2, 3, 4, 5, 6]);
    agent.close();
  });
});
