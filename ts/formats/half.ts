import { mismatch } from '../errors.js';

/** IEEE 754 binary16 to float32; every half is exactly a float. */
export function widenHalf(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, halfToNumber);
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest half of each number, of two equally near ones the even one; `what` is named where one is too large. */
export function narrowHalf(values: Float32Array, what: string): Uint16Array {
  return Uint16Array.from(values, (value, at) => {
    const bits = numberToHalf(value);
    if (bits !== undefined) return bits;
    throw mismatch(
      'E_RANGE',
      `${what}, value ${at}`,
      'a number within ±65504, as float16 takes',
      value,
    );
  });
}

function numberToHalf(value: number): number | undefined {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  // Below 2^-14 halves are multiples of 2^-24, above they have eleven bits.
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const steps = roundHalfEven(size / 2 ** (exponent - 10));
  const bits = size < 2 ** -14 ? steps : ((exponent + 14) << 10) + steps;
  return bits < 0x7c00 ? sign | bits : undefined;
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest === 0.5) return below + (below % 2);
  return rest > 0.5 ? below + 1 : below;
}

/** bfloat16 is the upper half of a float32. */
export function widenBrainHalf(bits: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);
}
