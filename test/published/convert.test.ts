import path from 'node:path';
import { expect } from 'chai';
import { convert } from '../../ts/convert/index.js';
import type { ConvertOptions } from '../../ts/convert/index.js';
import { toFloat64 } from '../../ts/formats/npz/index.js';
import { Network } from '../../ts/network.js';
import { fixtures, floats, largest, largestDifference, needFixtures, npz } from './fixtures.js';

const nets = ['cartpole_a_dqn', 'cartpole_a_classifier', 'cartpole_b_dqn', 'mountaincar_b_dqn'];

const methods: Record<string, ConvertOptions> = {
  robust_p99: { method: 'robust', percentile: 0.99 },
  robust_p95: { method: 'robust', percentile: 0.95 },
  robust_p999: { method: 'robust', percentile: 0.999 },
  data: { method: 'data' },
  model: { method: 'model' },
};

/** The manifest's 1e-6 relative, of the largest entry: the original's own arithmetic is float32. */
function expectEqual(ours: ArrayLike<number>, golden: ArrayLike<number>, what: string): void {
  expect(largestDifference(ours, golden) / largest(golden), what).to.be.at.most(1e-6);
}

describe('published: weight conversion (fixtures/convert)', () => {
  before(function () {
    needFixtures(this);
  });

  for (const name of nets) {
    it(`${name}: robust .95 .99 .999, data and model`, async () => {
      const network = await Network.load(path.join(fixtures, 'nets', `${name}.onnx`));
      const replay = name.startsWith('cartpole') ? 'cartpole_a_dqn' : 'mountaincar_b_dqn';
      const calibration = toFloat64(npz('replay', replay, 'memory_inputs.npz').get('arr_0')).data;
      const golden = npz('convert', `${name}.npz`);
      for (const [key, options] of Object.entries(methods)) {
        const { graph } = await convert(network, { ...options, calibration });
        expectEqual(graph.conversion!.scale, floats(golden, `${key}.scale`), `${key} scale`);
        const dense = graph.nodes.filter((node) => node.kind === 'dense');
        expect(dense).to.have.length(3);
        dense.forEach(({ weight, bias }, layer) => {
          expect(weight.shape).to.deep.equal(golden.get(`${key}.w${layer}`).shape);
          expectEqual(weight.data, floats(golden, `${key}.w${layer}`), `${key} w${layer}`);
          expectEqual(bias!.data, floats(golden, `${key}.b${layer}`), `${key} b${layer}`);
        });
      }
    });
  }
});
