import { Random } from '../../ts/env/random.js';
import type { NpyArray } from '../../ts/formats/npz/index.js';
import { speak, speechRate } from './speech.js';
import type { Utterance } from './speech.js';
import { WakeFeatures, WakeScorer, embeddingSize, wakeModel } from './wake-features.js';

/** A classifier of the package and what to say so that each of its classes comes up. */
export interface Recipe {
  readonly name: string;
  /** File in the package. */
  readonly model: string;
  /** Embeddings in one window. */
  readonly frames: number;
  readonly classes: number;
  readonly sentences: readonly string[];
}

interface Labelled {
  readonly window: Float32Array;
  readonly label: number;
}

const otherSentences = [
  'good morning everyone',
  'a lexicon of common words',
  'the leather is quite soft',
  'set the table for ten people',
  'wait a minute, please open the window',
];
const testVoices = [
  'en-us',
  'en-gb',
  'en-us+f3',
  'en-gb+m3',
  'en-gb-scotland',
  'en-us+m7',
  'en-gb+f1',
  'en-us+m1',
];
const calibrationVoices = [
  'en-gb-x-rp',
  'en-us+f2',
  'en-gb+f4',
  'en-029+m4',
  'en-gb-scotland+m2',
  'en-us+m5',
];
/** Words per minute and pitch, by turns. */
const manners = [
  { speed: 140, pitch: 40 },
  { speed: 165, pitch: 60 },
];

const speechWindows = 210;
const gaussianWindows = 30;
const calibrationWindows = 1500;
const gaussianCalibrationWindows = 300;
const testSeed = 1;
const calibrationSeed = 2;
/** Standard deviation in units of a 16-bit sample: a room is never quite silent. */
const roomNoise = 5;
const secondsAfter = 0.8;

/** Every window of the test set is of another voice than those of the calibration set. */
export async function recordWindows(recipe: Recipe): Promise<Record<string, NpyArray>> {
  const features = await WakeFeatures.load();
  const scorer = await WakeScorer.load(wakeModel(recipe.model), recipe.frames);
  const label = async (window: Float32Array) => ({ window, label: await scorer.label(window) });
  const heard = await Promise.all((await hear(recipe, testVoices, features)).map(label));
  const spoken = evenly(heard, recipe.classes, speechWindows);
  const gaussian = await Promise.all(
    gaussianLike(
      spoken.map(({ window }) => window),
      gaussianWindows,
      testSeed,
    ).map(label),
  );
  const learned = spread(await hear(recipe, calibrationVoices, features), calibrationWindows);
  const calibration = [
    ...learned,
    ...gaussianLike(learned, gaussianCalibrationWindows, calibrationSeed),
  ];
  const test = [...spoken, ...gaussian];
  return {
    windows: stack(test.map(({ window }) => window)),
    labels: array(
      [test.length],
      test.map((entry) => entry.label),
    ),
    calibration: stack(calibration),
  };
}

/** All windows of all sentences, the ones that start in the silence before as well. */
async function hear(
  { frames, sentences }: Recipe,
  voices: readonly string[],
  features: WakeFeatures,
): Promise<Float32Array[]> {
  const windows: Float32Array[] = [];
  for (const utterance of utterances([...sentences, ...otherSentences], voices)) {
    const embeddings = await features.embed(inRoom(speak(utterance), frames));
    const size = frames * embeddingSize;
    for (let start = 0; start + size <= embeddings.length; start += embeddingSize) {
      windows.push(embeddings.slice(start, start + size));
    }
  }
  return windows;
}

function utterances(sentences: readonly string[], voices: readonly string[]): Utterance[] {
  return sentences.flatMap((text, sentence) =>
    voices.map((voice, turn) => ({ text, voice, ...manners[(sentence + turn) % 2]! })),
  );
}

/** Silence before, as long as a window (80 ms for each embedding), so that a window can end with the sentence. */
function inRoom(speech: Float32Array, frames: number): Float32Array {
  const before = Math.ceil(frames * 0.08 * speechRate);
  const length = before + speech.length + Math.ceil(secondsAfter * speechRate);
  const normal = normals(speech.length);
  const sound = Float32Array.from({ length }, () => roomNoise * normal());
  speech.forEach((sample, index) => (sound[before + index]! += sample));
  return sound;
}

/** As many of each class as there are, up to an equal share: the ones that it is unsure of as well. */
function evenly(all: readonly Labelled[], classes: number, count: number): Labelled[] {
  const share = Math.floor(count / classes);
  return Array.from({ length: classes }, (_, label) => {
    return spread(
      all.filter((entry) => entry.label === label),
      share,
    );
  }).flat();
}

/** `count` of them at equal distances, or all where there are fewer. */
function spread<Item>(all: readonly Item[], count: number): Item[] {
  const taken = Math.min(count, all.length);
  return Array.from(
    { length: taken },
    (_, index) => all[Math.floor((index * all.length) / taken)]!,
  );
}

/** Normal windows with the mean and the spread that each element has in `windows`. */
function gaussianLike(
  windows: readonly Float32Array[],
  count: number,
  seed: number,
): Float32Array[] {
  const size = windows[0]!.length;
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  for (const window of windows) {
    window.forEach((value, index) => {
      mean[index]! += value / windows.length;
      square[index]! += value ** 2 / windows.length;
    });
  }
  const normal = normals(seed);
  return Array.from({ length: count }, () =>
    Float32Array.from(mean, (average, index) => {
      return average + Math.sqrt(Math.max(0, square[index]! - average ** 2)) * normal();
    }),
  );
}

/** Box and Muller 1958. */
function normals(seed: number): () => number {
  const random = new Random(seed);
  return () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.uniform(0, 1)));
    return radius * Math.cos(2 * Math.PI * random.uniform(0, 1));
  };
}

function stack(windows: readonly Float32Array[]): NpyArray {
  const size = windows[0]!.length;
  const data = new Float32Array(windows.length * size);
  windows.forEach((window, row) => data.set(window, row * size));
  return { shape: [windows.length, size], dtype: 'f4', data };
}

function array(shape: readonly number[], values: readonly number[]): NpyArray {
  return { shape, dtype: 'f4', data: Float32Array.from(values) };
}
