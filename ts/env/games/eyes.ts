import { mismatch } from '../../errors.js';
import type { BoxSpace } from '../env.js';
import type { EnvironmentWorker } from '../gymnasium/index.js';
import { FramePreprocessor, FrameRegion } from '../../frames.js';
import type { PreprocessName } from '../../frames.js';
import type { Eyes } from './worker-group.js';

/** A game through one of the published preprocessings, frames read where the worker wrote them. */
export function preprocessed(worker: EnvironmentWorker, kind: PreprocessName): Eyes {
  const { description, count } = worker;
  const [height = 0, width = 0] = description.observation.shape;
  const preprocessor = new FramePreprocessor({ kind, height, width, copies: count });
  const region = new FrameRegion(worker.fd, description.bytes);
  const { shape, size } = preprocessor;
  const seen = new Uint8Array(count * size);
  const { slotBytes } = description;
  const show = (copies: readonly number[], rows: readonly Float32Array[]): void => {
    for (const copy of copies) rows[copy]!.set(seen.subarray(copy * size, (copy + 1) * size));
  };
  return {
    space: bytesSpace(shape, kind === 'mnih' ? 1 : 255),
    begin: (copies, rows) => {
      // Gymnasium's wrapper knows no frame before the first.
      preprocessor.beginFrom(region, Int32Array.from(copies), slotBytes, undefined, seen);
      show(copies, rows);
    },
    look: (copies, rows) => {
      preprocessor.stepFrom(region, Int32Array.from(copies), slotBytes, worker.previousAt, seen);
      show(copies, rows);
    },
  };
}

/** Observations as the environment gives them; pictures with their channels first, as everywhere in spiq. */
export function plain(worker: EnvironmentWorker): Eyes {
  const { shape, dtype, size, low, high } = worker.description.observation;
  const [rows = 1, columns = 1, channels = 1] = shape;
  const isPicture = dtype === 'u8' && (shape.length === 2 || (shape.length === 3 && channels <= 4));
  if (isPicture) {
    const seen = new Float32Array(size);
    const look: Eyes['look'] = (copies, into) => {
      for (const copy of copies) {
        worker.readRow(copy, seen);
        channelsFirst(seen, channels, into[copy]!);
      }
    };
    return { space: bytesSpace([channels, rows, columns], 255), begin: look, look };
  }
  const look: Eyes['look'] = (copies, into) => {
    for (const copy of copies) worker.readRow(copy, into[copy]!);
  };
  const bounds = (bound: number | readonly number[]): readonly number[] =>
    typeof bound === 'number' ? new Array<number>(size).fill(bound) : bound;
  if (size < 1) throw mismatch('E_UNSUPPORTED', 'observations', 'at least one value', size);
  const box = { kind: 'box', size, low: bounds(low), high: bounds(high) } as const;
  return { space: shape.length === 3 ? { ...box, shape } : box, begin: look, look };
}

function channelsFirst(from: Float32Array, channels: number, into: Float32Array): void {
  const area = from.length / channels;
  for (let channel = 0; channel < channels; channel += 1) {
    for (let pixel = 0; pixel < area; pixel += 1) {
      into[channel * area + pixel] = from[pixel * channels + channel]!;
    }
  }
}

function bytesSpace(shape: readonly number[], most: number): BoxSpace {
  const size = shape.reduce((product, length) => product * length, 1);
  const bounds = (bound: number): readonly number[] => new Array<number>(size).fill(bound);
  return { kind: 'box', size, low: bounds(0), high: bounds(most), shape };
}
