import type { Environment } from '../env/env.js';
import { isGroup } from '../env/group.js';
import type { EnvironmentGroup } from '../env/group.js';
import { streams, uniformsOf } from '../env/philox.js';
import { factoryOf } from '../env/registry.js';
import type { EnvironmentClass, EnvironmentName } from '../env/registry.js';
import { checkNames } from '../check.js';
import { SpiqError, mismatch } from '../errors.js';
import type { Network } from '../network.js';
import { argmaxRows } from './argmax.js';

export interface EnvironmentRowsOptions {
  readonly environment: EnvironmentName | (() => Environment) | EnvironmentClass | EnvironmentGroup;
  /** Episode k is reset with `seed` + k (default 100 episodes). */
  readonly episodes?: number;
  readonly seed?: number;
  /** Share of steps whose action is drawn instead of chosen, so that more than one path is seen (default 0.05). */
  readonly epsilon?: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

interface Playing {
  readonly episode: number;
  readonly copy: number;
  readonly environment: Environment;
  observation: Float32Array;
  step: number;
}

/** Played side by side: one call of the network acts on so many. */
const mostAtOnce = 16;

const names = ['environment', 'episodes', 'seed', 'epsilon', 'threads', 'signal'];

/**
 * The observations on which a float network acts while it plays: rows for `calibration`, a piece for each step of the
 * episodes that go on. The same options give the same rows.
 *
 * ```ts
 * const calibration = calibrationFromEnv(network, { environment: 'cart-pole', episodes: 20 });
 * ```
 */
export async function* calibrationFromEnv(
  network: Network,
  options: EnvironmentRowsOptions,
): AsyncGenerator<Float32Array> {
  checkNames(options, names, 'environment option');
  const { environment: given, episodes = 100, seed = 0, epsilon = 0.05, threads, signal } = options;
  check(episodes, seed, epsilon);
  const group = isGroup(given) ? given : undefined;
  const make = isGroup(given) ? undefined : factoryOf(given);
  const random = uniformsOf(seed, streams.exploration);
  let next = 0;
  const start = async (copy: number): Promise<Playing> => {
    const episode = next++;
    await group?.reset([copy], [seed + episode]);
    const environment = group?.environments[copy] ?? make!();
    return { episode, copy, environment, observation: environment.reset(seed + episode), step: 0 };
  };
  let playing: Playing[] = [];
  const atOnce = Math.min(episodes, group?.environments.length ?? mostAtOnce);
  for (let copy = 0; copy < atOnce; copy += 1) playing.push(await start(copy));
  const { width, actions } = fit(network, playing[0]!.environment);
  while (playing.length > 0) {
    if (signal?.aborted === true) {
      const expected = 'calibration: expected to finish, received an abort signal';
      throw new SpiqError('E_CANCELLED', expected, { cause: signal.reason });
    }
    const rows = new Float32Array(playing.length * width);
    playing.forEach(({ observation }, row) => {
      rows.set(observation, row * width);
    });
    const values = await network.forward(rows, {
      ...(threads !== undefined && { threads }),
      signal,
    });
    const greedy = argmaxRows(values, playing.length);
    yield rows;
    const taken = playing.map((one, row) => {
      const explores = random(one.episode, one.step, 0) < epsilon;
      return explores ? Math.floor(random(one.episode, one.step, 1) * actions) : greedy[row]!;
    });
    await group?.step(
      playing.map(({ copy }) => copy),
      taken,
    );
    const going: Playing[] = [];
    for (const [row, one] of playing.entries()) {
      const result = one.environment.step(taken[row]!);
      one.observation = result.observation;
      one.step += 1;
      if (!result.terminated && !result.truncated) going.push(one);
      else if (next < episodes) going.push(await start(one.copy));
    }
    playing = going;
  }
}

function check(episodes: number, seed: number, epsilon: number): void {
  if (!Number.isSafeInteger(episodes) || episodes < 1) {
    throw mismatch('E_RANGE', 'episodes', 'a whole number of at least 1', episodes);
  }
  if (!Number.isSafeInteger(seed) || seed < 0 || !Number.isSafeInteger(seed + episodes - 1)) {
    throw mismatch('E_RANGE', 'seed', 'seed + episodes to lie from 0 to 2^53 − 1', seed);
  }
  if (!(epsilon >= 0 && epsilon <= 1)) {
    throw mismatch('E_RANGE', 'epsilon', 'a number from 0 to 1', epsilon);
  }
}

/** Whether the network can play at all. */
function fit(
  { inputSize, outputSize }: Network,
  { observationSpace, actionSpace }: Environment,
): { readonly width: number; readonly actions: number } {
  const [width, actions] = [observationSpace.size, actionSpace.count];
  if (width !== inputSize) {
    const what = 'observations of the environment';
    throw mismatch('E_SHAPE', what, `${inputSize} values, as the network takes`, width);
  }
  if (actions !== outputSize) {
    const what = 'actions of the environment';
    throw mismatch('E_SHAPE', what, `${outputSize}, an output of the network for each`, actions);
  }
  return { width, actions };
}
