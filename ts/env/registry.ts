import { mismatch } from '../errors.js';
import { CartPole } from './cart-pole.js';
import type { Environment } from './env.js';

export const environmentNames = ['cart-pole'] as const;
export type EnvironmentName = (typeof environmentNames)[number];

/** A factory of environments by name; `maxSteps` replaces the environment's own time limit. */
export function makeEnvironment(name: EnvironmentName, maxSteps?: number): () => Environment {
  if (!environmentNames.includes(name)) {
    throw mismatch('E_ARGUMENT', 'environment', `one of ${environmentNames.join(', ')}`, name);
  }
  return () => new CartPole(maxSteps === undefined ? {} : { maxSteps });
}
