import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SpiqError } from '../../ts/errors.js';
import { FrameUnpacker, packFrames } from '../../ts/wire/line.js';
import { mutate, seededNumbers } from '../formats/helpers/mutate.js';
import { repositoryRoot } from '../scripts/repository.js';
import { askGym } from '../support/python.js';

interface Golden {
  readonly messages: readonly { readonly frames: readonly string[]; readonly bytes: string }[];
  readonly refused: readonly {
    readonly what: string;
    readonly bytes: string;
    readonly code: string;
  }[];
}

interface Unpacked {
  readonly messages: readonly (readonly string[])[];
  readonly code: string | null;
}

interface Answer {
  readonly packed: readonly string[];
  readonly unpacked: readonly Unpacked[];
}

const damagedStreams = 3000;

const golden = JSON.parse(
  readFileSync(path.join(repositoryRoot, 'test', 'wire', 'golden', 'line.json'), 'utf8'),
) as Golden;
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const base64 = (bytes: Buffer): string => bytes.toString('base64');
const goldenFrames = golden.messages.map(({ frames }) => frames.map(hex));
const goldenBytes = golden.messages.map(({ bytes }) => hex(bytes));
const whole = Buffer.concat(goldenBytes);

function unpack(pieces: readonly Buffer[]): Unpacked {
  const unpacker = new FrameUnpacker();
  const messages: string[][] = [];
  try {
    for (const piece of pieces) {
      for (const frames of unpacker.add(piece)) messages.push(frames.map(base64));
    }
  } catch (error) {
    if (!(error instanceof SpiqError)) throw error;
    return { messages, code: error.code };
  }
  return { messages, code: null };
}

function cut(bytes: Buffer, next: (limit: number) => number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = 1 + next(bytes.length - at);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

/** Some golden messages one after the other, with damage, in one piece or in several. */
function damaged(seed: number): Buffer[] {
  const next = seededNumbers(seed + 1);
  const messages = Array.from(
    { length: 1 + next(4) },
    () => goldenBytes[next(goldenBytes.length)]!,
  );
  const { bytes } = mutate(Buffer.concat(messages), next);
  return next(2) === 0 ? [Buffer.from(bytes)] : cut(Buffer.from(bytes), next);
}

describe('messages on the line', () => {
  const refused = golden.refused.map(({ bytes }) => [hex(bytes)]);
  const damage = Array.from({ length: damagedStreams }, (_, seed) => damaged(seed));
  const cuts = Array.from({ length: whole.length - 1 }, (_, at) => [
    whole.subarray(0, at + 1),
    whole.subarray(at + 1),
  ]);
  const bytewise = [...whole].map((byte) => Buffer.of(byte));
  const all = { messages: goldenFrames.map((frames) => frames.map(base64)), code: null };
  let answer: Answer;
  before(async function () {
    this.timeout(300_000);
    answer = (await askGym('wire/line_check.py', {
      pack: goldenFrames.map((frames) => frames.map(base64)),
      unpack: [...refused, ...cuts, bytewise, ...damage].map((pieces) => pieces.map(base64)),
    })) as Answer;
  });

  it('have the golden bytes on both sides', () => {
    expect(goldenFrames.map((frames) => base64(packFrames(frames)))).to.deep.equal(
      goldenBytes.map(base64),
    );
    expect(answer.packed).to.deep.equal(goldenBytes.map(base64));
  });

  it('come whole on both sides wherever they are cut', () => {
    const theirs = answer.unpacked.slice(refused.length);
    [...cuts, bytewise].forEach((pieces, k) => {
      expect(unpack(pieces), `here, cut ${k}`).to.deep.equal(all);
      expect(theirs[k], `in the worker, cut ${k}`).to.deep.equal(all);
    });
  });

  for (const [index, { what, code }] of golden.refused.entries()) {
    it(`are refused on both sides: ${what}`, () => {
      expect(unpack(refused[index]!)).to.deep.equal({ messages: [], code });
      expect(answer.unpacked[index]).to.deep.equal({ messages: [], code });
    });
  }

  it(`are read alike on both sides: ${damagedStreams} damaged streams`, () => {
    const theirs = answer.unpacked.slice(-damagedStreams);
    const codes = new Set<string | null>();
    damage.forEach((pieces, seed) => {
      const ours = unpack(pieces);
      // Where messages of one piece come before a broken one, the worker has handed them over, and Node.js drops them all.
      expect(theirs[seed]!.code, `stream ${seed}`).to.equal(ours.code);
      const count = ours.messages.length;
      expect(theirs[seed]!.messages.slice(0, count), `stream ${seed}`).to.deep.equal(ours.messages);
      codes.add(ours.code);
    });
    expect([...codes]).to.have.members([null, 'E_PROTOCOL', 'E_TOO_LARGE']);
  });
});
