import { expect } from 'chai';
import { ClassifierAgent } from '../../ts/agent/classifier.js';
import type { ClassifierParameters } from '../../ts/agent/classifier-parameters.js';
import { recordedSides } from './recorded-sides.js';

describe('classifier of recorded play', function () {
  this.timeout(60_000);

  it('learns the recorded actions, float and spiking', async () => {
    const recorded = recordedSides(1000);
    const spiking: Partial<ClassifierParameters> = {
      spiking: true,
      initialisation: 'normal',
      weightScale: 2,
      surrogateSlope: 5,
    };
    for (const extra of [{}, spiking]) {
      const agent = new ClassifierAgent(
        { hidden: [24], learningRate: 1e-2, batches: 1500, reportEvery: 500, seed: 4, ...extra },
        { recorded },
      );
      const accuracies: number[] = [];
      for await (const { updates, loss, accuracy } of agent.train()) {
        expect(updates).to.equal(500 * accuracies.push(accuracy));
        expect(loss).to.be.within(0, 1);
      }
      expect(accuracies).to.have.length(3);
      expect(accuracies.at(-1)).to.be.greaterThan(0.95);
      expect(agent.finished).to.equal(true);
      agent.close();
    }
  });

  it('refuses play that is too short for a batch, or whose arrays disagree', () => {
    const recorded = recordedSides(49);
    expect(() => new ClassifierAgent({}, { recorded })).to.throw(/at least 50 rows, received 49/);
    const torn = { ...recordedSides(100), outputs: new Float32Array(4 * 99) };
    expect(() => new ClassifierAgent({}, { recorded: torn })).to.throw(/recorded observations/);
  });
});
