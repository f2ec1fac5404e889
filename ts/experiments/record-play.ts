import { existsSync } from 'node:fs';
import path from 'node:path';
import { Breath, refuseIfAborted } from '../agent/breath.js';
import { floatPolicy } from '../agent/policies.js';
import type { RecordedPlay } from '../agent/classifier.js';
import type { Environment } from '../env/env.js';
import { seedOf, streams } from '../env/philox.js';
import { toFloat32 } from '../formats/npz/index.js';
import { outputsFile, readReplayFolder, writeReplayRows } from '../formats/replay.js';
import type { Network } from '../network.js';

/** Rows of a published replay. */
const recordedRows = 20_000;

/** What a float network sees while it plays greedily, and what it gives: as many rows as a published replay has. */
export async function recordPlay(
  network: Network,
  make: () => Environment,
  seed: number,
  signal?: AbortSignal,
): Promise<RecordedPlay> {
  const { inputSize: width, outputSize: actions } = network;
  const observations = new Float32Array(recordedRows * width);
  const environment = make();
  const { act } = floatPolicy(network, { threads: 1 });
  const breath = new Breath();
  for (let episode = 0, row = 0; row < recordedRows; episode += 1) {
    let seen = environment.reset(seedOf(seed, streams.exploration, episode));
    for (let over = false; !over && row < recordedRows; row += 1) {
      if (breath.due) await breath.take();
      refuseIfAborted(signal);
      observations.set(seen, row * width);
      const [action] = await act(seen, 1);
      const { observation, terminated, truncated } = environment.step(action!);
      seen = observation;
      over = terminated || truncated;
    }
  }
  const outputs = await network.forward(observations, { threads: 1 });
  return { observations, outputs, actions };
}

const folderName = 'replay';

/** Recorded play as a replay folder has it; undefined where there is none. */
export function loadReplay(folder: string): RecordedPlay | undefined {
  if (!existsSync(path.join(folder, outputsFile))) return undefined;
  const { observations, outputs } = readReplayFolder(folder);
  return {
    observations: toFloat32(observations).data,
    outputs: toFloat32(outputs).data,
    actions: outputs.shape.at(-1)!,
  };
}

/** What a run recorded to learn from. */
export function loadRecorded(runFolder: string): RecordedPlay | undefined {
  return loadReplay(path.join(runFolder, folderName));
}

export function saveRecorded(runFolder: string, recorded: RecordedPlay): void {
  writeReplayRows(path.join(runFolder, folderName), recorded);
}
