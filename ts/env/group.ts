import type { Environment } from './env.js';

/**
 * Copies of a task that live elsewhere, such as in another process. Calls are made for several copies together, ahead of
 * each copy's own: once `await group.step(copies, actions)` has come back, `environments[k].step(action)` gives what came
 * of it. So a step of many copies is one message, and whatever wraps a single environment wraps these too.
 */
export interface EnvironmentGroup {
  readonly environments: readonly Environment[];
  /** Ahead of `environments[k].reset(seed)` for each of the copies. */
  reset(copies: readonly number[], seeds: readonly number[]): Promise<void>;
  /** Ahead of `environments[k].step(action)` for each of the copies, whose episodes go on. */
  step(copies: readonly number[], actions: readonly number[]): Promise<void>;
  /** Ends what the copies live in; calls under way fail. */
  close(): Promise<void>;
}

export function isGroup(given: unknown): given is EnvironmentGroup {
  return typeof given === 'object' && given !== null && 'environments' in given;
}

/** The same copies, each as `wrap` shows it: with a history, a time limit, another reward. */
export function wrapGroup(
  group: EnvironmentGroup,
  wrap: (environment: Environment) => Environment,
): EnvironmentGroup {
  return {
    environments: group.environments.map(wrap),
    reset: (copies, seeds) => group.reset(copies, seeds),
    step: (copies, actions) => group.step(copies, actions),
    close: () => group.close(),
  };
}
