import { checkNames } from './check.js';
import { mismatch } from './errors.js';
import { FrameRegion } from './frames/region.js';
import { addon, defaultIsa, translated } from './native.js';
import type { NativePreprocessor } from './native.js';

export { FrameRegion } from './frames/region.js';

/** What makes observations of a game's frames; docs/environments.md has the equation of each. */
export const preprocessNames = ['patel', 'mnih', 'nature', 'neon'] as const;

export type PreprocessName = (typeof preprocessNames)[number];

export interface FramePreprocessorOptions {
  readonly kind: PreprocessName;
  /** Of a frame in pixels (default 210). */
  readonly height?: number | undefined;
  /** Of a frame in pixels (default 160). */
  readonly width?: number | undefined;
  /** Copies of the environment, each with a history of its own (default 1). */
  readonly copies?: number | undefined;
  /** Instruction set; all of them give the same bytes (default: the strongest, or `SPIQ_ISA`). */
  readonly isa?: string | undefined;
}

/** Channels of the frames that a kind takes. */
const channels = { patel: 'rgb', mnih: 'rgb', nature: 'gray', neon: 'rgb' } as const;

/**
 * Observations from the frames of a game, as bytes.
 *
 * ```ts
 * const preprocessor = new FramePreprocessor({ kind: 'nature' });
 * const first = preprocessor.begin(0, frame);
 * const next = preprocessor.step(0, newest, before);
 * ```
 */
export class FramePreprocessor {
  readonly kind: PreprocessName;
  /** Of an observation: channels, height, width. */
  readonly shape: readonly number[];
  /** Bytes of an observation. */
  readonly size: number;
  /** What frames are made of: three bytes for each pixel, or one. */
  readonly pixels: 'rgb' | 'gray';
  /** Bytes of a frame. */
  readonly frameBytes: number;
  readonly copies: number;
  readonly #native: NativePreprocessor;

  constructor(options: FramePreprocessorOptions) {
    checkNames(options, ['kind', 'height', 'width', 'copies', 'isa'], 'preprocessor option');
    const { kind, copies = 1, isa = defaultIsa() } = options;
    if (!preprocessNames.includes(kind))
      throw mismatch(
        'E_ARGUMENT',
        "preprocessor option 'kind'",
        `one of ${preprocessNames.join(', ')}`,
        kind,
      );
    this.#native = translated(() => new (addon().Preprocessor)({ ...options, isa }));
    const { shape, frameBytes } = this.#native.describe();
    this.kind = kind;
    this.copies = copies;
    this.shape = shape;
    this.size = shape.reduce((product, side) => product * side, 1);
    this.pixels = channels[kind];
    this.frameBytes = frameBytes;
  }

  /**
   * The first observation of an episode of a copy, written into `into` from byte `at` on. `before` is the frame that the
   * emulator drew before `newest`; without it `newest` stands in for it.
   */
  begin(
    copy: number,
    newest: Uint8Array,
    before?: Uint8Array,
    into: Uint8Array = new Uint8Array(this.size),
    at = 0,
  ): Uint8Array {
    translated(() => {
      this.#native.begin(copy, newest, before, into, at);
    });
    return into;
  }

  /** The observation that follows. */
  step(
    copy: number,
    newest: Uint8Array,
    before?: Uint8Array,
    into: Uint8Array = new Uint8Array(this.size),
    at = 0,
  ): Uint8Array {
    translated(() => {
      this.#native.step(copy, newest, before, into, at);
    });
    return into;
  }

  /**
   * First observations of several copies whose frames lie in a region: the newest of copy k at byte k · `slotBytes`, the
   * one before `beforeOffset` bytes behind it, or none where that is undefined. The observation of copy k is written into
   * `into` from byte k · `size` on; the others stay as they are.
   */
  beginFrom(
    region: FrameRegion,
    copies: Int32Array,
    slotBytes: number,
    beforeOffset: number | undefined,
    into: Uint8Array,
  ): void {
    const frames = FrameRegion.nativeOf(region);
    translated(() => {
      this.#native.beginFrom(frames, copies, slotBytes, beforeOffset, into);
    });
  }

  /** The observations that follow. */
  stepFrom(
    region: FrameRegion,
    copies: Int32Array,
    slotBytes: number,
    beforeOffset: number | undefined,
    into: Uint8Array,
  ): void {
    const frames = FrameRegion.nativeOf(region);
    translated(() => {
      this.#native.stepFrom(frames, copies, slotBytes, beforeOffset, into);
    });
  }
}
