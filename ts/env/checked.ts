import { mismatch, phrase } from '../errors.js';
import { Fields } from '../formats/fields.js';
import type { Environment, Saved, StepResult } from './env.js';
import { checkSeed } from './random.js';
import { checkAction, notRunning } from './rules.js';
import { Wrapper } from './wrappers/wrapper.js';

/**
 * Somebody else's environment, held to the interface: what goes in and what comes out is checked at each call, so that a
 * mistake is named where it is made.
 */
export class CheckedEnvironment extends Wrapper {
  #phase: 'not reset' | 'running' | 'ended' = 'not reset';

  constructor(inner: Environment) {
    checkSpaces(inner);
    super(inner);
  }

  reset(seed?: number): Float32Array {
    if (seed !== undefined) checkSeed(seed);
    const observation = this.#checkObservation(this.inner.reset(seed), 'result of reset');
    this.#phase = 'running';
    return observation;
  }

  step(action: number): StepResult {
    checkAction(this.actionSpace, action);
    if (this.#phase !== 'running') {
      const ended = this.#phase === 'ended';
      throw notRunning(ended ? 'an episode that has ended' : 'an environment never reset');
    }
    const result: unknown = this.inner.step(action);
    if (!isRecord(result)) throw mismatch('E_ARGUMENT', 'result of step', 'an object', result);
    const { observation, reward, terminated, truncated } = result;
    this.#checkObservation(observation, 'observation of step');
    if (!Number.isFinite(reward)) {
      throw mismatch('E_NOT_FINITE', 'reward of step', 'a finite number', reward);
    }
    for (const [name, flag] of Object.entries({ terminated, truncated })) {
      if (typeof flag === 'boolean') continue;
      throw mismatch('E_ARGUMENT', `${name} of step`, 'true or false', flag);
    }
    if (terminated === true || truncated === true) this.#phase = 'ended';
    return result as unknown as StepResult;
  }

  protected override saveOwn(): Saved {
    return { phase: this.#phase };
  }

  protected restoreOwn(own: Saved, observation: Float32Array): Float32Array {
    const fields = new Fields(own, 'saved phase');
    const phase = fields.oneOf('phase', ['not reset', 'running', 'ended']);
    fields.done();
    this.#checkObservation(observation, 'result of restore');
    this.#phase = phase;
    return observation;
  }

  #checkObservation(observation: unknown, what: string): Float32Array {
    if (!(observation instanceof Float32Array)) {
      throw mismatch('E_ARGUMENT', what, 'a Float32Array', observation);
    }
    const { size } = this.observationSpace;
    if (observation.length !== size) {
      throw mismatch('E_SHAPE', what, `${size} values`, phrase(`${observation.length}`));
    }
    const wrong = observation.findIndex((value) => !Number.isFinite(value));
    if (wrong < 0) return observation;
    throw mismatch(
      'E_NOT_FINITE',
      `${what}, value ${wrong}`,
      'a finite number',
      observation[wrong],
    );
  }
}

function checkSpaces(environment: unknown): void {
  if (!isRecord(environment)) {
    throw mismatch('E_ARGUMENT', 'environment', 'an object', environment);
  }
  for (const method of ['reset', 'step']) {
    if (typeof environment[method] === 'function') continue;
    throw mismatch('E_ARGUMENT', `environment.${method}`, 'a function', environment[method]);
  }
  const { observationSpace: box, actionSpace: discrete } = environment;
  const boxFits =
    isRecord(box) &&
    isCount(box.size) &&
    [box.low, box.high].every((b) => Array.isArray(b) && b.length === box.size);
  if (!boxFits) {
    const expected = "{ kind: 'box', size, low, high } with a bound for each value";
    throw mismatch('E_ARGUMENT', 'environment.observationSpace', expected, box);
  }
  if (!isRecord(discrete) || !isCount(discrete.count)) {
    const expected = "{ kind: 'discrete', count }";
    throw mismatch('E_ARGUMENT', 'environment.actionSpace', expected, discrete);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}
