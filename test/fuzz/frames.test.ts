import { expect } from 'chai';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SpiqError, isErrorCode } from '../../ts/errors.js';
import { FramePreprocessor, FrameRegion, preprocessNames } from '../../ts/index.js';
import { addon } from '../../ts/native.js';
import { Wild } from './wild-input.js';

const cases = 6000;
const made = 400;
const guard = 64;
const guardByte = 171;

type Call = (...parameters: unknown[]) => unknown;

/** An array whose buffer has gone elsewhere. */
function detached(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

describe('fuzz: frames', function () {
  this.timeout(120_000);
  let folder = '';
  let open: FrameRegion;
  let short: FrameRegion;
  let closed: FrameRegion;
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-fuzz-frames-'));
    const region = (name: string): FrameRegion => {
      writeFileSync(path.join(folder, name), '');
      return new FrameRegion(path.join(folder, name), 50_000);
    };
    open = region('open');
    short = region('short');
    truncateSync(path.join(folder, 'short'), 5000);
    closed = region('closed');
    closed.close();
  });
  after(() => {
    open.close();
    short.close();
    rmSync(folder, { recursive: true });
  });

  /** The code that a call was refused with, or that it was taken. */
  function outcome(attempt: () => unknown, story: string): string {
    try {
      attempt();
      return 'taken';
    } catch (error) {
      if (!(error instanceof SpiqError)) expect.fail(`${story} threw ${String(error)}`);
      expect(isErrorCode(error.code), story).to.equal(true);
      expect(error.code, story).to.not.equal('E_INTERNAL');
      return error.code;
    }
  }

  it('options at random make a preprocessor or a typed error', () => {
    const wild = new Wild(41);
    const seen = new Set<string>();
    for (let k = 0; k < made; k += 1) {
      const options: Record<string, unknown> = {
        kind: wild.pick(preprocessNames),
        height: 1 + wild.below(300),
        width: 1 + wild.below(300),
        copies: 1 + wild.below(4),
        isa: wild.pick(addon().info().isas),
      };
      if (wild.chance(0.5)) options[wild.pick([...Object.keys(options), 'x'])] = wild.thing();
      const given = wild.chance(0.05) ? wild.thing() : options;
      seen.add(
        outcome(
          () => new FramePreprocessor(given as { kind: 'patel' }),
          `new FramePreprocessor, case ${k}`,
        ),
      );
    }
    expect(seen).to.include.all.keys('taken', 'E_ARGUMENT', 'E_RANGE');
  });

  for (const kind of preprocessNames)
    it(`${kind}: calls at random write an observation in its place or a typed error`, () => {
      const wild = new Wild(42);
      const height = 26 + wild.below(80);
      const width = 1 + wild.below(100);
      const preprocessor = new FramePreprocessor({ kind, height, width, copies: 3 });
      const { frameBytes, size } = preprocessor;
      const methods = preprocessor as unknown as Record<string, Call>;
      const all = new Uint8Array(3 * size + 2 * guard);
      const into = all.subarray(guard, guard + 3 * size);
      const seen = new Map<string, number>();
      const orOther = (value: unknown, others: readonly unknown[]): unknown =>
        wild.chance(0.9) ? value : wild.chance(0.5) ? wild.pick(others) : wild.thing();
      const frame = (): Uint8Array =>
        Uint8Array.from({ length: frameBytes }, () => wild.below(256));
      const frames = [frame(), frame(), frame()];
      const oddFrames = [
        frames[0]!.subarray(1),
        new Uint8Array(0),
        new Uint16Array(frameBytes),
        new DataView(new ArrayBuffer(frameBytes)),
        detached(),
        into,
      ];
      const oddNumbers = [-1, 3, 0.5, NaN, 2 ** 31, 2 ** 53, 1e300, -Infinity];
      const oddPlaces = [into.subarray(1), into.subarray(0, size), detached(), frames[0]];
      const regions = [closed, short, {}, Object.create(FrameRegion.prototype)];
      for (let k = 0; k < cases / preprocessNames.length; k += 1) {
        all.fill(guardByte);
        const name = wild.pick(['begin', 'step', 'beginFrom', 'stepFrom']);
        const chosen = Int32Array.from({ length: wild.below(4) }, () => wild.below(3));
        const oddCopies = [Int32Array.of(3), Int32Array.of(0, -1), Int32Array.of(2 ** 31 - 1)];
        const slot = frameBytes * 2 <= 50_000 / 3 ? 2 * frameBytes : frameBytes;
        const parameters = name.endsWith('From')
          ? [
              orOther(open, regions),
              orOther(chosen, [...oddCopies, new Float32Array(1), detached()]),
              orOther(slot, [...oddNumbers, frameBytes - 1, 50_000, 2 ** 40]),
              orOther(wild.pick([undefined, 0, slot - frameBytes]), [...oddNumbers, slot]),
              orOther(into, oddPlaces),
            ]
          : [
              orOther(wild.below(3), oddNumbers),
              orOther(wild.pick(frames), oddFrames),
              orOther(wild.pick([undefined, ...frames]), oddFrames),
              orOther(into, oddPlaces),
              orOther(wild.below(2 * size), [...oddNumbers, 2 * size + 1]),
            ];
        const result = outcome(() => methods[name]!(...parameters), `${kind}.${name}, case ${k}`);
        seen.set(result, (seen.get(result) ?? 0) + 1);
        const around = [...all.subarray(0, guard), ...all.subarray(guard + 3 * size)];
        expect(
          around.every((byte) => byte === guardByte),
          `${kind}.${name}, case ${k}`,
        ).to.equal(true);
        if (result !== 'taken')
          expect(
            into.every((byte) => byte === guardByte),
            `${kind}.${name}, case ${k} refused`,
          ).to.equal(true);
      }
      expect(seen.get('taken')).to.be.greaterThan(300);
      expect([...seen.keys()]).to.include.members(['E_ARGUMENT', 'E_RANGE', 'E_STATE', 'E_FILE']);
    });

  it('readings at random give bytes or a typed error', () => {
    const wild = new Wild(43);
    for (let k = 0; k < cases; k += 1) {
      const region = wild.pick([open, open, short, closed]) as unknown as Record<string, Call>;
      const offset = wild.chance(0.7) ? wild.below(60_000) : wild.thing();
      const place = wild.chance(0.7) ? new Uint8Array(wild.below(60_000)) : wild.thing();
      outcome(() => region.read!(offset, place), `read, case ${k}`);
    }
  });

  it('files at random make a region or a typed error', () => {
    const wild = new Wild(44);
    const named = path.join(folder, 'named');
    for (let k = 0; k < made; k += 1) {
      writeFileSync(named, new Uint8Array(wild.below(3000)));
      // Numbers would be descriptors, and those of this process are others' files.
      const other = wild.thing();
      const file = wild.chance(0.7) || typeof other === 'number' ? named : other;
      const bytes = wild.chance(0.7) ? wild.below(5000) : wild.thing();
      outcome(
        () => new FrameRegion(file as string, bytes as number).close(),
        `new FrameRegion, case ${k}`,
      );
    }
  });
});
