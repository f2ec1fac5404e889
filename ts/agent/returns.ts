import { mean, sampleDeviation } from './statistics.js';

/** float32's distance from 1 to the next number, which the published code adds to the deviation. */
const float32Epsilon = 2 ** -23;

/** For each step of an episode the rewards from there on, each later one discounted once more. */
export function discountedReturns(rewards: readonly number[], gamma: number): number[] {
  const returns = new Array<number>(rewards.length);
  let following = 0;
  for (let step = rewards.length - 1; step >= 0; step -= 1) {
    following = rewards[step]! + gamma * following;
    returns[step] = following;
  }
  return returns;
}

/** Mean 0 and deviation 1, by the deviation with divisor n − 1; a single value becomes 0. */
export function standardised(values: readonly number[]): number[] {
  const centre = mean(values);
  const spread = (sampleDeviation(values) ?? 0) + float32Epsilon;
  return values.map((value) => (value - centre) / spread);
}
