import { expect } from 'chai';
import { checkEnvironment } from '../../ts/env/check-environment.js';
import type { Environment } from '../../ts/env/env.js';
import { Random } from '../../ts/env/random.js';
import { environmentNames, makeEnvironment } from '../../ts/env/registry.js';
import { vectorise } from '../../ts/env/vectorise.js';
import {
  withActionRepeat,
  withHistory,
  withNoopStarts,
  withObservation,
  withReward,
  withTimeLimit,
} from '../../ts/env/wrappers/index.js';
import { expectError } from '../formats/helpers/expect-error.js';
import { Corridor } from '../env/corridor.js';

const maxSteps = 60;
const car = makeEnvironment('mountain-car', maxSteps);

/** Every environment there is, in every dress. */
const environments: Readonly<Record<string, () => Environment>> = {
  ...Object.fromEntries(environmentNames.map((name) => [name, makeEnvironment(name, maxSteps)])),
  "a user's class": makeEnvironment(Corridor),
  "a user's function with a time limit": makeEnvironment(() => new Corridor(), 7),
  'another reward': () => withReward(car(), (reward, [place = 0]) => reward + place),
  'another observation': () => withObservation(car(), ([x = 0, v = 0]) => [v, x], swapped),
  'a history': () => withHistory(car(), 3, { order: 'newest-first', padding: 'zeros' }),
  'a history of two': () => withHistory(car(), 2),
  'a time limit': () => withTimeLimit(car(), 11),
  'repeated actions': () => withActionRepeat(car(), 4),
  'no-op starts': () => withNoopStarts(car(), { most: 9, least: 2 }),
  'many wrappers': () =>
    withHistory(withTimeLimit(withNoopStarts(withActionRepeat(car(), 2), { most: 5 }), 20), 2),
};
const swapped = { kind: 'box', size: 2, low: [-0.07, -1.2], high: [0.07, 0.6] } as const;

for (const [name, make] of Object.entries(environments)) {
  describe(`conformance: ${name}`, () => {
    it('keeps to the interface', () => {
      checkEnvironment(make);
    });

    it('refuses wrong calls, which change nothing', () => {
      const environment = make();
      const { count } = environment.actionSpace;
      expectError(() => environment.step(0), 'E_STATE', 'an environment never reset');
      const first = [...environment.reset(3)];
      for (const action of [-1, 0.5, NaN, count, '0' as unknown as number]) {
        expectError(() => environment.step(action), 'E_ARGUMENT', 'action: expected');
      }
      for (const seed of [-1, 0.5, NaN, 2 ** 53]) {
        expectError(() => environment.reset(seed), 'E_RANGE', 'seed');
      }
      const untouched = make();
      expect([...untouched.reset(3)]).to.deep.equal(first);
      expect([...environment.step(count - 1).observation]).to.deep.equal([
        ...untouched.step(count - 1).observation,
      ]);
    });

    it('refuses steps after the end', () => {
      const environment = make();
      environment.reset(0);
      for (;;) {
        const { terminated, truncated } = environment.step(0);
        if (terminated || truncated) break;
      }
      expectError(() => environment.step(0), 'E_STATE', 'an episode that has ended');
      environment.reset();
      environment.step(0);
    });

    it('refuses what it did not save, and stays as it was', () => {
      const environment = make();
      environment.reset(5);
      const saved = JSON.stringify(environment.save!());
      for (const damaged of [null, 3, [], {}, { phase: 'running' }, { inner: {}, own: null }]) {
        expectError(() => environment.restore!(damaged), 'E_FORMAT', 'saved state');
        expect(JSON.stringify(environment.save!())).to.equal(saved);
      }
    });

    it('gives in copies what it gives alone, each in its row', () => {
      const seeds = [3, 3, 1, 1_000_000_007];
      const vector = vectorise(make, seeds.length);
      const singles = seeds.map(make);
      const { size } = vector.observationSpace;
      vector.reset(seeds);
      let next = singles.map((single, k) => [...single.reset(seeds[k])]);
      const random = new Random(17);
      let ends = 0;
      for (let step = 0; step < 150; step += 1) {
        expect([...vector.observations]).to.deep.equal(next.flat());
        const actions = seeds.map(() => random.uint32() % vector.actionSpace.count);
        vector.step(actions);
        next = singles.map((single, k) => {
          const { observation, reward, ...flags } = single.step(actions[k]!);
          const row = vector.finalObservations.subarray(k * size, (k + 1) * size);
          expect([...row]).to.deep.equal([...observation]);
          expect(vector.rewards[k]).to.equal(reward);
          expect(vector.terminated[k]).to.equal(Number(flags.terminated));
          expect(vector.truncated[k]).to.equal(Number(flags.truncated));
          expect(vector.livesLost[k]).to.equal(Number(flags.lifeLost === true));
          const ended = flags.terminated || flags.truncated;
          ends += Number(ended);
          return [...(ended ? single.reset() : observation)];
        });
      }
      expect(ends).to.be.above(seeds.length);
    });

    it('goes on in copies as it would have, restored in others', () => {
      const [vector, other] = [vectorise(make, 3), vectorise(make, 3)];
      vector.reset();
      const step = (of: typeof vector, k: number) =>
        of.step(Int32Array.from({ length: 3 }, (_, copy) => (k + copy) % of.actionSpace.count));
      for (let k = 0; k < 70; k += 1) step(vector, k);
      const saved = JSON.parse(JSON.stringify(vector.save())) as ReturnType<typeof vector.save>;
      other.restore(saved);
      expect([...other.observations]).to.deep.equal([...vector.observations]);
      for (let k = 70; k < 140; k += 1) {
        step(vector, k);
        step(other, k);
        expect([...other.finalObservations]).to.deep.equal([...vector.finalObservations]);
        expect([...other.rewards]).to.deep.equal([...vector.rewards]);
      }
      const before = [...other.observations];
      const half = { started: true, copies: [...(saved as { copies: [] }).copies.slice(0, 2), {}] };
      expectError(() => other.restore(half), 'E_FORMAT', 'saved state');
      expectError(() => other.restore({ started: true, copies: [] }), 'E_FORMAT', '3 of them');
      expect([...other.observations]).to.deep.equal(before);
    });
  });
}
