import { Fields } from '../../formats/fields.js';
import type { BoxSpace, DiscreteSpace, Environment, Frame, Saved, StepResult } from '../env.js';
import { renderOf, restoreTo, saveOf } from '../optional.js';

/** An environment around another one: changes something on its way in or out and passes on the rest. */
export abstract class Wrapper implements Environment {
  readonly observationSpace: BoxSpace;
  readonly actionSpace: DiscreteSpace;
  /** There where the environment has it; so are the others. */
  readonly render?: () => Frame;
  readonly save?: () => Saved;
  readonly restore?: (saved: Saved) => Float32Array;

  constructor(
    protected readonly inner: Environment,
    observationSpace = inner.observationSpace,
  ) {
    this.observationSpace = observationSpace;
    this.actionSpace = inner.actionSpace;
    if (inner.render) this.render = () => renderOf(inner);
    if (!inner.save || !inner.restore) return;
    this.save = () => ({ inner: saveOf(inner), own: this.saveOwn() });
    this.restore = (saved) => this.#restore(saved);
  }

  abstract reset(seed?: number): Float32Array;
  abstract step(action: number): StepResult;

  /** What the wrapper remembers beside the environment. */
  protected saveOwn(): Saved {
    return null;
  }

  /** Takes up `saveOwn`'s result, refusing it before anything changes; `observation` is the inner environment's. */
  protected abstract restoreOwn(own: Saved, observation: Float32Array): Float32Array;

  #restore(saved: Saved): Float32Array {
    const fields = new Fields(saved, `saved state of ${this.constructor.name}`);
    const [inner, own] = [fields.raw('inner') as Saved, fields.raw('own') as Saved];
    fields.done();
    const before = saveOf(this.inner);
    const observation = restoreTo(this.inner, inner);
    try {
      return this.restoreOwn(own, observation);
    } catch (error) {
      restoreTo(this.inner, before);
      throw error;
    }
  }
}
