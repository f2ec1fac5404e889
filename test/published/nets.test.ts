import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { Network } from '../../ts/network.js';
import { fixtures, floats, largest, largestDifference, needFixtures, npz } from './fixtures.js';

describe('published: float networks (fixtures/nets)', () => {
  before(function () {
    needFixtures(this);
  });

  it('every ONNX file and bare npz computes the recorded Q-values', async () => {
    const files = readdirSync(path.join(fixtures, 'nets')).filter((name) => name.endsWith('.onnx'));
    expect(files).to.have.length(10);
    for (const name of files) {
      const stem = name.replace(/(\.variant_\w+)?\.onnx$/, '');
      const recorded = npz('nets', `${stem}.npz`);
      const q = floats(recorded, 'q_values');
      const imported = await Network.load(path.join(fixtures, 'nets', name));
      expect(imported.origin?.check?.status, name).to.equal('verified');
      const bare = await Network.load(path.join(fixtures, 'nets', `${stem}.npz`), {
        layout: 'out-in',
      });
      for (const network of [imported, bare]) {
        const ours = await network.forward(floats(recorded, 'obs'));
        // The manifest measured 3.1e-5 between onnxruntime and the original; Q-values reach about 100.
        expect(largestDifference(ours, q) / (1 + largest(q)), name).to.be.at.most(2e-6);
      }
    }
  });
});
