import { existsSync, statSync } from 'node:fs';
import { calibrationFromEnv } from '../agent/calibration.js';
import type { CalibrationRows } from '../convert/index.js';
import { environmentNames } from '../env/registry.js';
import type { EnvironmentName } from '../env/registry.js';
import { mismatch } from '../errors.js';
import { openNpzRows } from '../formats/npz/index.js';
import { openReplayRows } from '../formats/replay.js';
import type { Network } from '../network.js';

interface Playing {
  readonly seed: number;
  readonly threads?: number | undefined;
  readonly signal: AbortSignal;
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

function play(
  reference: string,
  network: Network,
  { seed, threads, signal }: Playing,
): CalibrationRows {
  const [name, episodes, ...more] = reference.slice(environmentPrefix.length).split(':');
  if (more.length > 0 || (episodes !== undefined && !/^\d+$/.test(episodes))) {
    const expected = `${environmentPrefix}NAME or ${environmentPrefix}NAME:EPISODES`;
    throw mismatch('E_ARGUMENT', 'calibration', expected, reference);
  }
  const environment = environmentNames.find((known) => known === name);
  if (environment === undefined) {
    throw mismatch('E_ARGUMENT', 'calibration: environment', environmentNames.join(', '), name);
  }
  return calibrationFromEnv(network, {
    environment: environment satisfies EnvironmentName,
    ...(episodes !== undefined && { episodes: Number(episodes) }),
    seed,
    ...(threads !== undefined && { threads }),
    signal,
  });
}
