import { argmaxRows } from '../agent/argmax.js';

/** How well a spiking network does after so many steps. */
export interface MethodScore {
  readonly steps: number;
  /** Share of the observations whose largest output is the float network's; null of a single output. */
  readonly agreement: number | null;
  /** Share whose largest output is the label; null without labels. */
  readonly accuracy: number | null;
  /** Sum of the outputs' errors over the sum of the float network's outputs, in magnitude; null where units are unknown. */
  readonly relativeError: number | null;
  /** Root of the mean squared error of the outputs, in units of the float network. */
  readonly rmse: number | null;
}

export interface Outputs {
  readonly rows: number;
  readonly out: ArrayLike<number>;
  readonly q: ArrayLike<number> | undefined;
  readonly float: ArrayLike<number>;
  readonly labels: ArrayLike<number> | undefined;
}

/** Gathers a score over pieces of the rows. */
export class ScoreSums {
  #rows = 0;
  #values = 0;
  #agreeing = 0;
  #right = 0;
  #error = 0;
  #magnitude = 0;
  #squares = 0;
  #units = true;

  constructor(
    readonly steps: number,
    readonly outputs: number,
    readonly labelled: boolean,
  ) {}

  add({ rows, out, q, float, labels }: Outputs): void {
    const [mine, wanted] = [argmaxRows(out, rows), argmaxRows(float, rows)];
    this.#rows += rows;
    this.#values += float.length;
    for (let row = 0; row < rows; row += 1) {
      if (mine[row] === wanted[row]) this.#agreeing += 1;
      if (mine[row] === labels?.[row]) this.#right += 1;
    }
    this.#units &&= q !== undefined;
    for (let i = 0; q !== undefined && i < float.length; i += 1) {
      const error = q[i]! - float[i]!;
      this.#error += Math.abs(error);
      this.#squares += error * error;
      this.#magnitude += Math.abs(float[i]!);
    }
  }

  result(): MethodScore {
    const known = this.#units && this.#rows > 0;
    return {
      steps: this.steps,
      agreement: this.outputs > 1 ? this.#agreeing / this.#rows : null,
      accuracy: this.labelled ? this.#right / this.#rows : null,
      relativeError: known && this.#magnitude > 0 ? this.#error / this.#magnitude : null,
      rmse: known ? Math.sqrt(this.#squares / this.#values) : null,
    };
  }
}

/** What is allowed to be lost against the float network, as a share: of the observations, or of a single output. */
export const defaultTolerance = { share: 0.005, error: 0.05 } as const;

/**
 * The smallest T from which on all that were tried are within `tolerance` of the float network: by accuracy where
 * there are labels, by agreement otherwise, and by the relative error of a single output.
 */
export function suggestSteps(
  scores: readonly MethodScore[],
  floatAccuracy: number | null,
  tolerance?: number,
): number | null {
  const isWithin = ({ agreement, accuracy, relativeError }: MethodScore): boolean => {
    const share = tolerance ?? defaultTolerance.share;
    if (accuracy !== null && floatAccuracy !== null) return accuracy >= floatAccuracy - share;
    if (agreement !== null) return agreement >= 1 - share;
    return relativeError !== null && relativeError <= (tolerance ?? defaultTolerance.error);
  };
  const last = scores.findLastIndex((score) => !isWithin(score));
  return scores[last + 1]?.steps ?? null;
}

/** Negative where the first is better: by accuracy, then agreement, then error. */
export function compareScores(a: MethodScore, b: MethodScore): number {
  const higher = (x: number | null, y: number | null): number => (y ?? 0) - (x ?? 0);
  const lower = (x: number | null, y: number | null): number => {
    if (x === y) return 0;
    return (x ?? Infinity) - (y ?? Infinity);
  };
  return (
    higher(a.accuracy, b.accuracy) ||
    higher(a.agreement, b.agreement) ||
    lower(a.relativeError, b.relativeError) ||
    lower(a.rmse, b.rmse)
  );
}
