/** Four 32-bit words. */
export type Block = readonly [number, number, number, number];
type Words = readonly [low: number, high: number];

const [multiplier0, multiplier1] = [0xd2511f53, 0xcd9e8d57];
const [weyl0, weyl1] = [0x9e3779b9, 0xbb67ae85];
const rounds = 10;

/** Streams keep the uses of one seed apart; those below 1024 are the engine's (`native/base/philox.h`). */
export const streams = {
  exploration: 1024,
  episodes: 1025,
  validation: 1026,
  score: 1027,
  weights: 1028,
  batches: 1029,
  actions: 1030,
  noops: 1031,
  randomPlay: 1032,
} as const;

/**
 * Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), as `native/base/philox.cc`
 * has it: what is drawn depends on key and counter and never on the order of calls.
 */
export function philox(counter: Block, key: Words): Block {
  let [a, b, c, d] = counter;
  let [key0, key1] = key;
  for (let round = 0; round < rounds; round += 1) {
    const [high0, low0] = multiply(multiplier0, a);
    const [high1, low1] = multiply(multiplier1, c);
    [a, b, c, d] = [(high1 ^ b ^ key0) >>> 0, low1, (high0 ^ d ^ key1) >>> 0, low0];
    key0 = (key0 + weyl0) >>> 0;
    key1 = (key1 + weyl1) >>> 0;
  }
  return [a, b, c, d];
}

/** Uniforms in [0, 1) of 24 bits: number `index` at a step of an episode, of one stream of one seed. */
export function uniformsOf(
  seed: number,
  stream: number,
): (episode: number, step: number, index: number) => number {
  const [low, high] = philox([stream, 0, 0, 0], wordsOf(seed));
  return (episode, step, index) => {
    const block = philox([index >>> 2, step, ...wordsOf(episode)], [low, high]);
    return (block[index % 4]! >>> 8) * 2 ** -24;
  };
}

function multiply(a: number, b: number): [high: number, low: number] {
  const upper = (a >>> 16) * b;
  const lower = (a & 0xffff) * b;
  const high = Math.floor((upper + Math.floor(lower / 2 ** 16)) / 2 ** 16);
  return [high, Math.imul(a, b) >>> 0];
}

function wordsOf(whole: number): Words {
  return [whole >>> 0, Math.floor(whole / 2 ** 32) >>> 0];
}

/** A seed of 48 bits for use number `index` of a stream. */
export function seedOf(seed: number, stream: number, index: number): number {
  const draw = uniformsOf(seed, stream);
  return draw(index, 0, 0) * 2 ** 24 * 2 ** 24 + draw(index, 0, 1) * 2 ** 24;
}
