import { expect } from 'chai';
import { convert } from '../../ts/convert/index.js';
import type { ConvertOptions } from '../../ts/convert/index.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { agreementOf, classesOf, relativeError } from '../third-party/agreement.js';
import { ExportedNets } from './exported-nets.js';
import { note } from './notes.js';

const method: ConvertOptions = { method: 'channel-percentile' };
const stepCounts = [64, 256, 1024];

describe('networks of torchvision as spiking networks', () => {
  const nets = ['resnet18-torchscript', 'mobilenet_v2-torchscript'];
  const exported = new ExportedNets();

  before(() => {
    exported.make('export_nets.py', nets);
  });

  after(() => exported.remove());

  for (const name of nets) {
    it(`${name} comes closer to the float network the more steps it has`, async () => {
      const float = await Network.load(exported.modelPath(name));
      const { data: input } = exported.array(name, 'input');
      const answers = await float.forward(input);
      const classes = classesOf(answers, float.outputSize);
      const calibration = exported.array(name, 'calibration').data;
      const spiking = await convert(float, { ...method, calibration, steps: stepCounts.at(-1)! });

      const errors: number[] = [];
      for (const steps of stepCounts) {
        const { q } = await new Simulator(spiking, { steps }).run(input);
        const agreement = agreementOf(classesOf(q!, float.outputSize), classes);
        const error = relativeError(q!, answers, float.outputSize);
        note(`${name} in ${steps} steps`, { agreement, relativeError: error });
        process.stdout.write(
          `      T ${steps}: ${(100 * agreement).toFixed(1)} % alike, relative error ${error.toFixed(3)}\n`,
        );
        errors.push(error);
      }
      expect(errors.at(-1)).to.be.lessThan(errors[0]!);
    });
  }
});
