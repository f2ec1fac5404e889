import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { FramePreprocessor } from '../../ts/index.js';
import type { PreprocessName } from '../../ts/index.js';
import { oracle, oracleJson } from './simulate-cases.js';

interface FramesCase {
  readonly kind: PreprocessName;
  readonly height: number;
  readonly width: number;
  readonly look: 'noise' | 'dim';
  readonly frames: number;
  readonly observations: number;
  readonly sha256: string;
}

const listing = oracleJson('frames.json') as {
  readonly framesComparedWithAle: number;
  readonly cases: readonly FramesCase[];
};

/** As scripts/oracle/frames/drawn.py draws them. */
function drawn({ look }: FramesCase, seed: number, bytes: number): Uint8Array {
  const from = Math.imul(seed, 0x9e3779b9);
  return Uint8Array.from({ length: bytes }, (_, i) => {
    let x = (i + from) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    x ^= x >>> 16;
    return look === 'noise' || (x & 15) === 0 ? x >>> 24 : x >>> 29;
  });
}

/** Observations of an episode; those of pairs begin with a frame by itself. */
function observationsOf(
  preprocessor: FramePreprocessor,
  frames: readonly Uint8Array[],
): Uint8Array[] {
  const pairs = preprocessor.kind === 'nature' || preprocessor.kind === 'neon';
  const first = preprocessor.begin(0, frames[0]!);
  const rest = frames.slice(1);
  if (!pairs) return [first, ...rest.map((frame) => preprocessor.step(0, frame))];
  const later = rest.filter((_, i) => i % 2 === 1);
  return [first, ...later.map((frame, i) => preprocessor.step(0, frame, rest[2 * i]))];
}

describe('oracle: preprocessing of frames', () => {
  const file = oracle('frames.npz');
  const frames = file.get('frames');

  for (const kind of ['patel', 'mnih', 'nature', 'neon'] as const) {
    it(`${kind}: a drawn game, in every pixel`, () => {
      const preprocessor = new FramePreprocessor({ kind });
      const all = frames.data as Uint8Array;
      const shown = Array.from({ length: frames.shape[0]! }, (_, k) => {
        const rgb = all.subarray(k * 100_800, (k + 1) * 100_800);
        return kind === 'nature' ? rgb.filter((_byte, i) => i % 3 === 1) : rgb;
      });
      const wanted = file.get(kind).data as Uint8Array;
      const made = observationsOf(preprocessor, shown);
      expect(made.length * preprocessor.size).to.equal(wanted.length);
      made.forEach((observation, k) => {
        const row = wanted.slice(k * preprocessor.size, (k + 1) * preprocessor.size);
        expect(observation).to.deep.equal(row);
        expect(new Set(row).size).to.be.least(2);
      });
    });
  }

  it('ALE itself has averaged the colours of as many frames as were compared', () => {
    expect(listing.framesComparedWithAle).to.be.least(1000);
  });

  for (const one of listing.cases) {
    const { kind, height, width, look } = one;
    it(`${kind}: ${look} of ${height} × ${width}`, () => {
      const preprocessor = new FramePreprocessor({ kind, height, width });
      const bytes = preprocessor.frameBytes;
      const shown = Array.from({ length: one.frames }, (_, seed) => drawn(one, seed, bytes));
      const made = observationsOf(preprocessor, shown);
      expect(made).to.have.length(one.observations);
      const hash = createHash('sha256');
      for (const observation of made) hash.update(observation);
      expect(hash.digest('hex')).to.equal(one.sha256);
    });
  }
});
