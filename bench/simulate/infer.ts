import type { Simulator } from '../../ts/simulator.js';

/** The call that is timed: rows of observations in, the outputs' sums out, read by the caller. */
export function infer(simulator: Simulator, observations: Float32Array, out: Float32Array): void {
  simulator.runInto(observations, out);
}
