import type { WeightedLayer } from './network.js';

/** How closely outputs must agree. */
export interface Agreement {
  /** Share of the rows that must be equal to rounding. */
  readonly exactRows: number;
  /** What near-ties may move an output by in the other rows. */
  readonly slack: number;
}

const tolerance = 1e-3;
const nearTies = 6;
const spikesMayDiffer = 1e-3;
const mostSpikesApart = 2;

/**
 * A spike on a near-tie may fall either way in another order of sums, which moves an output by a weight. In the
 * fully connected networks that is rare; among a convolution's 21,632 neurons it is not: the torch loop in float32
 * and in float64 agreed to rounding in 9 to 14 of 16 rows, and in the others differed by one or two such spikes.
 */
export function agreementFor(layers: readonly WeightedLayer[]): Agreement {
  const { data } = layers.at(-1)!.weight!;
  const largest = data.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const convolves = layers.some(({ spec }) => spec.kind === 'conv');
  return { exactRows: convolves ? 0.25 : 0.9, slack: nearTies * largest };
}

/** Results must be the same network's before anybody's time counts. */
export function verifyOutputs(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  rows: number,
  who: string,
  { exactRows, slack }: Agreement,
): void {
  if (rows === 0 || ours.length === 0 || ours.length !== theirs.length) {
    throw new Error(`${who} gave ${theirs.length} outputs in place of ${ours.length}`);
  }
  const width = ours.length / rows;
  let exact = 0;
  for (let row = 0; row < rows; row += 1) {
    let isExact = true;
    for (let i = row * width; i < (row + 1) * width; i += 1) {
      const difference = Math.abs(ours[i]! - theirs[i]!);
      const rounding = tolerance * (1 + Math.abs(theirs[i]!));
      if (!(difference <= rounding + slack)) {
        throw new Error(`row ${row}: ${ours[i]!} is not the ${theirs[i]!} of ${who}`);
      }
      isExact &&= difference <= rounding;
    }
    if (isExact) exact += 1;
  }
  if (exact < exactRows * rows) {
    throw new Error(`${rows - exact} of ${rows} rows differ from those of ${who}`);
  }
}

/** Spikes of each neuron, summed over the steps, layer by layer: near-ties move few neurons by a spike. */
export function verifySpikes(
  ours: readonly ArrayLike<number>[],
  theirs: readonly ArrayLike<number>[],
  who: string,
): void {
  const sizes = (layers: readonly ArrayLike<number>[]): string =>
    layers.map(({ length }) => length).join(', ');
  if (ours.length === 0 || sizes(ours) !== sizes(theirs)) {
    throw new Error(`${who} counted neurons ${sizes(theirs)} in place of ${sizes(ours)}`);
  }
  let neurons = 0;
  let different = 0;
  ours.forEach((counts, layer) => {
    neurons += counts.length;
    for (let i = 0; i < counts.length; i += 1) {
      const apart = Math.abs(counts[i]! - theirs[layer]![i]!);
      if (apart === 0) continue;
      different += 1;
      if (!(apart <= mostSpikesApart)) {
        throw new Error(`neuron ${i} of hidden layer ${layer}: ${apart} spikes off ${who}`);
      }
    }
  });
  if (different > spikesMayDiffer * neurons) {
    throw new Error(`${different} of ${neurons} neurons fire otherwise than in ${who}`);
  }
}
