import { checkNames } from '../../check.js';
import { mismatch, phrase } from '../../errors.js';
import { Fields } from '../../formats/fields.js';
import type { BoxSpace, Environment, Saved, StepResult } from '../env.js';
import { Wrapper } from './wrapper.js';

export const historyOrders = ['oldest-first', 'newest-first'] as const;
export type HistoryOrder = (typeof historyOrders)[number];

/** As many as a replay memory stacks. */
const mostFrames = 255;

export const historyPaddings = ['repeat', 'zeros'] as const;
export type HistoryPadding = (typeof historyPaddings)[number];

export interface HistoryOptions {
  /** Default `oldest-first`. */
  readonly order?: HistoryOrder;
  /** What stands for observations before the episode's first: the first one again (the default) or zeros. */
  readonly padding?: HistoryPadding;
}

/** Shows the last `frames` observations together. Images [channels, rows, columns] are stacked as channels. */
export function withHistory(
  environment: Environment,
  frames: number,
  options: HistoryOptions = {},
): Environment {
  checkNames(options, ['order', 'padding'], 'history option');
  const { order = 'oldest-first', padding = 'repeat' } = options;
  if (!Number.isSafeInteger(frames) || frames < 1 || frames > mostFrames) {
    throw mismatch('E_RANGE', 'frames', `a whole number from 1 to ${mostFrames}`, frames);
  }
  if (!historyOrders.includes(order)) {
    throw mismatch('E_ARGUMENT', 'order', historyOrders.join(' or '), order);
  }
  if (!historyPaddings.includes(padding)) {
    throw mismatch('E_ARGUMENT', 'padding', historyPaddings.join(' or '), padding);
  }
  return new HistoryWrapper(environment, frames, { order, padding });
}

/** What agents see as a state: so many observations, or the environment as it is where one will do. */
export function withFrames(environment: Environment, frames: number): Environment {
  return frames === 1 ? environment : withHistory(environment, frames);
}

class HistoryWrapper extends Wrapper {
  readonly #options: Required<HistoryOptions>;
  readonly #size: number;
  readonly #history: Float32Array;

  constructor(inner: Environment, frames: number, options: Required<HistoryOptions>) {
    const { observationSpace: space } = inner;
    super(inner, stacked(space, frames));
    this.#options = options;
    this.#size = space.size;
    this.#history = new Float32Array(space.size * frames);
  }

  reset(seed?: number): Float32Array {
    const observation = this.inner.reset(seed);
    this.#history.fill(0);
    const pushes = this.#options.padding === 'repeat' ? this.#history.length / this.#size : 1;
    for (let k = 0; k < pushes; k += 1) this.#push(observation);
    return this.#history;
  }

  step(action: number): StepResult {
    const result = this.inner.step(action);
    this.#push(result.observation);
    return { ...result, observation: this.#history };
  }

  #push(observation: Float32Array): void {
    const last = this.#history.length - this.#size;
    const newestFirst = this.#options.order === 'newest-first';
    if (newestFirst) this.#history.copyWithin(this.#size, 0, last);
    else this.#history.copyWithin(0, this.#size);
    this.#history.set(observation, newestFirst ? 0 : last);
  }

  protected override saveOwn(): Saved {
    return { history: [...this.#history] };
  }

  protected restoreOwn(own: Saved): Float32Array {
    const what = 'saved history';
    const fields = new Fields(own, what);
    const history = fields.numbers('history');
    fields.done();
    if (history.length !== this.#history.length) {
      const expected = `${this.#history.length} numbers`;
      throw mismatch('E_FORMAT', what, expected, phrase(`${history.length}`));
    }
    this.#history.set(history);
    return this.#history;
  }
}

function stacked({ size, low, high, shape }: BoxSpace, frames: number): BoxSpace {
  const repeat = (bounds: readonly number[]): number[] =>
    Array.from({ length: frames }, () => bounds).flat();
  const box = { kind: 'box', size: size * frames, low: repeat(low), high: repeat(high) } as const;
  if (shape === undefined) return box;
  const [channels = 1, ...rest] = shape;
  return { ...box, shape: [channels * frames, ...rest] };
}
