import { expect } from 'chai';
import { Random } from '../../ts/env/random.js';
import { SpiqError } from '../../ts/errors.js';

/** sfc32 restated in exact integers, so that a slip in the 32-bit arithmetic shows. */
function reference(seed: bigint, count: number): number[] {
  const mask = 0xffffffffn;
  let [a, b, c, counter] = [0n, seed & mask, seed >> 32n, 1n];
  const draws: number[] = [];
  for (let k = 0; k < 12 + count; k += 1) {
    const result = (a + b + counter) & mask;
    counter = (counter + 1n) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = (((c << 21n) | (c >> 11n)) + result) & mask;
    if (k >= 12) draws.push(Number(result));
  }
  return draws;
}

describe('Random', () => {
  for (const seed of [0, 1, 12345, 0xffffffff, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    it(`is sfc32 for seed ${seed}`, () => {
      const random = new Random(seed);
      const drawn = Array.from({ length: 1000 }, () => random.uint32());
      expect(drawn).to.deep.equal(reference(BigInt(seed), 1000));
    });
  }

  it('draws uniformly from the half-open interval', () => {
    const random = new Random(7);
    const bins = new Array<number>(10).fill(0);
    for (let k = 0; k < 100_000; k += 1) {
      const value = random.uniform(-0.05, 0.05);
      const bin = Math.floor((value + 0.05) * 100);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const chiSquared = bins.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    // 27.9 is exceeded by chance once in 1000 for 9 degrees of freedom; the seed is fixed.
    expect(bins).to.have.length(10);
    expect(chiSquared).to.be.below(27.9);
  });

  for (const seed of [-1, 0.5, NaN, 2 ** 53, '1' as unknown as number]) {
    it(`refuses the seed ${String(seed)} (${typeof seed})`, () => {
      expect(() => new Random(seed))
        .to.throw(SpiqError, 'seed: expected a whole number')
        .with.property('code', 'E_RANGE');
    });
  }
});
