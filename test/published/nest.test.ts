import { expect } from 'chai';
import path from 'node:path';
import { convert } from '../../ts/convert/index.js';
import { Network } from '../../ts/network.js';
import { askEngine, enginePython, expectAllOk } from '../bridge/python-engines.js';
import { told } from '../bridge/spiq-nets.js';
import { fixtures, floats, needFixtures, npz } from './fixtures.js';

describe('published networks in NEST', function () {
  this.timeout(300_000);
  before(async function () {
    needFixtures(this);
    await enginePython('nest');
  });

  it('CartPole, converted, fires as in spiq: every tenth observation of the replay', async () => {
    const replay = floats(npz('replay', 'cartpole_a_dqn', 'memory_inputs.npz'), 'arr_0');
    const network = await Network.load(path.join(fixtures, 'nets', 'cartpole_a_dqn.onnx'));
    const converted = await convert(network, {
      calibration: replay,
      method: 'robust',
      percentile: 0.99,
    });
    const rows = replay.filter((_, k) => Math.floor(k / 4) % 10 === 0);
    const nets = (['subtraction', 'zero'] as const).flatMap((reset) =>
      (['direct', 'dsqn'] as const).map((semantics) =>
        told(converted, rows, {
          ...{ reset, semantics, steps: 100, epsilon: 1e-5 },
          readout: 'potential',
        }),
      ),
    );
    for (const backend of ['nest', 'pynn-nest']) {
      const found = await askEngine('nest', 'spiq_checks.py', [backend], nets);
      const differences = found as { counts: number; potentials: number }[];
      expect(differences.map(({ counts }) => counts)).to.deep.equal([0, 0, 0, 0]);
      expect(Math.max(...differences.map(({ potentials }) => potentials))).to.be.at.most(1e-9);
    }
  });

  it("the published agent's own ways give what was recorded of them", async () => {
    await expectAllOk('nest', 'published_checks.py', [path.join(fixtures, 'nest')], 4);
  });
});
