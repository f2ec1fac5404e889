import fc from 'fast-check';
import type { Random } from '../../ts/env/random.js';
import type { FrameType, ReplayOptions, StepOutcome } from '../../ts/index.js';

interface Shares {
  readonly terminated: number;
  readonly truncated: number;
  readonly lifeLost: number;
  readonly discard: number;
}

/** A memory's options and what happens in it. */
export class Scene {
  constructor(
    readonly options: ReplayOptions,
    readonly seed: number,
    readonly steps: number,
    readonly copies: number,
    /** How much more often copy 0 steps than the others. */
    readonly favour: number,
    readonly shares: Shares,
  ) {}

  get #dtype(): FrameType {
    return this.options.observation.dtype ?? 'float32';
  }

  get frameBytes(): number {
    const { size } = this.options.observation;
    return { float32: 4 * size, uint8: size, bits: Math.ceil(size / 8) }[this.#dtype];
  }

  /** Which copy is next, and whether with a new episode. */
  next(random: Random, running: (copy: number) => boolean): { copy: number; begins: boolean } {
    const place = Math.floor(random.uniform(0, this.copies + this.favour));
    const copy = place < this.copies ? place : 0;
    return { copy, begins: !running(copy) || random.uniform(0, 1) < 0.005 };
  }

  frame(random: Random): number[] {
    const value = {
      float32: () => Math.fround(random.uniform(-2, 2)),
      uint8: () => Math.floor(random.uniform(0, 256)),
      bits: () => Math.floor(random.uniform(0, 2)),
    }[this.#dtype];
    return Array.from({ length: this.options.observation.size }, value);
  }

  array(frame: readonly number[]): Float32Array | Float64Array | Uint8Array {
    if (this.#dtype === 'float32') return Float32Array.from(frame);
    return this.seed % 2 === 0 ? Uint8Array.from(frame) : Float64Array.from(frame);
  }

  step(random: Random): { action: number; reward: number; outcome: StepOutcome } {
    const happens = (share: number): boolean => random.uniform(0, 1) < share;
    return {
      action: Math.floor(random.uniform(-3, 7)),
      reward: random.uniform(-5, 5),
      outcome: {
        terminated: happens(this.shares.terminated),
        truncated: happens(this.shares.truncated),
        lifeLost: happens(this.shares.lifeLost),
        discard: happens(this.shares.discard),
      },
    };
  }
}

const observation = fc.record({
  size: fc.integer({ min: 1, max: 11 }),
  dtype: fc.constantFrom('float32' as const, 'uint8' as const, 'bits' as const),
  stack: fc.integer({ min: 1, max: 5 }),
  order: fc.constantFrom('oldest-first' as const, 'newest-first' as const),
  padding: fc.constantFrom('zeros' as const, 'repeat' as const, 'skip' as const),
});

const selection = fc.constantFrom(
  {},
  { replacement: false },
  { prioritised: true },
  { prioritised: { alpha: 1, beta: 0.5 } },
);

export const options: fc.Arbitrary<ReplayOptions> = fc
  .record({
    capacity: fc.integer({ min: 1, max: 120 }),
    observation,
    nStep: fc.constantFrom(1, 1, 2, 3, 7),
    gamma: fc.constantFrom(0, 0.5, 0.99, 1),
    seed: fc.nat(),
    selection,
  })
  .map(({ selection: chosen, ...rest }) => ({ ...rest, ...chosen }));

const share = (...values: number[]) => fc.constantFrom(0, ...values);

export const scenes: fc.Arbitrary<Scene> = fc
  .record({
    options,
    seed: fc.nat(),
    steps: fc.integer({ min: 1, max: 900 }),
    copies: fc.integer({ min: 1, max: 4 }),
    favour: fc.constantFrom(0, 0, 3, 40),
    shares: fc.record({
      terminated: share(0.02, 0.3),
      truncated: share(0.02, 0.3),
      lifeLost: share(0.05, 0.5),
      discard: share(0.05, 0.5, 0.95),
    }),
  })
  .map((given) => {
    const { options: chosen, seed, steps, copies, favour, shares } = given;
    return new Scene(chosen, seed, steps, copies, favour, shares);
  });
