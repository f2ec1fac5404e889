import { mismatch } from '../errors.js';
import { Acrobot } from './acrobot.js';
import { CartPole } from './cart-pole.js';
import type { Environment } from './env.js';
import { MountainCar } from './mountain-car.js';
import type { TimeLimitOptions } from './rules.js';

const environments = {
  'cart-pole': (options: TimeLimitOptions) => new CartPole(options),
  'mountain-car': (options: TimeLimitOptions) => new MountainCar(options),
  acrobot: (options: TimeLimitOptions) => new Acrobot(options),
} as const;

export type EnvironmentName = keyof typeof environments;
export const environmentNames = Object.keys(environments) as readonly EnvironmentName[];

/** A factory of environments by name; `maxSteps` replaces the environment's own time limit. */
export function makeEnvironment(name: EnvironmentName, maxSteps?: number): () => Environment {
  if (!environmentNames.includes(name)) {
    throw mismatch('E_ARGUMENT', 'environment', `one of ${environmentNames.join(', ')}`, name);
  }
  return () => environments[name](maxSteps === undefined ? {} : { maxSteps });
}
