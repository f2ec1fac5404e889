import { checkNames } from '../../check.js';
import { mismatch } from '../../errors.js';
import { Fields } from '../../formats/fields.js';
import type { Environment, Saved, StepResult } from '../env.js';
import { streams, uniformsOf } from '../philox.js';
import { checkSeed } from '../random.js';
import { Wrapper } from './wrapper.js';

const limit = 10_000;

export interface NoopOptions {
  /** Most steps before the agent is asked, 10,000 at most. */
  readonly most: number;
  /** Fewest of them (default 0). */
  readonly least?: number;
}

/**
 * Begins each episode with a random number of steps without an agent, so that episodes differ where a task always begins
 * alike. They take `actionSpace.noop`, count towards time limits, and their rewards are lost.
 */
export function withNoopStarts(environment: Environment, options: NoopOptions): Environment {
  checkNames(options, ['most', 'least'], 'no-op option');
  return new NoopWrapper(environment, checkNoops(options));
}

export function checkNoops({ most, least = 0 }: NoopOptions): Required<NoopOptions> {
  if (!Number.isSafeInteger(most) || most < 0 || most > limit) {
    throw mismatch('E_RANGE', 'no-op steps, most', `a whole number from 0 to ${limit}`, most);
  }
  if (!Number.isSafeInteger(least) || least < 0 || least > most) {
    throw mismatch('E_RANGE', 'no-op steps, least', `a whole number from 0 to ${most}`, least);
  }
  return { most, least };
}

/** The number of steps drawn for an episode. */
export function drawNoops(uniform: number, { most, least }: Required<NoopOptions>): number {
  return least + Math.floor(uniform * (most - least + 1));
}

/** Takes so many steps after a reset. An episode that ends within them gives place to the next one. */
export function takeNoops(
  environment: Environment,
  first: Float32Array,
  count: number,
): Float32Array {
  const { noop = 0 } = environment.actionSpace;
  let observation = first;
  for (let step = 0; step < count; step += 1) {
    const result = environment.step(noop);
    const ended = result.terminated || result.truncated;
    observation = ended ? environment.reset() : result.observation;
  }
  return observation;
}

class NoopWrapper extends Wrapper {
  readonly #range: Required<NoopOptions>;
  #seed = 0;
  #episode = 0;

  constructor(inner: Environment, range: Required<NoopOptions>) {
    super(inner);
    this.#range = range;
  }

  /** A seed also restarts the numbers of steps. */
  reset(seed?: number): Float32Array {
    if (seed !== undefined) checkSeed(seed);
    const first = this.inner.reset(seed);
    if (seed !== undefined) [this.#seed, this.#episode] = [seed, 0];
    const uniform = uniformsOf(this.#seed, streams.noops)(this.#episode, 0, 0);
    this.#episode += 1;
    return takeNoops(this.inner, first, drawNoops(uniform, this.#range));
  }

  step(action: number): StepResult {
    return this.inner.step(action);
  }

  protected override saveOwn(): Saved {
    return { seed: this.#seed, episode: this.#episode };
  }

  protected restoreOwn(own: Saved, observation: Float32Array): Float32Array {
    const fields = new Fields(own, 'saved no-op starts');
    const [seed, episode] = [fields.count('seed'), fields.count('episode')];
    fields.done();
    [this.#seed, this.#episode] = [seed, episode];
    return observation;
  }
}
