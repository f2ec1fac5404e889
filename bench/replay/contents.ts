import { floats, side } from './trials.js';

/*
 * Observation c is made of its number, so that a sampled row tells where it comes from; transition c leads from
 * observation c to c + 1. `peers/contents.py` fills the peers' memories with the same.
 */

export function floatObservation(c: number): Float32Array {
  return Float32Array.of(c, c / 2, c % 7, 1).subarray(0, floats);
}

const rewards = 10;
const actions = 3;
export const rewardOf = (c: number): number => c % rewards;
export const actionOf = (c: number): number => c % actions;

/** The number in the first two bytes, and a pattern that depends on it in the others. */
export function frame(c: number): Uint8Array {
  const pixels = new Uint8Array(side * side).fill(c % 251);
  pixels[0] = c % 256;
  pixels[1] = Math.floor(c / 256);
  return pixels;
}

export const numberOf = (pixels: ArrayLike<number>, offset: number): number =>
  pixels[offset]! + 256 * pixels[offset + 1]!;
