import { expect } from 'chai';
import { FramePreprocessor } from '../../ts/index.js';
import type { Npz } from '../../ts/index.js';
import { needFixtures, npz } from './fixtures.js';

const frameBytes = 210 * 160 * 3;

const bytes = (file: Npz, name: string): Uint8Array => file.get(name).data as Uint8Array;

/** The observations of the frames of a file, taken as one episode. */
function observations(kind: 'patel' | 'mnih', file: Npz): Uint8Array[] {
  const frames = bytes(file, 'frames');
  const preprocessor = new FramePreprocessor({ kind });
  return Array.from({ length: frames.length / frameBytes }, (_, k) => {
    const frame = frames.subarray(k * frameBytes, (k + 1) * frameBytes);
    return k === 0 ? preprocessor.begin(0, frame) : preprocessor.step(0, frame);
  });
}

describe('published: preprocessing of frames (fixtures/preprocess)', () => {
  before(function () {
    needFixtures(this);
  });

  for (const name of ['breakout_clean', 'breakout_noise']) {
    it(`${name}: patel, in every pixel`, () => {
      const file = npz('preprocess', `${name}.npz`);
      const made = observations('patel', file);
      const wanted = bytes(file, 'patel_u8');
      const newest = Array.from(file.get('patel_index_of_newest').data as BigInt64Array, Number);
      expect(newest).to.deep.equal([3, 4]);
      for (const [row, k] of newest.entries())
        expect(made[k]).to.deep.equal(wanted.slice(row * 6400, (row + 1) * 6400));
    });

    it(`${name}: mnih, in every pixel, and the state of the newest four`, () => {
      const file = npz('preprocess', `${name}.npz`);
      const made = observations('mnih', file);
      const wanted = bytes(file, 'mnih_binary');
      expect(Uint8Array.from(made.flatMap((observation) => [...observation]))).to.deep.equal(
        wanted,
      );
      const state = made.slice(1).reverse();
      expect(Uint8Array.from(state.flatMap((observation) => [...observation]))).to.deep.equal(
        bytes(file, 'mnih_state_newest4'),
      );
    });
  }
});
