import { existsSync } from 'node:fs';
import { networkFrom } from '../../ts/agent/checkpoint.js';
import { networkFile } from '../../ts/experiments/run-files.js';
import { agentCheckpoint } from '../../ts/experiments/recorder.js';
import { mismatch, phrase } from '../../ts/errors.js';
import { Network } from '../../ts/network.js';
import { decodeNetwork } from '../../ts/formats/spiq-npz.js';
import { readNpzFile } from '../../ts/formats/npz/index.js';
import { Checkpoints } from '../../ts/run/checkpoints.js';
import { readRun } from '../../ts/run/index.js';
import path from 'node:path';

interface Kept {
  readonly network: Network;
  /** Of the whole training up to then. */
  readonly steps: number;
  readonly seconds: number;
}

/** A network of a run that has ended, or of the latest checkpoint of one that goes on. */
export function keptNetwork(folder: string, which: string): Kept {
  const { episodes } = readRun(folder);
  const steps = episodes.numbers('total_steps').at(-1) ?? 0;
  const seconds = episodes.numbers('seconds').at(-1) ?? 0;
  const file = networkFile(folder, which);
  if (existsSync(file)) {
    return { network: Network.fromGraph(decodeNetwork(readNpzFile(file))), steps, seconds };
  }
  const checkpoint = new Checkpoints(path.join(folder, 'checkpoints')).find('latest');
  if (checkpoint === undefined) {
    throw mismatch('E_FILE', `run ${folder}`, 'a checkpoint or a network', phrase('neither'));
  }
  const { parts } = agentCheckpoint(checkpoint);
  const bytes = parts[which === 'last' ? 'network' : which];
  if (bytes === undefined) {
    throw mismatch('E_ARGUMENT', '--which', Object.keys(parts).join(', '), which);
  }
  return { network: networkFrom(bytes, `network ${which}`), steps, seconds };
}
