import { playParameters } from './dqn-parameters.js';
import { networkParameters, optimiserParameters } from './network-parameters.js';
import { flag, readParameters, real, whole } from './parameters.js';
import type { ParametersOf } from './parameters.js';

/** Everything that a run of REINFORCE depends on. */
export const reinforceParameters = {
  ...playParameters,
  ...networkParameters,
  ...optimiserParameters,
  learningRate: real(1e-2, 'learning rate', { least: 0 }),
  gamma: real(0.99, 'discount of the future', { least: 0, most: 1 }),
  episodesPerUpdate: whole(1, 'episodes that an update learns from', { least: 1 }),
  standardise: flag(true, 'whether returns are brought to mean 0 and deviation 1 before an update'),
};

export type ReinforceParameters = ParametersOf<typeof reinforceParameters>;

export function readReinforceParameters(given: object): ReinforceParameters {
  return readParameters(reinforceParameters, given, 'reinforce parameter');
}
