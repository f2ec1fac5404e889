import { expect } from 'chai';
import { SpiqError } from '../../ts/errors.js';
import type { Environment, Saved } from '../../ts/env/env.js';
import { environmentNames, makeEnvironment } from '../../ts/env/registry.js';
import { withHistory, withNoopStarts, withTimeLimit } from '../../ts/env/wrappers/index.js';
import { seededNumbers } from '../formats/helpers/mutate.js';

const damaged = 400;
const strange: readonly Saved[] = [
  ...[0, -1, 0.5, 3, 1e9, -1e300, 2 ** 32, 2 ** 53],
  ...[null, true, '', 'running', 'ended', [], {}, [1, 2]],
  ...[NaN, Infinity],
];

/** Puts something else in the place of one of the values within. */
function spoil(saved: Saved, next: (limit: number) => number): Saved {
  if (typeof saved !== 'object' || saved === null || next(8) === 0) {
    return strange[next(strange.length)]!;
  }
  if (Array.isArray(saved)) {
    const list = [...(saved as readonly Saved[])];
    const at = next(list.length + 1);
    if (at === list.length) return next(2) === 0 ? list.slice(1) : [...list, 0];
    list[at] = spoil(list[at]!, next);
    return list;
  }
  const entries = Object.entries(saved);
  const chosen = next(entries.length);
  return Object.fromEntries(
    entries.flatMap(([name, value], k) => {
      if (k !== chosen) return [[name, value]];
      return next(10) === 0 ? [] : [[name, spoil(value, next)]];
    }),
  );
}

const wrapped = (): Environment =>
  withHistory(withTimeLimit(withNoopStarts(makeEnvironment('acrobot')(), { most: 5 }), 90), 3);
const makers: Readonly<Record<string, () => Environment>> = {
  ...Object.fromEntries(environmentNames.map((name) => [name, makeEnvironment(name)])),
  wrapped,
};

describe('damaged saved states of environments', () => {
  for (const [name, make] of Object.entries(makers)) {
    it(`${name}: are refused by E_FORMAT, or are a state to play on from`, () => {
      const next = seededNumbers(name.length);
      let refused = 0;
      for (let round = 0; round < damaged; round += 1) {
        const environment = make();
        environment.reset(round);
        for (let step = 0; step < round % 20; step += 1) {
          const { terminated, truncated } = environment.step(0);
          if (terminated || truncated) environment.reset();
        }
        const before = JSON.stringify(environment.save!());
        const spoilt = spoil(JSON.parse(before) as Saved, next);
        const story = `round ${round}: ${JSON.stringify(spoilt)}`;
        try {
          environment.restore!(spoilt);
        } catch (error) {
          expect(error, story).to.be.instanceOf(SpiqError).with.property('code', 'E_FORMAT');
          expect(JSON.stringify(environment.save!()), story).to.equal(before);
          refused += 1;
        }
        playOn(environment, story);
      }
      expect(refused).to.be.within(damaged / 4, damaged - 20);
    });
  }
});

function playOn(environment: Environment, story: string): void {
  const { size } = environment.observationSpace;
  for (let step = 0; step < 10; step += 1) {
    try {
      const { observation, terminated, truncated } = environment.step(0);
      expect(observation, story).to.have.length(size);
      if (terminated || truncated) environment.reset();
    } catch (error) {
      // Restored as ended, or as never reset.
      expect(error, story).to.be.instanceOf(SpiqError).with.property('code', 'E_STATE');
      environment.reset();
    }
  }
}
