import { expect } from 'chai';
import { Acrobot } from '../../ts/env/acrobot.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import { MountainCar } from '../../ts/env/mountain-car.js';
import type { RuledEnvironment } from '../../ts/env/ruled.js';
import type { TimeLimitOptions } from '../../ts/env/rules.js';
import { SingleSteps } from './single-steps.js';

interface Case {
  readonly file: string;
  readonly steps: number;
  readonly maxSteps: number;
  readonly make: (options?: TimeLimitOptions) => RuledEnvironment;
}

const cases: Readonly<Record<string, Case>> = {
  'CartPole-v1': {
    file: 'cart-pole',
    steps: 10_000,
    maxSteps: 500,
    make: (options) => new CartPole(options),
  },
  'MountainCar-v0': {
    file: 'mountain-car',
    steps: 2400,
    maxSteps: 200,
    make: (options) => new MountainCar(options),
  },
  'Acrobot-v1': {
    file: 'acrobot',
    steps: 2400,
    maxSteps: 500,
    make: (options) => new Acrobot(options),
  },
};

/** Single steps of Gymnasium's own environments, many from states at and beyond the borders. */
for (const [name, { file, steps, maxSteps, make }] of Object.entries(cases)) {
  describe(`${name} of Gymnasium`, () => {
    let recorded: SingleSteps;
    before(() => {
      recorded = new SingleSteps(file);
    });

    it('is matched by every recorded step', () => {
      expect(recorded).to.include({ steps, maxSteps });
      // Both compute in float64 in the same order; only sine and cosine may differ in their last bit.
      expect(recorded.replay(make())).to.be.at.most(1e-12);
    });

    it('begins within the same bounds', () => {
      recorded.checkStarts(make());
    });
  });
}
