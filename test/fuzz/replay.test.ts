import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SpiqError } from '../../ts/errors.js';
import { Replay } from '../../ts/index.js';
import type { ReplayOptions } from '../../ts/index.js';
import { mutate, seededNumbers } from '../formats/helpers/mutate.js';
import { listed } from '../replay/play.js';
import { Wild } from './wild-input.js';

const options: ReplayOptions = {
  capacity: 12,
  observation: { size: 3, stack: 2 },
  nStep: 2,
  prioritised: true,
};

function fill(replay: Replay, rows: number): Replay {
  for (let row = 0; row < rows; row += 1) {
    const frame = Float32Array.of(row, row / 2, -row);
    const copy = row % 2;
    if (row % 14 < 2) replay.begin(frame, copy);
    else replay.add(row % 3, row, frame, { terminated: row % 14 > 11 }, copy);
  }
  return replay;
}

/** What the attempt came to; whatever was taken must work. */
function outcome(attempt: () => Replay): string {
  try {
    const replay = attempt();
    listed(replay);
    if (replay.size > 0) {
      const { indices } = replay.sample(20);
      replay.setPriorities(indices, new Float32Array(20).fill(2));
    }
    fill(replay, 40);
    replay.sample(20);
    replay.close();
    return 'taken';
  } catch (error) {
    return error instanceof SpiqError ? error.code : `not a SpiqError: ${String(error)}`;
  }
}

/** FNV-1a over words of 8 bytes as native/core/plan/fingerprint.cc has it, so that damage gets past checksums. */
function sumOf(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const prime = 0x100000001b3n;
  let hash = 0xcbf29ce484222325n;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    hash = BigInt.asUintN(64, (hash ^ view.getBigUint64(at, true)) * prime);
    hash ^= hash >> 32n;
  }
  for (; at < bytes.length; at += 1) hash = BigInt.asUintN(64, (hash ^ BigInt(bytes[at]!)) * prime);
  return hash;
}

function wildNumber(wild: Wild): number {
  const edges = [0, 1, 0x7f, 0xff, 0x7fffffff, 0xffffffff];
  return wild.below(2) === 0 ? edges[wild.below(edges.length)]! : wild.below(2 ** 32);
}

describe('fuzz: a replay file', () => {
  let folder = '';
  let whole = new Uint8Array();
  const file = (): string => path.join(folder, 'fuzzed');
  const open = (bytes: Uint8Array) => () => {
    writeFileSync(file(), bytes);
    return new Replay({ ...options, file: file() });
  };

  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-fuzz-replay-'));
    fill(new Replay({ ...options, file: file() }), 700).close();
    whole = readFileSync(file());
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('is refused, or taken as it was, where bytes were changed, cut off or added', function () {
    this.timeout(120_000);
    const next = seededNumbers(5);
    const before = new Replay({ ...options, file: file(), readOnly: true });
    const transitions = listed(before);
    before.close();
    const codes = new Map<string, number>();
    for (let trial = 0; trial < 600; trial += 1) {
      // Most of the file is frames: half of the trials change what lies before them.
      const { bytes, story } =
        trial % 2 === 0 ? mutate(whole, next) : mutatedStart(whole, 4096 + 2000, next);
      let same = true;
      const code = outcome(() => {
        const replay = open(bytes)();
        try {
          replay.verify();
          same = JSON.stringify(listed(replay)) === JSON.stringify(transitions);
        } catch (error) {
          replay.close();
          throw error;
        }
        return replay;
      });
      expect(code, story).to.be.oneOf(['taken', 'E_FORMAT', 'E_VERSION', 'E_ARGUMENT']);
      if (code === 'taken') expect(same, story).to.be.true;
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    expect(codes.get('E_FORMAT')).to.be.greaterThan(300);
  });

  it('is survived, or refused, where damage carries right checksums', function () {
    this.timeout(120_000);
    const wild = new Wild(3);
    const codes = new Set<string>();
    for (let trial = 0; trial < 400; trial += 1) {
      const bytes = Uint8Array.from(whole);
      const view = new DataView(bytes.buffer);
      for (let change = 0; change < 1 + (trial % 8); change += 1) {
        const record = 4096 + 32 * wild.below(280);
        view.setUint32(record + 4 * wild.below(7), wildNumber(wild), true);
        const sum = sumOf(bytes.subarray(record, record + 28));
        view.setUint32(record + 28, Number((sum ^ (sum >> 32n)) & 0xffffffffn), true);
      }
      if (trial % 4 === 0) {
        const [at, length] = wild.below(2) === 0 ? [0, 48] : [512, 32];
        view.setUint32(at + 4 * wild.below(length / 4), wildNumber(wild), true);
        view.setBigUint64(at + length, sumOf(bytes.subarray(at, at + length)), true);
      }
      codes.add(outcome(open(bytes)));
    }
    const known = ['taken', 'E_FORMAT', 'E_VERSION', 'E_ARGUMENT', 'E_NOT_FINITE'];
    expect([...codes].filter((code) => !known.includes(code))).to.deep.equal([]);
    expect(codes.size).to.be.greaterThan(2);
  });
});

function mutatedStart(whole: Uint8Array, length: number, next: (limit: number) => number) {
  const { bytes, story } = mutate(whole.subarray(0, length), next);
  return { bytes: Buffer.concat([bytes, whole.subarray(length)]), story: `${story}, at the start` };
}

describe('fuzz: the saved state of a replay', () => {
  const state = fill(new Replay(options), 700).save();

  it('is refused where a byte was changed, cut off or added, and changes nothing then', () => {
    const next = seededNumbers(6);
    const replay = fill(new Replay(options), 30);
    const before = replay.save();
    for (let trial = 0; trial < 1500; trial += 1) {
      const { bytes, story } = mutate(state, next);
      if (Buffer.compare(bytes, state) === 0) continue;
      let code = 'taken';
      try {
        replay.restore(bytes);
      } catch (error) {
        code = error instanceof SpiqError ? error.code : String(error);
      }
      expect(code, story).to.be.oneOf(['E_FORMAT', 'E_VERSION']);
    }
    expect(replay.save()).to.deep.equal(before);
  });

  it('is survived, or refused, where damage carries right checksums', () => {
    const wild = new Wild(4);
    const codes = new Set<string>();
    for (let trial = 0; trial < 1500; trial += 1) {
      const bytes = Uint8Array.from(state);
      const view = new DataView(bytes.buffer);
      const blocks: [number, number][] = [];
      for (let at = 0; at < bytes.length; at += 8 + Number(view.getBigUint64(at, true)))
        blocks.push([at + 8, Number(view.getBigUint64(at, true)) - 8]);
      const [at, length] = blocks[wild.below(blocks.length)]!;
      for (let change = 0; change < 1 + (trial % 3); change += 1)
        view.setUint32(at + wild.below(length - 4), wildNumber(wild), true);
      view.setBigUint64(at + length, sumOf(bytes.subarray(at, at + length)), true);
      codes.add(
        outcome(() => {
          const replay = new Replay(options);
          replay.restore(bytes);
          return replay;
        }),
      );
    }
    const known = ['taken', 'E_FORMAT', 'E_VERSION', 'E_ARGUMENT', 'E_STATE'];
    expect([...codes].filter((code) => !known.includes(code))).to.deep.equal([]);
    expect(codes.size).to.be.greaterThan(2);
  });
});
