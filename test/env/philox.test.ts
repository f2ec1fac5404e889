import { expect } from 'chai';
import { philox, uniformsOf } from '../../ts/env/philox.js';
import { uniformSource } from '../reference/philox.js';

describe('Philox', () => {
  it('gives the published values', () => {
    // kat_vectors of Random123 1.14, line 3 of "philox4x32 10".
    const counter = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const;
    const expected = [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1];
    expect(philox(counter, [0xa4093822, 0x299f31d0])).to.deep.equal(expected);
  });

  it("draws as the engine's input does from the same stream, and otherwise from another", () => {
    const [seed, row] = [2 ** 40 + 3, 2 ** 33 + 5];
    const [mine, engine] = [uniformsOf(seed, 1), uniformSource(seed, row)];
    const other = uniformsOf(seed, 1024);
    for (const [index, step] of [
      [0, 0],
      [1, 7],
      [6, 100_000],
    ] as const) {
      expect(mine(row, step, index)).to.equal(engine(index, step));
      expect(other(row, step, index)).to.not.equal(engine(index, step));
    }
  });

  it('is even over steps', () => {
    const draw = uniformsOf(0, 1024);
    const count = 20_000;
    const below = Array.from({ length: count }, (_, step) => draw(0, step, 0)).filter(
      (x) => x < 0.05,
    );
    // Four standard deviations of a binomial distribution.
    const spread = 4 * Math.sqrt(count * 0.05 * 0.95);
    expect(below.length).to.be.closeTo(0.05 * count, spread);
  });
});
