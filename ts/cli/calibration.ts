import { existsSync, statSync } from 'node:fs';
import { calibrationFromEnv } from '../agent/calibration.js';
import type { CalibrationRows } from '../convert/index.js';
import { isRemote } from '../env/games/index.js';
import { environmentNames } from '../env/registry.js';
import { mismatch } from '../errors.js';
import { openNpzRows } from '../formats/npz/index.js';
import { openReplayRows } from '../formats/replay.js';
import type { Network } from '../network.js';
import { openStage } from './environments.js';
import type { ViewFlags } from './environments.js';

interface Playing {
  readonly seed: number;
  readonly threads?: number | undefined;
  readonly signal: AbortSignal;
  /** What is seen of environments. */
  readonly view?: ViewFlags;
}

const environmentPrefix = 'env:';

/** The rows that `--calibration` names, none of them read yet but for an array's header. */
export async function openCalibration(
  reference: string,
  network: Network,
  playing: Playing,
): Promise<CalibrationRows> {
  const width = network.inputSize;
  if (existsSync(reference)) {
    return statSync(reference).isDirectory()
      ? openReplayRows(reference, { width })
      : openNpzRows(reference, { width });
  }
  if (reference.startsWith(environmentPrefix)) return play(reference, network, playing);
  const colon = reference.lastIndexOf(':');
  if (colon <= 0) return openNpzRows(reference, { width });
  return openNpzRows(reference.slice(0, colon), { width, key: reference.slice(colon + 1) });
}

/** Copies of an environment that lives in a worker. */
const copies = 8;

/** `env:NAME` or `env:NAME:EPISODES`, where NAME may be `gym:ID`. */
async function* play(
  reference: string,
  network: Network,
  { seed, threads, signal, view }: Playing,
): AsyncGenerator<Float32Array> {
  const [, env = '', episodes] = /^env:(.*?)(?::(\d+))?$/.exec(reference) ?? [];
  if (!environmentNames.some((known) => known === env) && !isRemote(env)) {
    const expected = `${environmentPrefix}NAME or ${environmentPrefix}NAME:EPISODES, NAME one of ${environmentNames.join(', ')}, an Atari game or gym:ID`;
    throw mismatch('E_ARGUMENT', 'calibration', expected, reference);
  }
  const stage = await openStage({ ...view, env }, { copies, pictures: false, signal });
  try {
    yield* calibrationFromEnv(network, {
      environment: stage.environment,
      ...(episodes !== undefined && { episodes: Number(episodes) }),
      seed,
      ...(threads !== undefined && { threads }),
      signal,
    });
  } finally {
    await stage.close();
  }
}
