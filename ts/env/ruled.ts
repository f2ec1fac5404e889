import { SpiqError, mismatch, phrase } from '../errors.js';
import { Fields } from '../formats/fields.js';
import type { BoxSpace, DiscreteSpace, Environment, Frame, Saved, StepResult } from './env.js';
import { Random } from './random.js';
import { checkAction, checkState, notRunning, readMaxSteps } from './rules.js';
import type { Rules, TimeLimitOptions } from './rules.js';

const phases = ['not reset', 'running', 'ended'] as const;

/** One copy of a task that `Rules` describe. */
export class RuledEnvironment implements Environment {
  readonly observationSpace: BoxSpace;
  readonly actionSpace: DiscreteSpace;
  /** There where the rules draw. */
  readonly render?: () => Frame;
  readonly #rules: Rules;
  readonly #maxSteps: number;
  readonly #state: Float64Array;
  readonly #observation: Float32Array;
  #random = new Random(0);
  #elapsed = 0;
  #phase: (typeof phases)[number] = 'not reset';

  constructor(rules: Rules, options: TimeLimitOptions = {}) {
    this.observationSpace = rules.observationSpace;
    this.actionSpace = rules.actionSpace;
    this.#rules = rules;
    this.#maxSteps = readMaxSteps(rules, options);
    this.#state = new Float64Array(rules.stateSize);
    this.#observation = new Float32Array(rules.observationSpace.size);
    if (rules.draw) this.render = () => this.#draw();
  }

  /** The float64 state behind the float32 observation; a copy. */
  get state(): Float64Array {
    return this.#state.slice();
  }

  /** Steps taken in this episode. */
  get elapsed(): number {
    return this.#elapsed;
  }

  reset(seed?: number): Float32Array {
    if (seed !== undefined) this.#random = new Random(seed);
    this.#rules.begin(this.#state, this.#random);
    this.#elapsed = 0;
    this.#phase = 'running';
    return this.#observe();
  }

  /**
   * Puts the episode into a given state, as if `elapsed` steps had been taken, and returns the observation.
   * The next `step` goes on from there; the generator is left as it is.
   */
  setState(state: ArrayLike<number>, elapsed = 0): Float32Array {
    checkState(this.#rules, state);
    if (!Number.isSafeInteger(elapsed) || elapsed < 0 || elapsed >= this.#maxSteps) {
      const permitted = `a whole number from 0 to ${this.#maxSteps - 1}`;
      throw mismatch('E_RANGE', 'elapsed', permitted, elapsed);
    }
    this.#state.set(state);
    this.#elapsed = elapsed;
    this.#phase = 'running';
    return this.#observe();
  }

  step(action: number): StepResult {
    checkAction(this.actionSpace, action);
    if (this.#phase !== 'running') {
      const ended = this.#phase === 'ended';
      throw notRunning(ended ? 'an episode that has ended' : 'an environment never reset');
    }
    const outcome = this.#rules.advance(this.#state, action, this.#random);
    this.#elapsed += 1;
    const truncated = this.#elapsed >= this.#maxSteps;
    if (outcome.terminated || truncated) this.#phase = 'ended';
    const { reward, terminated, lifeLost = false } = outcome;
    return { observation: this.#observe(), reward, terminated, truncated, lifeLost };
  }

  save(): Saved {
    return {
      phase: this.#phase,
      elapsed: this.#elapsed,
      state: [...this.#state],
      random: this.#random.save(),
    };
  }

  restore(saved: Saved): Float32Array {
    const what = `saved state of ${this.#rules.name}`;
    const fields = new Fields(saved, what);
    const phase = fields.oneOf('phase', phases);
    const elapsed = fields.count('elapsed');
    const state = fields.numbers('state');
    const random = Random.restored(fields.counts('random'));
    fields.done();
    if (state.length !== this.#state.length || !state.every(Number.isFinite)) {
      const expected = `a state of ${this.#state.length} finite numbers`;
      throw mismatch('E_FORMAT', what, expected, state);
    }
    if (phase === 'running') this.#checkSaved(state, what);
    this.#phase = phase;
    this.#elapsed = elapsed;
    this.#state.set(state);
    this.#random = random;
    return this.#observe();
  }

  #checkSaved(state: readonly number[], what: string): void {
    try {
      this.#rules.check?.(state);
    } catch (cause) {
      if (!(cause instanceof SpiqError)) throw cause;
      throw new SpiqError('E_FORMAT', `${what}: ${cause.message}`, { cause });
    }
  }

  #draw(): Frame {
    if (this.#phase === 'not reset') {
      throw mismatch('E_STATE', 'render', 'an episode', phrase('an environment never reset'));
    }
    return this.#rules.draw!(this.#state);
  }

  #observe(): Float32Array {
    this.#rules.observe(this.#state, this.#observation);
    return this.#observation;
  }
}
