import { mismatch, phrase } from '../../errors.js';
import type { BoxSpace, DiscreteSpace, Environment, Frame, StepResult } from '../env.js';

/** What came of a call that was made ahead. */
type Came =
  | { readonly kind: 'reset'; readonly seed: number }
  | { readonly kind: 'step'; readonly action: number; readonly result: StepResult };

/** One copy of a group: gives what the group's last call brought, once. */
export class RemoteCopy implements Environment {
  readonly render?: () => Frame;
  #came: Came | undefined;

  constructor(
    readonly observationSpace: BoxSpace,
    readonly actionSpace: DiscreteSpace,
    /** Of this copy; overwritten by the group's calls. */
    private readonly observation: Float32Array,
    render?: () => Frame,
  ) {
    if (render) this.render = render;
  }

  /** Told by the group. */
  bring(came: Came): void {
    this.#came = came;
  }

  reset(seed?: number): Float32Array {
    const came = this.#take();
    if (came?.kind === 'reset' && came.seed === seed) return this.observation;
    throw mismatch('E_STATE', 'reset', `its group asked ahead for seed ${seed}`, told(came));
  }

  step(action: number): StepResult {
    const came = this.#take();
    if (came?.kind === 'step' && came.action === action) return came.result;
    throw mismatch('E_STATE', 'step', `its group asked ahead for action ${action}`, told(came));
  }

  #take(): Came | undefined {
    const came = this.#came;
    this.#came = undefined;
    return came;
  }
}

function told(came: Came | undefined): ReturnType<typeof phrase> {
  if (came === undefined) return phrase('no call ahead');
  return phrase(came.kind === 'reset' ? `a reset, seed ${came.seed}` : `action ${came.action}`);
}
