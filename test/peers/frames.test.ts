import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { readNpzFile } from '../../ts/formats/npz/index.js';
import type { Npz } from '../../ts/formats/npz/index.js';
import { FramePreprocessor } from '../../ts/frames.js';
import type { PreprocessName } from '../../ts/frames.js';
import { askPeer } from './python.js';

const steps = 60;
/** Nearer to a whole number, the order of a sum may decide what its rounding gives. */
const close = 1e-9;

/** Observations of the frames of a game, one episode. */
function observations(file: Npz, kind: PreprocessName): Uint8Array[] {
  const name = kind === 'nature' ? 'grey' : 'rgb';
  const [count = 0, height = 0, width = 0] = file.get(name).shape;
  const preprocessor = new FramePreprocessor({ kind, height, width });
  const frame = (of: string, k: number): Uint8Array =>
    (file.get(of).data as Uint8Array).subarray(
      k * preprocessor.frameBytes,
      (k + 1) * preprocessor.frameBytes,
    );
  return Array.from({ length: count }, (_, k) => {
    const newest = frame(name, k);
    const before = frame(`${name}_before`, k);
    return k === 0 ? preprocessor.begin(0, newest, before) : preprocessor.step(0, newest, before);
  });
}

for (const game of ['breakout', 'pong', 'space_invaders', 'seaquest', 'journey_escape'])
  describe(`frames of ${game}`, () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-peers-'));
    let file: Npz;

    before(() => {
      const npz = path.join(folder, 'frames.npz');
      askPeer('play_frames.py', { file: npz, game, steps }, 'SPIQ_FRAMES_PYTHON');
      file = readNpzFile(npz);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    for (const [kind, library] of [
      ['mnih', 'scikit-image'],
      ['nature', "Gymnasium's AtariPreprocessing"],
      ['neon', "ALE's colour averaging and OpenCV"],
    ] as const)
      it(`${kind} are those of ${library}, in every pixel`, () => {
        const wanted = file.get(kind).data as Uint8Array;
        const made = observations(file, kind);
        expect(made).to.have.length(steps);
        made.forEach((observation, k) => {
          const { length } = observation;
          expect(observation).to.deep.equal(wanted.slice(k * length, (k + 1) * length));
        });
      });

    it('patel are those of scikit-image, in every pixel that its last digits do not decide', () => {
      const sums = file.get('patel').data as Float64Array;
      let decided = 0;
      observations(file, 'patel').forEach((observation, k) => {
        observation.forEach((byte, i) => {
          const sum = sums[k * observation.length + i]!;
          if (sum !== 0 && Math.abs(sum - Math.round(sum)) < close) return;
          decided += 1;
          if (byte !== Math.min(255, Math.floor(sum)))
            expect.fail(`${byte} in place of ${sum} at ${i} of observation ${k}`);
        });
      });
      expect(decided).to.be.least(0.9 * sums.length);
    });
  });
