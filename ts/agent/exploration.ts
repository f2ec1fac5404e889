import { streams, uniformsOf } from '../env/philox.js';

export interface ExplorationParameters {
  readonly exploration: 'exponential' | 'linear';
  readonly epsilonStart: number;
  readonly epsilonEnd: number;
  readonly epsilonDecay: number;
  readonly epsilonSteps: number;
  readonly seed: number;
}

/** Share of random actions at a step, counted over all episodes. */
export function epsilonAt(parameters: ExplorationParameters, step: number): number {
  const { epsilonStart: from, epsilonEnd: to } = parameters;
  if (parameters.exploration === 'exponential') {
    return Math.max(to, from * parameters.epsilonDecay ** step);
  }
  return step >= parameters.epsilonSteps
    ? to
    : from + ((to - from) * step) / parameters.epsilonSteps;
}

/**
 * The action to take at random at a step of a copy, or −1 where the best is to be taken: u > ε, as published. What is
 * drawn depends on seed, copy and step alone.
 */
export function explorer(
  parameters: ExplorationParameters,
  actions: number,
): (copy: number, step: number) => number {
  const random = uniformsOf(parameters.seed, streams.exploration);
  return (copy, step) => {
    if (random(copy, step, 0) > epsilonAt(parameters, step)) return -1;
    return Math.floor(random(copy, step, 1) * actions);
  };
}
