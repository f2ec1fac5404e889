import { exactProduct, exactSum, exactly, nearestDouble } from './exact.js';

const words = new DataView(new ArrayBuffer(8));

/** Knuth's sum: what is rounded and, exactly, what the rounding lost. */
function twoSum(a: number, b: number): [sum: number, error: number] {
  const sum = a + b;
  const partOfB = sum - a;
  return [sum, a - (sum - partOfB) + (b - partOfB)];
}

/**
 * `sum + error` rounded to odd: where it lies between two doubles, the one whose last bit is 1. Rounding that
 * once more to fewer bits gives what rounding the exact number would have given (Boldo and Melquiond,
 * "Emulation of a FMA and correctly rounded sums: proved algorithms using rounding to odd", 2008).
 */
function roundedToOdd(sum: number, error: number): number {
  if (error === 0 || !Number.isFinite(sum)) return sum;
  words.setFloat64(0, sum);
  const low = words.getUint32(4);
  if (low % 2 === 1) return sum;
  if (error > 0 === sum > 0) {
    words.setUint32(4, low + 1);
  } else {
    if (low === 0) words.setUint32(0, words.getUint32(0) - 1);
    words.setUint32(4, low - 1);
  }
  return words.getFloat64(0);
}

/** a·b + c of three float32 values, rounded once to float32. The product is exact in double. */
export function fmaSingle(a: number, b: number, c: number): number {
  const [sum, error] = twoSum(a * b, c);
  return Math.fround(roundedToOdd(sum, error));
}

/** 2^27 + 1 halves the significand of a double (Veltkamp). */
const splitter = 134217729;

function twoProduct(a: number, b: number): [product: number, error: number] {
  const product = a * b;
  const [a1, b1] = [upperHalf(a), upperHalf(b)];
  const [a2, b2] = [a - a1, b - b1];
  return [product, a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2)];
}

function upperHalf(value: number): number {
  const scaled = splitter * value;
  return scaled - (scaled - value);
}

// Within these bounds nothing below can overflow, and no error term can underflow.
const [smallestFactor, largestFactor] = [2 ** -400, 2 ** 400];
const [smallestSummand, largestSummand] = [2 ** -800, 2 ** 800];

function isBetween(value: number, low: number, high: number): boolean {
  const magnitude = Math.abs(value);
  return magnitude >= low && magnitude <= high;
}

/** a·b + c of three doubles, rounded once to double. */
export function fmaDouble(a: number, b: number, c: number): number {
  if (a === 0 || b === 0 || !Number.isFinite(a) || !Number.isFinite(b)) return a * b + c;
  if (!Number.isFinite(c)) return c;
  const safe =
    isBetween(a, smallestFactor, largestFactor) &&
    isBetween(b, smallestFactor, largestFactor) &&
    (c === 0 || isBetween(c, smallestSummand, largestSummand));
  return safe ? fmaByErrors(a, b, c) : fmaByIntegers(a, b, c);
}

/** Algorithm of Boldo and Melquiond, 2008, figure 6. */
function fmaByErrors(a: number, b: number, c: number): number {
  const [upper, lower] = twoProduct(a, b);
  const [middle, middleError] = twoSum(c, lower);
  const [top, topError] = twoSum(upper, middle);
  return top + roundedToOdd(...twoSum(middleError, topError));
}

function fmaByIntegers(a: number, b: number, c: number): number {
  return nearestDouble(exactSum(exactProduct(exactly(a), exactly(b)), exactly(c)));
}
