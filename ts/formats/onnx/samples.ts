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
