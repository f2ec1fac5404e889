import type { ConversionMethod } from '../convert/index.js';
import type { SimulationCost } from './cost.js';
import type { LayerAnalysis } from './layer.js';
import type { MethodScore } from './scores.js';

/** What `compareMethods` finds: plain data, of which JSON loses nothing. */
export interface MethodComparison {
  /** Rows calibrated with, and rows simulated and scored. */
  readonly calibrationRows: number;
  readonly testRows: number;
  /** Whether the test rows were held back from the calibration rows. */
  readonly heldBack: boolean;
  /** The simulation times scored, ascending. */
  readonly times: readonly number[];
  /** The one that methods are calibrated for, ranked at and analysed at. */
  readonly steps: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly float: {
    /** Null without labels. */
    readonly accuracy: number | null;
    readonly multiplyAccumulates: number;
    /** Picojoules. */
    readonly energy: number;
  };
  /** Best first. */
  readonly methods: readonly ComparedMethod[];
  readonly skipped: readonly SkippedMethod[];
}

export interface ComparedMethod {
  readonly method: ConversionMethod;
  /** Where it was published. */
  readonly source: string;
  /** One for each of `times`. */
  readonly scores: readonly MethodScore[];
  /** The smallest time from which on the network is as good as the float one, to within the tolerance; null: none. */
  readonly suggestedSteps: number | null;
  /** These three at `steps`. */
  readonly cost: SimulationCost;
  readonly layers: readonly LayerAnalysis[];
  readonly uncompared: readonly string[];
}

/** A method that does not apply to the network or to the options. */
export interface SkippedMethod {
  readonly method: ConversionMethod;
  readonly reason: string;
}

/** The score at the time that methods are ranked at. */
export function scoreAt({ scores }: ComparedMethod, steps: number): MethodScore {
  return scores.find((score) => score.steps === steps)!;
}
