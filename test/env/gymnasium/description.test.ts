import { expect } from 'chai';
import { readDescription } from '../../../ts/env/gymnasium/description.js';
import { SpiqError } from '../../../ts/errors.js';
import type { WireArray } from '../../../ts/wire/message.js';
import { seededNumbers } from '../../formats/helpers/mutate.js';

const sound = {
  env: 'e1',
  count: 2,
  slotBytes: 256 + 192,
  bytes: 2 * (256 + 192),
  action: { kind: 'discrete', count: 3, start: 0, names: ['NOOP', 'FIRE', 'UP'] },
  observation: { dtype: 'u8', shape: [10, 10], low: 0, high: 255 },
  frames: 2,
  picture: [7, 9],
  lives: 3,
  maxSteps: null,
};
const none: ReadonlyMap<string, WireArray> = new Map();
const strange = [
  0,
  -1,
  0.5,
  1e300,
  2 ** 53,
  null,
  true,
  '',
  'f64',
  'inf',
  'nan',
  [],
  [1],
  [[]],
  {},
  [null],
  ['inf'],
];

/** The description with another value, or none, in one of its places. */
function changed(seed: number): Record<string, unknown> {
  const next = seededNumbers(seed + 1);
  const copy = structuredClone(sound) as unknown as Record<string, unknown>;
  const inner = [copy, copy.action, copy.observation] as Record<string, unknown>[];
  const part = inner[next(inner.length)]!;
  const names = Object.keys(part);
  const name = names[next(names.length)]!;
  if (next(6) === 0)
    return Object.fromEntries(Object.entries(copy).filter(([key]) => key !== name));
  part[name] = strange[next(strange.length)];
  return copy;
}

const read = (body: Record<string, unknown>, tensors = none) =>
  readDescription({ type: 'env.made', body, tensors }, 2);

describe('the description of environments', () => {
  it('is read, its parts at multiples of 64 bytes', () => {
    const { name, action, observation, frames, picture } = read(sound);
    expect([name, frames, picture]).to.deep.equal(['e1', 2, [7, 9]]);
    expect(action).to.deep.equal({ count: 3, start: 0, names: ['NOOP', 'FIRE', 'UP'] });
    expect(observation).to.deep.equal({
      dtype: 'u8',
      shape: [10, 10],
      size: 100,
      low: 0,
      high: 255,
    });
  });

  it('may have bounds in words and in tensors', () => {
    const observation = { dtype: 'u8', shape: [10, 10], low: '-inf', high: null };
    const high = Float64Array.from({ length: 100 }, (_, k) => (k === 0 ? Infinity : k));
    const described = read({ ...sound, observation }, new Map([['high', high]])).observation;
    expect(described).to.deep.include({ low: -Infinity, high: [...high] });
  });

  it('is understood or refused, whatever is changed in it', () => {
    let refused = 0;
    for (let seed = 0; seed < 2000; seed += 1) {
      const body = changed(seed);
      try {
        const { slotBytes, observation } = read(body);
        expect(slotBytes, JSON.stringify(body)).to.equal(sound.slotBytes);
        expect(observation.size).to.be.within(65, 128);
      } catch (error) {
        const story = `${JSON.stringify(body)}: ${String(error)}`;
        expect(error, story).to.be.instanceOf(SpiqError);
        expect((error as SpiqError).code, story).to.equal('E_PROTOCOL');
        refused += 1;
      }
    }
    expect(refused).to.be.within(1000, 1900);
  });
});
