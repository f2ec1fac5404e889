import path from 'node:path';
import { calibrationFromEnv } from '../agent/calibration.js';
import { DqnAgent } from '../agent/dqn.js';
import type { DqnParameters } from '../agent/dqn-parameters.js';
import { experimentNamed } from '../experiments/index.js';
import { writeFileAtomically } from '../formats/atomic.js';
import { writeNpz } from '../formats/npz/index.js';
import type { DemoTraining } from './result.js';

const experiment = 'cart-pole-dqn';
const calibrationEpisodes = 4;

export interface DemoTrainingOptions {
  /** Where the network and its observations go. */
  readonly folder: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export interface TrainedForDemo {
  readonly network: string;
  readonly calibration: string;
  readonly training: DemoTraining;
}

/** Trains a float network until it plays a hundred episodes to the end, and records what it sees while it plays. */
export async function trainForDemo(options: DemoTrainingOptions): Promise<TrainedForDemo> {
  const { folder, seed, signal, onProgress } = options;
  const { parameters } = experimentNamed(experiment);
  const begin = performance.now();
  // Ends with the first network that plays as long as an episode lasts.
  const enough = { goal: null, validateSteps: 500, stopScore: 500, confirmEpisodes: 100 };
  const agent = new DqnAgent({ ...(parameters as Partial<DqnParameters>), ...enough, seed });
  try {
    const returns: number[] = [];
    const validations: { episode: number; mean: number }[] = [];
    let steps = 0;
    for await (const told of agent.train({ signal })) {
      returns.push(told.return);
      steps = told.totalSteps;
      if (told.validation) validations.push({ episode: told.episode, mean: told.validation.mean });
      onProgress(told.episode + 1, agent.parameters.episodes);
    }
    const { network, episode } = agent.chosen();
    const [networkFile, calibrationFile] = [
      path.join(folder, 'cartpole-dqn.onnx'),
      path.join(folder, 'cartpole-dqn.calibration.npz'),
    ];
    network.save(networkFile);
    const rows: Float32Array[] = [];
    const play = {
      environment: 'cart-pole',
      episodes: calibrationEpisodes,
      seed,
      threads: 1,
    } as const;
    for await (const piece of calibrationFromEnv(network, { ...play, signal })) rows.push(piece);
    writeFileAtomically(calibrationFile, writeNpz({ arr_0: joined(rows, network.inputSize) }));
    const seconds = (performance.now() - begin) / 1000;
    return {
      network: networkFile,
      calibration: calibrationFile,
      training: {
        experiment,
        returns,
        validations,
        steps,
        updates: agent.updates,
        seconds,
        kept: episode,
      },
    };
  } finally {
    agent.close();
  }
}

function joined(pieces: readonly Float32Array[], width: number) {
  const data = new Float32Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    data.set(piece, at);
    at += piece.length;
  }
  return { shape: [data.length / width, width], dtype: 'f4', data } as const;
}
