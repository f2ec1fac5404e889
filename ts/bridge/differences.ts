import { argmaxRows } from '../agent/argmax.js';

/** What two engines made of the same observations. */
export interface Outcome {
  readonly rows: number;
  readonly out: Float64Array;
  readonly potentials: Float64Array;
  /** Spikes, for every layer that fires [rows][units]. */
  readonly counts: readonly ArrayLike<number>[];
}

/** The first place in which two engines differ, in the order of rows, layers and units. */
export interface FirstDifference {
  readonly row: number;
  readonly layer: string;
  readonly unit: number;
  readonly expected: number;
  readonly received: number;
}

export interface Differences {
  readonly rows: number;
  /** Neurons whose spikes differ in number, over all rows. */
  readonly neurons: number;
  /** Rows with such a neuron. */
  readonly differingRows: number;
  readonly largestCountDifference: number;
  readonly first?: FirstDifference;
  readonly largestPotentialDifference: number;
  /** Share of the rows with the same best output. */
  readonly actionAgreement: number;
}

export function differencesBetween(
  expected: Outcome,
  received: Outcome,
  layers: readonly string[],
): Differences {
  const { rows } = expected;
  let [neurons, differingRows, largest] = [0, 0, 0];
  let first: FirstDifference | undefined;
  for (let row = 0; row < rows; row += 1) {
    const before = neurons;
    layers.forEach((layer, l) => {
      const [own, other] = [expected.counts[l]!, received.counts[l]!];
      const units = own.length / rows;
      for (let unit = 0; unit < units; unit += 1) {
        const [a, b] = [own[row * units + unit]!, other[row * units + unit]!];
        if (a === b) continue;
        neurons += 1;
        largest = Math.max(largest, Math.abs(a - b));
        first ??= { row, layer, unit, expected: a, received: b };
      }
    });
    if (neurons > before) differingRows += 1;
  }
  const actions = argmaxRows(expected.out, rows);
  const others = argmaxRows(received.out, rows);
  return {
    rows,
    neurons,
    differingRows,
    largestCountDifference: largest,
    ...(first && { first }),
    largestPotentialDifference: largestDifference(expected.potentials, received.potentials),
    actionAgreement: actions.filter((action, row) => action === others[row]).length / rows,
  };
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  for (let k = 0; k < a.length; k += 1) largest = Math.max(largest, Math.abs(a[k]! - b[k]!));
  return largest;
}
