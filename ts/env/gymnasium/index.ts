import { EnvironmentWorker } from './environment-worker.js';
import type { GymnasiumOptions } from './options.js';

export { EnvironmentWorker, type CopyResults } from './environment-worker.js';
export type {
  EnvironmentDescription,
  GymnasiumActions,
  GymnasiumObservation,
} from './description.js';
export type {
  AleOptions,
  EnvpoolOptions,
  GymnasiumMakeOptions,
  GymnasiumOptions,
  WorkerChoice,
} from './options.js';

/** Starts a worker process with `count` copies of an environment that Python has. */
export async function openGymnasium(
  options: GymnasiumOptions,
  count = 1,
): Promise<EnvironmentWorker> {
  return EnvironmentWorker.open(options, count);
}
