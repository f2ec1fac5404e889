import { mismatch } from '../errors.js';
import { Acrobot } from './acrobot.js';
import { Bricks } from './bricks.js';
import { CartPole } from './cart-pole.js';
import { CheckedEnvironment } from './checked.js';
import type { Environment } from './env.js';
import { MountainCar } from './mountain-car.js';
import type { TimeLimitOptions } from './rules.js';
import { withTimeLimit } from './wrappers/index.js';

const environments = {
  'cart-pole': (options: TimeLimitOptions) => new CartPole(options),
  'mountain-car': (options: TimeLimitOptions) => new MountainCar(options),
  acrobot: (options: TimeLimitOptions) => new Acrobot(options),
  bricks: (options: TimeLimitOptions) => new Bricks(options),
} as const;

export type EnvironmentName = keyof typeof environments;
export const environmentNames = Object.keys(environments) as readonly EnvironmentName[];

export type EnvironmentFactory = () => Environment;
export type EnvironmentClass = new () => Environment;

/**
 * A factory of environments, by name or of the user's own; `maxSteps` replaces the time limit of a known environment and
 * adds one to another. What the user's own environments take and give is checked at each call.
 */
export function makeEnvironment(
  environment: EnvironmentName | EnvironmentFactory | EnvironmentClass,
  maxSteps?: number,
): EnvironmentFactory {
  if (typeof environment !== 'function') return named(environment, maxSteps);
  const make = isClass(environment) ? () => new environment() : environment;
  return () => {
    const made = new CheckedEnvironment(make());
    return maxSteps === undefined ? made : withTimeLimit(made, maxSteps);
  };
}

/** A name or a class as `makeEnvironment` takes it; a function makes its environments as it likes. */
export function factoryOf(
  given: EnvironmentName | EnvironmentFactory | EnvironmentClass,
): EnvironmentFactory {
  return typeof given === 'function' && !isClass(given) ? given : makeEnvironment(given);
}

function named(name: EnvironmentName, maxSteps: number | undefined): EnvironmentFactory {
  if (!environmentNames.includes(name)) {
    const expected = `one of ${environmentNames.join(', ')}, a class or a function`;
    throw mismatch('E_ARGUMENT', 'environment', expected, name);
  }
  return () => environments[name](maxSteps === undefined ? {} : { maxSteps });
}

/** Only a class has methods to give to what it makes. */
function isClass(made: EnvironmentFactory | EnvironmentClass): made is EnvironmentClass {
  const { prototype } = made as { readonly prototype?: object };
  return prototype !== undefined && 'step' in prototype;
}
