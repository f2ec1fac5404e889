import { expect } from 'chai';
import { convert } from '../../ts/convert/index.js';
import type { ConvertOptions } from '../../ts/convert/index.js';
import { SpiqError } from '../../ts/errors.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { agreementOf, classesOf, meanError } from './agreement.js';
import { needProgram } from './need.js';
import { synthesiser } from './speech.js';
import { wakeModel } from './wake-features.js';
import { recipes, wakeNet } from './wake-words.js';
import type { WakeNet } from './wake-words.js';

const steps = 64;
const method: ConvertOptions = { method: 'percentile', percentile: 0.9999, initial: 0.5, steps };
const leastAgreement = 0.99;
const leastWindows = 200;
const leastShare = 0.05;

for (const recipe of recipes) {
  describe(`the trained wake-word network '${recipe.name}'`, function () {
    // Speaking all sentences takes a minute where build/wake-words does not have them yet.
    this.timeout(300_000);

    let net: WakeNet;
    let float: Network;
    let logits: Float32Array;

    before(async function () {
      needProgram(this, synthesiser, ['--version'], 'no espeak-ng: install the package espeak-ng');
      net = await wakeNet(recipe);
      float = await Network.load(net.modelPath);
      logits = await float.forward(net.windows);
    });

    it('is tried with enough windows, each class among them', () => {
      const counts = Array.from({ length: recipe.classes }, () => 0);
      for (const label of net.labels) counts[label]! += 1;
      process.stdout.write(`      windows of each class: ${counts.join(', ')}\n`);
      expect(net.labels.length).to.be.at.least(leastWindows);
      expect(Math.min(...counts)).to.be.at.least(leastShare * net.labels.length);
    });

    it('imports, and decides as the file does in onnxruntime', () => {
      expect(float.origin?.check).to.include({ status: 'verified' });
      expect(float.inputSize).to.equal(net.size);
      expect(classesOf(logits, float.outputSize)).to.deep.equal(net.labels);
    });

    it(`decides alike as a spiking network after ${steps} steps`, async () => {
      const spiking = await convert(float, { ...method, calibration: net.calibration });
      const { q } = await new Simulator(spiking, { steps }).run(net.windows);
      const classes = classesOf(q!, float.outputSize);
      const agreement = agreementOf(classes, net.labels);
      const error = meanError(q!, logits);
      const percent = (100 * agreement).toFixed(2);
      process.stdout.write(
        `      ${percent} % of ${classes.length} decisions alike, mean logit error ${error.toFixed(3)}\n`,
      );
      expect(agreement).to.be.at.least(leastAgreement);
    });
  });
}

describe('networks of the wake-word package that are no chain of layers with ReLUs', () => {
  for (const name of ['hey_mycroft_v0.1', 'hey_rhasspy_v0.1', 'hey_jarvis_v0.1', 'silero_vad']) {
    it(`${name} is refused with what cannot be imported`, async () => {
      try {
        await Network.load(wakeModel(`${name}.onnx`));
      } catch (error) {
        expect(error).to.be.instanceOf(SpiqError).with.property('code', 'E_UNSUPPORTED');
        return;
      }
      expect.fail(`${name} was imported`);
    });
  }

  it('the deep embedding network with its leaky ReLUs imports', async function () {
    this.timeout(120_000);
    const network = await Network.load(wakeModel('embedding_model.onnx'));
    expect(network.origin?.check).to.include({ status: 'verified' });
  });
});
