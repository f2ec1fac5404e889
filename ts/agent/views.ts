import type { BoxSpace, Environment, StepResult } from '../env/env.js';

/** What an agent sees of an observation; it may give the same buffer every time. */
export type Observe = (observation: Float32Array) => Float32Array;

/** The environment as it looks through a function of the user's own. */
export function observed(environment: Environment, observe: Observe): Environment {
  const { length } = observe(environment.reset(0));
  return seenThrough(environment, unbounded(length), {
    begin: observe,
    next: observe,
  });
}

/** The environment as it looks to a network that sees its last observations together, the oldest first. */
export function stacked(environment: Environment, frames: number): Environment {
  if (frames === 1) return environment;
  const { size, low, high, shape } = environment.observationSpace;
  const repeat = (values: readonly number[]): number[] =>
    Array.from({ length: frames }, () => values).flat();
  const space: BoxSpace = {
    kind: 'box',
    size: size * frames,
    low: repeat(low),
    high: repeat(high),
    ...(shape && { shape: [shape[0]! * frames, ...shape.slice(1)] }),
  };
  const stack = new Float32Array(size * frames);
  return seenThrough(environment, space, {
    begin(observation) {
      // As the replay memory has it: what lies before an episode is its first observation again.
      for (let k = 0; k < frames; k += 1) stack.set(observation, k * size);
      return stack;
    },
    next(observation) {
      stack.copyWithin(0, size);
      stack.set(observation, stack.length - size);
      return stack;
    },
  });
}

interface View {
  readonly begin: Observe;
  readonly next: Observe;
}

function seenThrough(
  environment: Environment,
  observationSpace: BoxSpace,
  view: View,
): Environment {
  return {
    observationSpace,
    actionSpace: environment.actionSpace,
    reset: (seed?: number): Float32Array => view.begin(environment.reset(seed)),
    step(action: number): StepResult {
      const result = environment.step(action);
      return { ...result, observation: view.next(result.observation) };
    },
  };
}

function unbounded(size: number): BoxSpace {
  const bound = (value: number): number[] => new Array<number>(size).fill(value);
  return { kind: 'box', size, low: bound(-Infinity), high: bound(Infinity) };
}
