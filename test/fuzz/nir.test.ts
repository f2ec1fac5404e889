import { expect } from 'chai';
import { SpiqError } from '../../ts/errors.js';
import { shapesOf } from '../../ts/formats/graph-structure.js';
import {
  decodeNir,
  encodeNir,
  networkOf,
  nirProfiles,
  nirTree,
} from '../../ts/formats/nir/index.js';
import type { Hdf5Group, Hdf5Numbers, Hdf5Value } from '../../ts/formats/nir/hdf5/index.js';
import { chain, tensor } from '../formats/helpers/graphs.js';
import { mutate, seededNumbers } from '../formats/helpers/mutate.js';

// Each has a thread of its own that loads the library, a third of a second.
const damagedFiles = 40;
const damagedTrees = 3000;

const sound = chain(
  { kind: 'input', name: 'x', shape: [1, 4, 4] },
  { kind: 'conv', name: 'conv', weight: tensor([2, 1, 3, 3], 1), padding: [1, 1, 1, 1] },
  { kind: 'neuron', name: 'first', reset: 'zero', beta: 0.9 },
  { kind: 'pool', name: 'mean', mode: 'average', kernel: [2, 2] },
  { kind: 'flatten', name: 'flat' },
  { kind: 'dense', name: 'fc', weight: tensor([3, 8], 2), bias: tensor([3], 3) },
  { kind: 'neuron', name: 'second', reset: 'value', resetValue: -1, alpha: 0.5, beta: 0.5 },
  { kind: 'dense', name: 'last', weight: tensor([2, 3], 4) },
  { kind: 'accumulator', name: 'out', beta: 0.5 },
);

type Next = (limit: number) => number;

function isRefusal(error: unknown, story: string): boolean {
  if (!(error instanceof SpiqError)) throw new Error(`${story}: not a SpiqError`, { cause: error });
  expect(error.code, `${story}: ${error.message}`).to.not.equal('E_INTERNAL');
  expect(error.message.length, story).to.be.lessThan(1000);
  return true;
}

/** Every value of a tree, with the group that holds it. */
function places(tree: Hdf5Group): [Map<string, Hdf5Value>, string][] {
  const members = tree.members as Map<string, Hdf5Value>;
  return [...members].flatMap(([name, value]): [Map<string, Hdf5Value>, string][] => [
    [members, name],
    ...(value.kind === 'group' ? places(value) : []),
  ]);
}

const strange = [0, -1, 1, 0.5, 1e30, -1e30, NaN, Infinity, 2 ** 31, 2 ** 53];
const words = [
  '',
  'input',
  'Input',
  'Output',
  'NIRGraph',
  'LIF',
  'Delay',
  'Affine',
  'same',
  '\u0000',
];

function numbersInstead(next: Next, value: Hdf5Numbers): Hdf5Value {
  const pick = () => strange[next(strange.length)]!;
  const ways: (() => Hdf5Value)[] = [
    () => ({ ...value, data: Float64Array.from(value.data, () => pick()) }),
    () => ({ ...value, data: Float64Array.from(value.data, (x) => (next(4) === 0 ? pick() : x)) }),
    () => ({ ...value, shape: value.shape.slice(1) }),
    () => ({ ...value, shape: [...value.shape, next(3)] }),
    () => ({ kind: 'numbers', type: 'i8', shape: [], data: Float64Array.of(pick()) }),
    () => ({ kind: 'numbers', type: 'f4', shape: [0], data: new Float32Array() }),
  ];
  return ways[next(ways.length)]!();
}

function damage(tree: Hdf5Group, next: Next): string {
  const all = places(tree);
  if (all.length === 0) return 'nothing left';
  const [members, name] = all[next(all.length)]!;
  const value = members.get(name)!;
  const [others, other] = all[next(all.length)]!;
  const word = words[next(words.length)]!;
  const ways: Record<string, () => void> = {
    remove: () => members.delete(name),
    // A copy: trees read from files hold no cycles.
    swap: () => members.set(name, structuredClone(others.get(other)!)),
    text: () => members.set(name, { kind: 'text', shape: [], data: [word] }),
    odd: () => members.set(name, { kind: 'other', type: 'a link' }),
    rename: () => members.set(word, value),
    change: () => {
      if (value.kind === 'numbers') members.set(name, numbersInstead(next, value));
      else if (value.kind === 'text' && value.data.length > 1) {
        const data = value.data.map((old) =>
          next(6) === 0 ? value.data[next(value.data.length)]! : old,
        );
        members.set(name, { ...value, data });
      } else members.delete(name);
    },
  };
  const way = Object.keys(ways)[next(6)]!;
  ways[way]!();
  return `${way} ${name}`;
}

describe('damaged NIR', () => {
  it('is read or refused with a code, whatever happened to the bytes', async function () {
    this.timeout(180_000);
    const { bytes } = await encodeNir(sound);
    const next = seededNumbers(3);
    let refused = 0;
    for (let index = 0; index < damagedFiles; index += 1) {
      const { bytes: damaged, story } = mutate(bytes, next);
      try {
        await decodeNir(damaged, 'fuzz.nir');
      } catch (error) {
        if (isRefusal(error, story)) refused += 1;
      }
    }
    expect(refused).to.be.greaterThan(damagedFiles / 10);
  });

  it('is read or refused with a code, whatever its content became', function () {
    this.timeout(60_000);
    const next = seededNumbers(4);
    let refused = 0;
    for (let index = 0; index < damagedTrees; index += 1) {
      const { tree } = nirTree(sound, {});
      const profile = nirProfiles[next(nirProfiles.length)]!;
      // Without a profile the metadata count, with one they do not.
      const options = next(3) === 0 ? {} : { profile, dt: 1e-4 };
      const story = Array.from({ length: 1 + next(3) }, () => damage(tree, next)).join(', ');
      try {
        shapesOf(networkOf(tree, 'fuzz.nir', options).graph, 'fuzz.nir');
      } catch (error) {
        if (isRefusal(error, `${index}: ${story}`)) refused += 1;
      }
    }
    expect(refused).to.be.within(damagedTrees / 10, damagedTrees * 0.95);
  });
});
