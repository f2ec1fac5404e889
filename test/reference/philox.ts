/** Philox 4x32-10 (Salmon et al., SC 2011), as `native/base/philox.cc` has it. */
export type Block = readonly [number, number, number, number];
export type Key = readonly [low: number, high: number];

const [multiplier0, multiplier1] = [0xd2511f53, 0xcd9e8d57];
const [weyl0, weyl1] = [0x9e3779b9, 0xbb67ae85];
const rounds = 10;

/** The stream of `native/base/philox.h` that encodes inputs. */
const poissonInput = 1;

/** High and low word of a product of two words. */
function multiply(a: number, b: number): [high: number, low: number] {
  const upper = (a >>> 16) * b;
  const lower = (a & 0xffff) * b;
  const high = Math.floor((upper + Math.floor(lower / 2 ** 16)) / 2 ** 16);
  return [high, Math.imul(a, b) >>> 0];
}

export function philox(counter: Block, key: Key): Block {
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

function wordsOf(whole: number): Key {
  return [whole >>> 0, Math.floor(whole / 2 ** 32) >>> 0];
}

/** Uniforms in [0, 1) of 24 bits for one observation: element `index` at time `step`. */
export function uniformSource(
  seed: number,
  observation: number,
): (index: number, step: number) => number {
  const [low, high] = philox([poissonInput, 0, 0, 0], wordsOf(seed));
  return (index, step) => {
    const block = philox([index >>> 2, step, ...wordsOf(observation)], [low, high]);
    return (block[index % 4]! >>> 8) * 2 ** -24;
  };
}
