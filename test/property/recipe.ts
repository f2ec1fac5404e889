import fc from 'fast-check';
import type { PoolMode, Reset } from '../../ts/graph.js';
import { decodings, encodings, semanticsNames } from '../../ts/simulator.js';
import type { Decoding, Encoding, Semantics } from '../../ts/simulator.js';

/**
 * A recipe is what fast-check draws and shrinks: small numbers out of which `build.ts` makes a valid graph with its
 * observations. Sizes are wishes; where they do not fit, the builder takes the nearest that do.
 */
export interface Recipe {
  readonly input: readonly number[];
  readonly layers: readonly LayerRecipe[];
  /** A dense layer of so many units in front of the output; 0: the output is the last layer itself. */
  readonly head: number;
  readonly accumulates: boolean;
  readonly neurons: NeuronRecipe;
  readonly run: RunRecipe;
  readonly weightSeed: number;
  /** Weights, thresholds and observations are multiples of a power of two, so that sums hit thresholds exactly. */
  readonly onGrid: boolean;
}

export interface WindowRecipe {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
}

interface Fires {
  /** Whether neurons stand behind it, or whatever comes next sees real values. */
  readonly fires: boolean;
}

interface Weighted extends Fires {
  readonly channels: number;
  readonly bias: boolean;
}

export interface DenseRecipe extends Weighted {
  readonly layer: 'dense';
}

export interface ConvRecipe extends Weighted, WindowRecipe {
  readonly layer: 'conv' | 'conv_transpose';
  /** Which of the divisors of the input's channels, from 1 on; the last is depthwise. */
  readonly groups: number;
  readonly outputPadding: readonly [number, number];
}

export interface PoolRecipe extends WindowRecipe, Fires {
  readonly layer: 'pool';
  readonly mode: PoolMode;
  readonly whole: boolean;
  readonly ownStride: boolean;
  readonly countPadding: boolean;
  readonly spikes: 'gated' | 'average';
}

export interface ShapeRecipe {
  readonly layer: 'flatten' | 'reshape' | 'upsample';
  readonly scale: readonly [number, number];
}

/** A branch of one convolution beside the straight way. */
export interface BranchRecipe extends Fires {
  readonly layer: 'residual' | 'concat';
  readonly axis: number;
  readonly channels: number;
  readonly branchFires: boolean;
}

/** Spikes of `delay` steps ago: of a layer's own neurons, or of what came before. */
export interface DelayRecipe {
  readonly layer: 'feedback' | 'late';
  readonly delay: number;
}

export interface ScaleRecipe extends Fires {
  readonly layer: 'scale';
  readonly offset: boolean;
}

/** Values in another order, some of them, or zeros around them. */
export interface MoveRecipe {
  readonly layer: 'transpose' | 'select' | 'pad';
  /** Of the axes, or the axis. */
  readonly order: number;
  /** Remainders of what there is. */
  readonly picks: readonly number[];
  readonly padding: readonly number[];
}

export type LayerRecipe =
  | DenseRecipe
  | ConvRecipe
  | PoolRecipe
  | ShapeRecipe
  | BranchRecipe
  | DelayRecipe
  | ScaleRecipe
  | MoveRecipe;

export interface NeuronRecipe {
  readonly threshold: number;
  readonly perChannel: boolean;
  readonly initial: number;
  readonly initials: boolean;
  readonly negative: number;
  readonly negatives: boolean;
  readonly alpha: number;
  readonly beta: number;
  readonly reset: Reset;
  readonly resetValue: number;
  readonly refractory: number;
  readonly ternary: boolean;
  readonly burst: number;
}

export interface RunRecipe {
  readonly semantics: Semantics;
  readonly encoding: Encoding;
  readonly decoding: Decoding;
  readonly epsilon: number | undefined;
  readonly overrides: boolean;
  /** What the input node does to observations that are encoded. */
  readonly intake: 'nothing' | 'factor' | 'offset' | 'both';
  readonly twoInputNeurons: boolean;
  readonly biasAsObservation: boolean;
  readonly steps: number;
  readonly rows: number;
  readonly seed: number;
  readonly trace: boolean;
  /** Observations that are no float32 values. */
  readonly fine: boolean;
}

export const neuronRecipes: fc.Arbitrary<NeuronRecipe> = fc.record({
  threshold: fc.constantFrom(1, 0.5, 0.7),
  perChannel: fc.boolean(),
  initial: fc.constantFrom(0, 0.5, -0.3, 1.7),
  initials: fc.boolean(),
  negative: fc.constantFrom(1, 0.5, 2.3),
  negatives: fc.boolean(),
  alpha: fc.constantFrom(0, 0.3, 0.5),
  beta: fc.constantFrom(1, 0.95, 0.5),
  reset: fc.constantFrom('subtraction', 'zero', 'value'),
  resetValue: fc.constantFrom(0, 0.1, -0.25),
  refractory: fc.constantFrom(0, 0, 1, 3),
  ternary: fc.boolean(),
  burst: fc.constantFrom(1, 1, 2, 5),
});

export const runRecipes: fc.Arbitrary<RunRecipe> = fc.record({
  semantics: fc.constantFrom(...semanticsNames),
  encoding: fc.constantFrom(...encodings),
  decoding: fc.constantFrom(...decodings),
  epsilon: fc.constantFrom(undefined, 0, 0.01),
  overrides: fc.boolean(),
  intake: fc.constantFrom('nothing', 'nothing', 'factor', 'offset', 'both'),
  twoInputNeurons: fc.boolean(),
  biasAsObservation: fc.boolean(),
  steps: fc.integer({ min: 1, max: 150 }),
  rows: fc.integer({ min: 1, max: 5 }),
  seed: fc.maxSafeNat(),
  trace: fc.boolean(),
  fine: fc.boolean(),
});
