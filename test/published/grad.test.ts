import { expect } from 'chai';
import { decodeBareWeights } from '../../ts/formats/bare-weights.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { Decoding } from '../../ts/simulator.js';
import {
  floats,
  json,
  largestDifference,
  needFixtures,
  npz,
  tolerance,
  withPrefix,
} from './fixtures.js';

interface Case {
  readonly key: string;
  readonly T: number;
  readonly reset: 'subtraction' | 'zero';
  readonly decoding: Decoding;
  readonly alpha: number;
  readonly beta: number;
  readonly threshold: number;
  readonly add_bias_as_observation: boolean;
}

describe('published: forward outputs behind the surrogate gradients (fixtures/grad)', () => {
  before(function () {
    needFixtures(this);
  });

  it('all 11 cases', () => {
    const file = npz('grad', 'surrogate_gradients.npz');
    const cases = json<Case[]>('grad', 'surrogate_gradients.json');
    expect(cases).to.have.length(11);
    for (const {
      key,
      T,
      reset,
      decoding,
      alpha,
      beta,
      threshold,
      add_bias_as_observation,
    } of cases) {
      const { graph } = decodeBareWeights(withPrefix(file, `${key}.`), { layout: 'in-out' });
      const simulator = new Simulator(Network.fromGraph(graph), {
        semantics: 'dsqn',
        steps: T,
        reset,
        decoding,
        alpha,
        beta,
        threshold,
        biasAsObservation: add_bias_as_observation,
      });
      const golden = floats(file, `${key}.out`);
      const { out } = simulator.runSync(floats(file, `${key}.obs`));
      expect(largestDifference(out, golden), key).to.be.at.most(tolerance(golden));
    }
  });
});
