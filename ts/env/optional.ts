import { SpiqError } from '../errors.js';
import type { Environment, Frame, Saved } from './env.js';

/** What environments may lack: asked for where it is missing, it is refused by name. */
export function saveOf(environment: Environment): Saved {
  if (environment.save === undefined) throw lacks('save');
  return environment.save();
}

export function restoreTo(environment: Environment, saved: Saved): Float32Array {
  if (environment.restore === undefined) throw lacks('restore');
  return environment.restore(saved);
}

export function renderOf(environment: Environment): Frame {
  if (environment.render === undefined) throw lacks('render');
  return environment.render();
}

function lacks(method: string): SpiqError {
  const text = `${method}: expected an environment that has it, received one without`;
  return new SpiqError('E_UNSUPPORTED', text);
}
