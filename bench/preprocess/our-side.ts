import { Random } from '../../ts/env/random.js';
import { FramePreprocessor } from '../../ts/frames.js';
import { localContender } from '../race.js';
import type { Contender } from '../race.js';
import { frameCount, height, width } from './trials.js';
import type { PreprocessTrial } from './trials.js';

/** spiq in this process: an observation a call, into an array that is there. */
export class OurSide {
  /** Noise, the same in every run; for `mnih` mostly so dark that its threshold parts it. */
  readonly frames: readonly Uint8Array[];
  readonly #preprocessor: FramePreprocessor;

  constructor({ kind }: PreprocessTrial) {
    this.#preprocessor = new FramePreprocessor({ kind, height, width });
    const random = new Random(1);
    this.frames = Array.from({ length: frameCount }, () =>
      Uint8Array.from({ length: this.#preprocessor.frameBytes }, () => {
        const drawn = random.uint32();
        return kind !== 'mnih' || (drawn & 15) === 0 ? drawn >>> 24 : drawn >>> 29;
      }),
    );
  }

  /** Observations of an episode of all frames, the one before each being that of the emulator before. */
  observations(): Uint8Array[] {
    const [first, ...rest] = this.frames;
    return [
      this.#preprocessor.begin(0, first!),
      ...rest.map((frame, k) => this.#preprocessor.step(0, frame, this.frames[k])),
    ];
  }

  contender(): Contender {
    const into = new Uint8Array(this.#preprocessor.size);
    this.#preprocessor.begin(0, this.frames[0]!);
    let k = 0;
    return localContender('spiq', () => {
      const before = this.frames[k]!;
      k = (k + 1) % frameCount;
      this.#preprocessor.step(0, this.frames[k]!, before, into);
    });
  }
}
