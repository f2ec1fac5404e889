import { expect } from 'chai';
import { Random } from '../../ts/env/random.js';
import { exactProduct, exactSum, exactly, mantissaAt, nearestDouble } from './exact.js';
import type { Exact } from './exact.js';
import { fmaDouble, fmaSingle } from './fma.js';

type Fma = (a: number, b: number, c: number) => number;

const random = new Random(20);
const words = new DataView(new ArrayBuffer(8));

function anyDouble(): number {
  words.setUint32(0, random.uint32());
  words.setUint32(4, random.uint32());
  const value = words.getFloat64(0);
  return Number.isFinite(value) ? value : anyDouble();
}

function anySingle(): number {
  words.setUint32(0, random.uint32());
  const value = words.getFloat32(0);
  return Number.isFinite(value) ? value : anySingle();
}

function ofExponent(least: number, most: number): number {
  const sign = random.uint32() % 2 === 0 ? 1 : -1;
  const exponent = least + (random.uint32() % (most - least + 1));
  return sign * random.uniform(1, 2) * 2 ** exponent;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function neighbours(value: number, single: boolean): [number, number] {
  const step = (by: bigint): number => {
    if (value === 0) return Number(by) * (single ? 2 ** -149 : 2 ** -1074);
    const outward = value > 0 ? by : -by;
    if (single) {
      words.setFloat32(0, value);
      words.setUint32(0, words.getUint32(0) + Number(outward));
      return words.getFloat32(0);
    }
    words.setFloat64(0, value);
    words.setBigUint64(0, words.getBigUint64(0) + outward);
    return words.getFloat64(0);
  };
  return [step(-1n), step(1n)];
}

/** True where no neighbour lies nearer to `exact`, nor as near with an even significand against an odd one. */
function isNearest(value: number, exact: Exact, single: boolean): boolean {
  const distance = (other: number): bigint => {
    const lowest = Math.min(exact.exponent, -1074);
    return magnitude(mantissaAt(exact, lowest) - mantissaAt(exactly(other), lowest));
  };
  const isOdd = (): boolean => {
    if (single) {
      words.setFloat32(0, value);
      return words.getUint32(0) % 2 === 1;
    }
    words.setFloat64(0, value);
    return words.getUint32(4) % 2 === 1;
  };
  return neighbours(value, single)
    .filter(Number.isFinite)
    .every((other) => {
      const [ours, theirs] = [distance(value), distance(other)];
      return ours < theirs || (ours === theirs && !isOdd());
    });
}

function expectNearest(fma: Fma, [a, b, c]: readonly [number, number, number]): void {
  const single = fma === fmaSingle;
  const result = fma(a, b, c);
  const label = `fma(${a}, ${b}, ${c}) = ${result}`;
  const exact = exactSum(exactProduct(exactly(a), exactly(b)), exactly(c));
  if (Number.isFinite(result)) {
    expect(isNearest(result, exact, single), label).to.equal(true);
    return;
  }
  // Half a unit beyond the largest number rounds to infinity.
  const [significand, exponent] = single ? [2n ** 25n - 1n, 103] : [2n ** 54n - 1n, 970];
  const lowest = Math.min(exact.exponent, exponent);
  const limit = mantissaAt({ mantissa: significand, exponent }, lowest);
  expect(magnitude(mantissaAt(exact, lowest)) >= limit, label).to.equal(true);
  expect(result > 0, label).to.equal(exact.mantissa > 0n);
}

describe('reference: fused multiply-add of float32', () => {
  const ulp = 2 ** -23;

  it('is not misled by a double that rounds to a tie first', () => {
    // (2^32 + 1)·2^-56, a hair above half a unit of 1; and (2^32 − 1)·2^-56, a hair below it.
    const above = [641 * 2 ** -20, 6700417 * 2 ** -36] as const;
    const below = [65535 * 2 ** -28, 65537 * 2 ** -28] as const;
    expect(Math.fround(above[0] * above[1] + 1), 'the naive way').to.equal(1);
    expect(fmaSingle(...above, 1)).to.equal(1 + ulp);
    expect(Math.fround(below[0] * below[1] + 1 + ulp), 'the naive way').to.equal(1 + 2 * ulp);
    expect(fmaSingle(...below, 1 + ulp)).to.equal(1 + ulp);
    for (const [a, b] of [above, below]) {
      for (let unit = 0; unit < 64; unit += 1) {
        const c = 1 + unit * ulp;
        for (const [x, z] of [
          [a, c],
          [-a, c],
          [a, -c],
          [-a, -c],
        ] as const)
          expectNearest(fmaSingle, [x, b, z]);
      }
    }
  });

  it('rounds true ties to even', () => {
    expect(fmaSingle(2 ** -24, 1, 1)).to.equal(1);
    expect(fmaSingle(2 ** -24, 1, 1 + ulp)).to.equal(1 + 2 * ulp);
    expect(fmaSingle(2 ** -24, -1, 1 + 3 * ulp)).to.equal(1 + 2 * ulp);
    expect(fmaSingle(2 ** -75, 2 ** -75, 0)).to.equal(0);
    expect(fmaSingle(3 * 2 ** -75, 2 ** -75, 0)).to.equal(2 ** -148);
    expect(fmaSingle(2 ** -75, 2 ** -75 * (1 + ulp), 0)).to.equal(2 ** -149);
  });

  it('is the nearest float32 for random values of all sizes', () => {
    for (let i = 0; i < 10_000; i += 1) {
      expectNearest(fmaSingle, [anySingle(), anySingle(), anySingle()]);
      const [a, b] = [Math.fround(ofExponent(-80, 70)), Math.fround(ofExponent(-80, 40))];
      const c = Math.fround(-a * b * random.uniform(0.9, 1.1));
      if (Number.isFinite(c)) expectNearest(fmaSingle, [a, b, c]);
      expectNearest(fmaSingle, [a, b, Math.fround(ofExponent(-3, 3))]);
    }
  });

  it('keeps zeros, infinities and NaN', () => {
    expect(fmaSingle(0, -1, 0)).to.equal(0);
    expect(Object.is(fmaSingle(0, -1, -0), -0)).to.equal(true);
    expect(Object.is(fmaSingle(1, 1, -1), 0)).to.equal(true);
    expect(Object.is(fmaSingle(-(2 ** -149), 2 ** -149, 0), -0)).to.equal(true);
    expect(fmaSingle(2 ** 127, 2, 0)).to.equal(Infinity);
    expect(fmaSingle(Infinity, 1, -1)).to.equal(Infinity);
    expect(fmaSingle(Infinity, 1, -Infinity)).to.be.NaN;
  });
});

describe('reference: fused multiply-add of float64', () => {
  const ulp = 2 ** -52;

  it('rounds ties by what lies far below them', () => {
    expect(fmaDouble(2 ** -53, 1, 1)).to.equal(1);
    expect(fmaDouble(2 ** -53, 1 + ulp, 1)).to.equal(1 + ulp);
    expect(fmaDouble(2 ** -53, 1, 1 + ulp)).to.equal(1 + 2 * ulp);
    expect(fmaDouble(2 ** -53, 1 - 2 ** -53, 1 + ulp)).to.equal(1 + ulp);
    expect(fmaDouble(1 + ulp, 1 + ulp, -1 - 2 * ulp)).to.equal(ulp * ulp);
    expect(fmaDouble(1 + ulp, 1 - ulp, -1)).to.equal(-ulp * ulp);
    // A product just beside the middle of two doubles, its other half in the summand.
    const [x, y] = [1 + 2 ** -27, 1 + 2 ** -26 + ulp];
    for (const c of [2 ** -106, -(2 ** -106), 2 ** -200, -(2 ** -200), 2 ** 53, -(2 ** 53)])
      expectNearest(fmaDouble, [x, y, c]);
  });

  it('is the nearest double for random values', () => {
    for (let i = 0; i < 10_000; i += 1) {
      const [a, b] = [ofExponent(-60, 60), ofExponent(-60, 60)];
      expectNearest(fmaDouble, [a, b, ofExponent(-130, 130)]);
      expectNearest(fmaDouble, [a, b, -a * b]);
      expectNearest(fmaDouble, [a, b, -a * b * (1 + ulp)]);
      const tie = ofExponent(0, 0);
      expectNearest(fmaDouble, [2 ** -53, 1 + ((random.uint32() % 3) - 1) * ulp, tie]);
    }
  });

  it('is the nearest double where the short way would over- or underflow', () => {
    for (let i = 0; i < 5000; i += 1) {
      expectNearest(fmaDouble, [anyDouble(), anyDouble(), anyDouble()]);
      const exponent = -(random.uint32() % 1000);
      const [a, b] = [
        ofExponent(exponent, exponent),
        ofExponent(-1070 - exponent, -1000 - exponent),
      ];
      expectNearest(fmaDouble, [a, b, ofExponent(-1074, -1000)]);
      expectNearest(fmaDouble, [a * 2 ** 1022, ofExponent(-5, 5), -a * 2 ** 1022]);
    }
    expect(fmaDouble(2 ** 1023, 2, -(2 ** 1023))).to.equal(2 ** 1023);
    expect(fmaDouble(2 ** 1000, 2 ** 1000, -Infinity)).to.equal(-Infinity);
    expect(Object.is(fmaDouble(2 ** -1074, -(2 ** -1074), 0), -0)).to.equal(true);
    expect(fmaDouble(2 ** -1074, 0.5, 2 ** -1074)).to.equal(2 ** -1073);
  });
});

describe('reference: exact numbers', () => {
  it('come back as the double that they were', () => {
    for (const value of [1, -3.5, 2 ** -1074, -(2 ** -1022), Number.MAX_VALUE, 0.1])
      expect(nearestDouble(exactly(value))).to.equal(value);
    for (let i = 0; i < 2000; i += 1) {
      const value = anyDouble();
      expect(nearestDouble(exactly(value))).to.equal(value);
    }
  });
});
