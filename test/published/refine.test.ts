import { expect } from 'chai';
import { Calibration } from '../../ts/convert/index.js';
import type { ConversionMethod } from '../../ts/convert/index.js';
import { heldBack, loadCase, similarityTo } from '../../bench/conversion/cases.js';
import type { ConversionCase, NetName } from '../../bench/conversion/cases.js';
import { fixtures, needFixtures } from './fixtures.js';

interface Figure {
  readonly net: NetName;
  readonly steps: number;
  readonly method: ConversionMethod;
  readonly burst?: number;
  /** Share of held-back rows with the float network's action. */
  readonly least: number;
}

const figures: readonly Figure[] = [
  { net: 'cartpole_a_classifier', steps: 100, method: 'balance', least: 0.995 },
  { net: 'mountaincar_b_dqn', steps: 100, method: 'refit', least: 0.995 },
  { net: 'cartpole_b_dqn', steps: 100, method: 'refit', least: 0.98 },
  { net: 'cartpole_a_dqn', steps: 100, method: 'refit', least: 0.95 },
  { net: 'cartpole_a_classifier', steps: 32, method: 'refit', least: 0.99 },
  { net: 'mountaincar_b_dqn', steps: 32, method: 'refit', least: 0.98 },
  { net: 'cartpole_b_dqn', steps: 32, method: 'refit', least: 0.95 },
  { net: 'cartpole_a_dqn', steps: 32, method: 'refit', least: 0.85 },
  { net: 'cartpole_b_dqn', steps: 32, method: 'tuned', least: 0.98 },
  { net: 'cartpole_a_dqn', steps: 32, method: 'tuned', least: 0.93 },
  { net: 'cartpole_a_classifier', steps: 32, method: 'refit', burst: 32, least: 0.99 },
  { net: 'mountaincar_b_dqn', steps: 32, method: 'refit', burst: 32, least: 0.99 },
  { net: 'cartpole_b_dqn', steps: 32, method: 'refit', burst: 32, least: 0.99 },
  { net: 'cartpole_a_dqn', steps: 32, method: 'refit', burst: 32, least: 0.99 },
];

/** Each calibrated on nine rows in ten and scored on the tenth. `npm run bench:conversion` has all methods and T. */
describe('published: similarity of refined conversions', () => {
  const calibrations = new Map<NetName, { calibration: Calibration; known: ConversionCase }>();

  before(function () {
    needFixtures(this);
  });

  for (const { net, steps, method, burst = 1, least } of figures) {
    const bursts = burst === 1 ? '' : `, up to ${burst} spikes a step`;
    it(`${net}: ${method} at T = ${steps}${bursts} reaches ${least * 100} %`, async function () {
      this.timeout(60_000);
      let kept = calibrations.get(net);
      if (kept === undefined) {
        const known = await loadCase(fixtures, net);
        kept = { known, calibration: new Calibration(known.network) };
        await kept.calibration.add(known.calibration);
        calibrations.set(net, kept);
      }
      const { known, calibration } = kept;
      expect(calibration.rows + known.test.length / known.network.inputSize).to.equal(
        known.rows.length / known.network.inputSize,
      );
      expect(known.test.length).to.equal(heldBack(known.rows, known.network.inputSize).length);
      const spiking = await calibration.convert({ method, steps, burst });
      expect(await similarityTo(known, spiking, steps)).to.be.at.least(least);
    });
  }
});
