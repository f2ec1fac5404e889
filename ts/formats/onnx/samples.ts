import { TensorProto_DataType as DataType } from './gen/onnx_pb.js';

/** Observations of several sizes, since a fault can hide where every sample is about 1. */
export const magnitudes = [1, 0.01, 10, 100] as const;

/** `rows` normal observations; row r has standard deviation `magnitudes[r mod 4]`. */
export function sampleRows(rows: number, width: number, seed: number): Float32Array {
  const uniform = mulberry32(seed);
  const data = new Float32Array(rows * width);
  for (let index = 0; index < data.length; index += 1) {
    const row = Math.floor(index / width);
    data[index] = normal(uniform) * (magnitudes[row % magnitudes.length] ?? 1);
  }
  return data;
}

/** Least and largest whole numbers for inputs that have a type of whole numbers; pixels above all. */
const ranges: Readonly<Partial<Record<number, readonly [number, number]>>> = {
  [DataType.UINT8]: [0, 255],
  [DataType.INT8]: [-128, 127],
  [DataType.UINT16]: [0, 255],
  [DataType.UINT32]: [0, 255],
  [DataType.UINT64]: [0, 255],
  [DataType.INT16]: [-255, 255],
  [DataType.INT32]: [-255, 255],
  [DataType.INT64]: [-255, 255],
};

/** Observations that an input of this type can have. */
export function samplesOfType(
  type: number,
  rows: number,
  width: number,
  seed: number,
): Float32Array {
  const range = ranges[type];
  if (range === undefined) return sampleRows(rows, width, seed);
  const uniform = mulberry32(seed);
  const [least, most] = range;
  return Float32Array.from(
    { length: rows * width },
    () => least + Math.floor(uniform() * (most - least + 1)),
  );
}

/** Box and Muller 1958; the radius needs a number above 0. */
function normal(uniform: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
  return radius * Math.cos(2 * Math.PI * uniform());
}

/** Tommy Ettinger's mulberry32 (public domain): 32 bits of state are plenty for samples. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
