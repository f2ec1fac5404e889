import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SpiqError } from '../../ts/errors.js';
import {
  arrayTypes,
  decodeMessage,
  encodeMessage,
  mostHeaderBytes,
  type WireArray,
  type WireMessage,
  type WireTensor,
  type WireType,
} from '../../ts/wire/message.js';
import { mutate, seededNumbers } from '../formats/helpers/mutate.js';
import { repositoryRoot } from '../scripts/repository.js';
import { askGym } from '../support/python.js';

interface Told {
  readonly id: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly tensors?: readonly {
    readonly name: string;
    readonly dtype: WireType;
    readonly shape: readonly number[];
    readonly values: readonly (number | string)[];
  }[];
}

interface Golden {
  readonly message: Told;
  readonly header: string;
  readonly frames: readonly string[];
}

type Verdict = Told | { readonly code: string; readonly message: string };

interface Answer {
  readonly encoded: readonly (readonly string[])[];
  readonly decoded: readonly Verdict[];
}

const mutants = 3000;

const { messages: goldens } = JSON.parse(
  readFileSync(path.join(repositoryRoot, 'test', 'wire', 'golden', 'messages.json'), 'utf8'),
) as { messages: readonly Golden[] };

const framesOf = ({ header, frames }: Golden): Buffer[] => [
  Buffer.from(header),
  ...frames.map((hex) => Buffer.from(hex, 'hex')),
];

function messageOf({ id, type, body, tensors = [] }: Told): WireMessage {
  const made = tensors.map(({ name, dtype, shape, values }): [string, WireTensor] => {
    const data: WireArray = arrayTypes[dtype].from(values.map(numberOf));
    return [name, { data, shape }];
  });
  return { id, type, body, tensors: new Map(made) };
}

const numberOf = (value: number | string): number =>
  typeof value === 'number' ? value : value === 'inf' ? Infinity : -Infinity;

function verdictOf(frames: readonly Uint8Array[]): Verdict {
  try {
    const { id, type, body, tensors } = decodeMessage(frames);
    const told = [...tensors].map(([name, { data, shape }]) => {
      const dtype = Object.keys(arrayTypes).find(
        (key) => data instanceof arrayTypes[key as WireType],
      );
      const values = [...data].map((value) => (Number.isFinite(value) ? value : shown(value)));
      return { name, dtype: dtype as WireType, shape, values };
    });
    return { id, type, body, tensors: told };
  } catch (error) {
    if (!(error instanceof SpiqError)) throw error;
    return { code: error.code, message: error.message };
  }
}

const shown = (value: number): string => (value > 0 ? 'inf' : '-inf');
const base64 = (frames: readonly Buffer[]): string[] =>
  frames.map((frame) => frame.toString('base64'));

/** A golden message with damage in one of its frames, or with a frame too many or too few. */
function mutant(seed: number): Buffer[] {
  const next = seededNumbers(seed + 1);
  const frames = framesOf(goldens[next(goldens.length)]!);
  const kind = next(10);
  if (kind === 0) return frames.slice(0, next(frames.length + 1));
  if (kind === 1) return [...frames, Buffer.alloc(next(9))];
  const at = kind < 8 ? 0 : next(frames.length);
  frames[at] = Buffer.from(mutate(frames[at]!, next).bytes);
  return frames;
}

const refused: Record<string, [string, string, ...string[]]> = {
  'no header': ['E_PROTOCOL', ''],
  'no JSON': ['E_PROTOCOL', '{"p":"spiq"'],
  'a byte order mark': ['E_PROTOCOL', '\ufeff{"p":"spiq","v":1,"id":1,"type":"x"}'],
  'NaN, which is no JSON': ['E_PROTOCOL', '{"p":"spiq","v":1,"id":1,"type":"x","body":{"a":NaN}}'],
  'a list': ['E_PROTOCOL', '[1]'],
  'another protocol': ['E_PROTOCOL', '{"p":"other","v":1,"id":1,"type":"x"}'],
  'no version': ['E_PROTOCOL', '{"p":"spiq","id":1,"type":"x"}'],
  'a newer version': ['E_VERSION', '{"p":"spiq","v":2,"id":1,"type":"x"}'],
  'an id below 0': ['E_PROTOCOL', '{"p":"spiq","v":1,"id":-1,"type":"x"}'],
  'an id that is true': ['E_PROTOCOL', '{"p":"spiq","v":1,"id":true,"type":"x"}'],
  'no type': ['E_PROTOCOL', '{"p":"spiq","v":1,"id":1,"type":""}'],
  'a body that is a list': ['E_PROTOCOL', '{"p":"spiq","v":1,"id":1,"type":"x","body":[]}'],
  'tensors that are no list': ['E_PROTOCOL', '{"p":"spiq","v":1,"id":1,"type":"x","tensors":{}}'],
  'an unknown dtype': [
    'E_PROTOCOL',
    '{"p":"spiq","v":1,"id":1,"type":"x","tensors":[{"name":"a","dtype":"f16","shape":[]}]}',
    '0000',
  ],
  'a name of JavaScript objects as dtype': [
    'E_PROTOCOL',
    '{"p":"spiq","v":1,"id":1,"type":"x","tensors":[{"name":"a","dtype":"toString","shape":[]}]}',
    '0000',
  ],
  'a name used twice': [
    'E_PROTOCOL',
    '{"p":"spiq","v":1,"id":1,"type":"x","tensors":[{"name":"a","dtype":"u8","shape":[1]},{"name":"a","dtype":"u8","shape":[1]}]}',
    '00',
    '00',
  ],
  'a shape whose product overflows': [
    'E_PROTOCOL',
    '{"p":"spiq","v":1,"id":1,"type":"x","tensors":[{"name":"a","dtype":"u8","shape":[9007199254740991,9007199254740991,9007199254740991,9007199254740991]}]}',
    '00',
  ],
  'bytes that do not fit the shape': [
    'E_PROTOCOL',
    '{"p":"spiq","v":1,"id":1,"type":"x","tensors":[{"name":"a","dtype":"f32","shape":[2]}]}',
    '00000000',
  ],
  'a tensor that is not there': [
    'E_PROTOCOL',
    '{"p":"spiq","v":1,"id":1,"type":"x","tensors":[{"name":"a","dtype":"u8","shape":[1]}]}',
  ],
  'a frame that nothing names': ['E_PROTOCOL', '{"p":"spiq","v":1,"id":1,"type":"x"}', '00'],
  'NaN in a tensor': [
    'E_NOT_FINITE',
    '{"p":"spiq","v":1,"id":1,"type":"x","tensors":[{"name":"a","dtype":"f32","shape":[1]}]}',
    '0000c07f',
  ],
  'a header that is too long': [
    'E_TOO_LARGE',
    `{"p":"spiq","v":1,"id":1,"type":"${'x'.repeat(mostHeaderBytes)}"}`,
  ],
};

const refusedFrames = Object.values(refused).map(([, header, ...frames]) => [
  ...(header === '' ? [] : [Buffer.from(header)]),
  ...frames.map((hex) => Buffer.from(hex, 'hex')),
]);

describe('messages of the wire', () => {
  const damaged = Array.from({ length: mutants }, (_, seed) => mutant(seed));
  let answer: Answer;
  before(async function () {
    this.timeout(300_000);
    const decode = [...goldens.map(framesOf), ...refusedFrames, ...damaged].map(base64);
    const encode = goldens.map(({ message }) => message);
    answer = (await askGym('wire/wire_check.py', { encode, decode })) as Answer;
  });

  for (const [index, golden] of goldens.entries()) {
    const { message } = golden;
    const whole = { tensors: [], ...message };
    it(`${message.type} has the golden bytes here`, () => {
      expect(base64(encodeMessage(messageOf(message)))).to.deep.equal(base64(framesOf(golden)));
      expect(verdictOf(framesOf(golden))).to.deep.equal(whole);
    });
    it(`${message.type} has the golden bytes in the worker`, () => {
      expect(answer.encoded[index]).to.deep.equal(base64(framesOf(golden)));
      expect(answer.decoded[index]).to.deep.equal(whole);
    });
  }

  for (const [index, [what, [code]]] of Object.entries(refused).entries()) {
    it(`are refused on both sides: ${what}`, () => {
      expect(verdictOf(refusedFrames[index]!)).to.include({ code });
      expect(answer.decoded[goldens.length + index]).to.include({ code });
    });
  }

  it(`are understood alike on both sides or refused with the same code: ${mutants} damaged ones`, () => {
    const theirs = answer.decoded.slice(goldens.length + refusedFrames.length);
    let accepted = 0;
    damaged.forEach((frames, seed) => {
      const [ours, other] = [verdictOf(frames), theirs[seed]!];
      const story = `mutant ${seed}: ${frames[0]?.toString('latin1') ?? 'nothing'}`;
      if ('code' in ours && 'code' in other) {
        expect(other.code, `${story}\n${ours.message}\n${other.message}`).to.equal(ours.code);
        expect(ours.message.length, story).to.be.lessThan(300);
        return;
      }
      expect(other, story).to.deep.equal(ours);
      accepted += 1;
    });
    expect(accepted).to.be.within(mutants / 50, mutants / 2);
  });

  it('are refused before they are sent when they are too large', () => {
    const text = 'x'.repeat(mostHeaderBytes);
    const large = { id: 1, type: 'x', body: { text }, tensors: new Map<string, WireTensor>() };
    expect(() => encodeMessage(large))
      .to.throw(SpiqError)
      .with.property('code', 'E_TOO_LARGE');
  });
});
