import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '../../ts/env/random.js';
import { readNpzFile, writeNpz } from '../../ts/formats/npz/index.js';
import type { NpyArray } from '../../ts/formats/npz/index.js';
import { measureBySimulation, scaleToActivity } from './activity.js';
import { drawLayers, drawUniform } from './network.js';
import type { WeightedLayer } from './network.js';
import { elements, nets } from './nets.js';
import { rowsOf } from './trials.js';
import type { Trial } from './trials.js';

export const peersFolder = fileURLToPath(
  new URL('../../../bench/simulate/peers/', import.meta.url),
);

export interface Problem {
  readonly input: readonly number[];
  readonly layers: readonly WeightedLayer[];
  readonly observations: Float32Array;
}

/** Rows that a network's activity is measured on while its weights are scaled. */
const activityRows = 4;

/** The same weights and observations for every side. Files made on the way lie in `folder`. */
export function makeProblem(trial: Trial, folder: string, python: string | undefined): Problem {
  const random = new Random(1);
  const { input } = nets[trial.net];
  const drawn = drawLayers(nets[trial.net], random);
  const observations =
    trial.input === 'breakout'
      ? playBreakout(rowsOf(trial), folder, python)
      : drawUniform(random, rowsOf(trial) * elements(input), 0, 1);
  if (trial.activity === undefined) return { input, layers: drawn, observations };
  const sample = observations.subarray(0, activityRows * elements(input));
  const measure = measureBySimulation(input, sample, trial.steps, trial.threads);
  return { input, layers: scaleToActivity(drawn, trial.activity, measure), observations };
}

function playBreakout(rows: number, folder: string, python: string | undefined): Float32Array {
  if (python === undefined) throw new Error("Breakout frames need ale-py: the peers' environment");
  const file = path.join(folder, 'frames.npz');
  execFileSync(python, [path.join(peersFolder, 'frames.py'), file, String(rows), '1']);
  const { data } = readNpzFile(file).get('observations');
  if (!(data instanceof Float32Array)) throw new Error('frames.py wrote no float32 array');
  return data;
}

/** The one file that the peers read. */
export function writeProblem(file: string, trial: Trial, problem: Problem): void {
  const { input, layers, observations } = problem;
  const about = {
    layers: layers.map(({ spec }) => spec),
    steps: trial.steps,
    batch: trial.batch,
    threads: trial.threads,
  };
  const text = new TextEncoder().encode(JSON.stringify(about));
  const arrays = new Map<string, NpyArray>([
    ['about', { shape: [text.length], dtype: 'u1', data: text }],
    ['observations', { shape: [rowsOf(trial), ...input], dtype: 'f4', data: observations }],
  ]);
  for (const [key, array] of layerArrays(layers)) arrays.set(key, array);
  writeFileSync(file, writeNpz(arrays));
}

/** Weights and biases as w0 b0 w1 …, by the layers' places. */
export function layerArrays(layers: readonly WeightedLayer[]): [key: string, array: NpyArray][] {
  return layers.flatMap(({ weight, bias }, index) => [
    ...(weight ? [[`w${index}`, { ...weight, dtype: 'f4' }] satisfies [string, NpyArray]] : []),
    ...(bias ? [[`b${index}`, { ...bias, dtype: 'f4' }] satisfies [string, NpyArray]] : []),
  ]);
}
