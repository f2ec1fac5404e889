import { networkParameters, optimiserParameters } from './network-parameters.js';
import { readParameters, whole } from './parameters.js';
import type { ParametersOf } from './parameters.js';

/** Everything that learning from a replay depends on. */
export const classifierParameters = {
  ...networkParameters,
  ...optimiserParameters,
  batch: whole(50, 'rows of an update, none of them twice', { least: 1 }),
  batches: whole(200_000, 'updates', { least: 1 }),
  reportEvery: whole(1000, 'updates between two reports', { least: 1 }),
  seed: whole(0, 'seed of everything that is drawn'),
  threads: whole(1, 'threads of the updates', { least: 1 }),
};

export type ClassifierParameters = ParametersOf<typeof classifierParameters>;

export function readClassifierParameters(given: object): ClassifierParameters {
  return readParameters(classifierParameters, given, 'classifier parameter');
}
