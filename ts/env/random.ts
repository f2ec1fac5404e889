import { mismatch } from '../errors.js';

/**
 * The generator behind the initial states: sfc32 (Chris Doty-Humphrey, PractRand 0.94) with PractRand's
 * own seeding, 96 bits of state and a 32-bit counter, so no period is shorter than 2^32 draws. A seed is
 * a whole number from 0 to 2^53 − 1; neighbouring seeds give unrelated sequences.
 */
export class Random {
  #a = 0;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    checkSeed(seed);
    this.#b = seed >>> 0;
    this.#c = Math.floor(seed / 2 ** 32);
    // PractRand discards 12 outputs: the number it found enough to separate similar seeds.
    for (let round = 0; round < 12; round += 1) this.uint32();
  }

  /** A generator that goes on where the one that `save` was called on stood. */
  static restored(words: readonly number[]): Random {
    const wrong = words.length !== 4 || words.some((word) => word !== word >>> 0);
    if (wrong) throw mismatch('E_FORMAT', 'saved generator', 'four words of 32 bits', words);
    const random = new Random(0);
    [random.#a, random.#b, random.#c, random.#counter] = words as [number, number, number, number];
    return random;
  }

  save(): number[] {
    return [this.#a >>> 0, this.#b, this.#c, this.#counter];
  }

  /** A whole number from 0 to 2^32 − 1. */
  uint32(): number {
    const result = (this.#a + this.#b + this.#counter) >>> 0;
    this.#counter = (this.#counter + 1) >>> 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) >>> 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) >>> 0;
    return result;
  }

  /** A number in [low, high) from 53 random bits. */
  uniform(low: number, high: number): number {
    const upper = this.uint32() >>> 5;
    const lower = this.uint32() >>> 6;
    return low + (high - low) * ((upper * 2 ** 26 + lower) * 2 ** -53);
  }
}

export function checkSeed(seed: number): void {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw mismatch('E_RANGE', 'seed', 'a whole number from 0 to 2^53 − 1', seed);
  }
}
