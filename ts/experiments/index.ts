import { mismatch } from '../errors.js';
import type { Experiment } from './experiment.js';
import { gameExperiments } from './games.js';
import { publishedExperiments } from './published.js';
import { tunedExperiments } from './tuned.js';

export type { ClassifierExperiment, Experiment, PublishedResult, Spread } from './experiment.js';
export { gameExperiments } from './games.js';
export { publishedExperiments } from './published.js';
export { tunedExperiments } from './tuned.js';

/** The agents with their defaults, to be told the rest. */
export const plainExperiments: readonly Experiment[] = [
  { name: 'dqn', summary: 'DQN with its defaults', agent: 'dqn', parameters: {} },
  { name: 'reinforce', summary: 'REINFORCE with its defaults', agent: 'reinforce', parameters: {} },
];

export const experiments: readonly Experiment[] = [
  ...publishedExperiments,
  ...tunedExperiments,
  ...gameExperiments,
  ...plainExperiments,
];

export function experimentNamed(name: string): Experiment {
  const found = experiments.find((experiment) => experiment.name === name);
  if (found !== undefined) return found;
  const names = experiments.map((experiment) => experiment.name).join(', ');
  throw mismatch('E_ARGUMENT', 'experiment', `one of ${names}`, name);
}
