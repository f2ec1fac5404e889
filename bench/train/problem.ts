import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Random } from '../../ts/env/random.js';
import { writeNpz } from '../../ts/formats/npz/index.js';
import type { NpyArray } from '../../ts/formats/npz/index.js';
import { drawLayers, drawUniform } from '../simulate/network.js';
import type { WeightedLayer } from '../simulate/network.js';
import { elements, nets } from '../simulate/nets.js';
import { layerArrays } from '../simulate/problem.js';
import type { DqnTrial, LoopTrial, SurrogateTrial } from './trials.js';

export const peersFolder = fileURLToPath(new URL('../../../bench/train/peers/', import.meta.url));

/** What a batch of either kind is made of; a surrogate's has labels alone behind its observations. */
export interface TrainBatch {
  readonly observations: Float32Array;
  /** Labels, or the actions taken. */
  readonly chosen: Int32Array;
  readonly rewards: Float32Array;
  readonly next: Float32Array;
  readonly terminated: Uint8Array;
}

export interface TrainProblem {
  readonly input: readonly number[];
  readonly layers: readonly WeightedLayer[];
  readonly batches: readonly TrainBatch[];
}

/** Batches that updates go through in turn. */
const batchCount = 8;
const shareTerminated = 0.05;
export const gamma = 0.99;
export const learningRates = { adam: 1e-3, rmsprop: 2.5e-4 } as const;

/** The same weights and batches for every side. */
export function makeProblem(trial: SurrogateTrial | DqnTrial): TrainProblem {
  const random = new Random(1);
  const { input } = nets[trial.net];
  const layers = drawLayers(nets[trial.net], random);
  const outputs = layers.at(-1)!.shape[0]!;
  const { batch } = trial;
  const batches = Array.from({ length: batchCount }, () => ({
    observations: drawUniform(random, batch * elements(input), 0, 1),
    chosen: Int32Array.from({ length: batch }, () => Math.floor(random.uniform(0, outputs))),
    rewards: drawUniform(random, batch, -1, 1),
    next: drawUniform(random, trial.kind === 'dqn' ? batch * elements(input) : 0, 0, 1),
    terminated: Uint8Array.from({ length: batch }, () =>
      random.uniform(0, 1) < shareTerminated ? 1 : 0,
    ),
  }));
  return { input, layers, batches };
}

export function writeProblem(
  file: string,
  trial: SurrogateTrial | DqnTrial,
  { input, layers, batches }: TrainProblem,
): void {
  const { batch, threads } = trial;
  const settings =
    trial.kind === 'surrogate'
      ? { steps: trial.steps, optimiser: 'adam' as const }
      : { loss: trial.loss, optimiser: trial.optimiser, gamma };
  const learningRate = learningRates[settings.optimiser];
  const layerSpecs = layers.map(({ spec }) => spec);
  const arrays = new Map<string, NpyArray>([
    ['about', textArray({ layers: layerSpecs, batch, threads, ...settings, learningRate })],
    ...layerArrays(layers),
  ]);
  batches.forEach(({ observations, chosen, rewards, next, terminated }, index) => {
    arrays.set(`observations${index}`, f4([batch, ...input], observations));
    arrays.set(`chosen${index}`, { shape: [batch], dtype: 'i4', data: chosen });
    if (trial.kind === 'surrogate') return;
    arrays.set(`rewards${index}`, f4([batch], rewards));
    arrays.set(`next${index}`, f4([batch, ...input], next));
    arrays.set(`terminated${index}`, { shape: [batch], dtype: 'u1', data: terminated });
  });
  writeFileSync(file, writeNpz(arrays));
}

export function writeLoop(file: string, { setting, threads }: LoopTrial): void {
  writeFileSync(file, JSON.stringify({ ...setting, threads }));
}

const f4 = (shape: readonly number[], data: Float32Array): NpyArray => ({
  shape,
  dtype: 'f4',
  data,
});

function textArray(value: object): NpyArray {
  const text = new TextEncoder().encode(JSON.stringify(value));
  return { shape: [text.length], dtype: 'u1', data: text };
}
