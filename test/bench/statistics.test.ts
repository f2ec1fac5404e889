import { expect } from 'chai';
import { fitLine, rates, spreadOf } from '../../bench/statistics.js';

describe('bench: statistics', () => {
  it('takes the middle of an odd number of values and the mean of the middle two of an even one', () => {
    expect(spreadOf([9, 1, 5])).to.deep.equal({ median: 5, low: 1, high: 9 });
    expect(spreadOf([4, 1, 2, 10])).to.deep.equal({ median: 3, low: 1, high: 10 });
  });

  it('refuses nothing at all', () => {
    expect(() => spreadOf([])).to.throw(RangeError);
  });

  it('turns seconds into rates, the slowest call into the lowest', () => {
    expect(rates({ median: 0.5, low: 0.25, high: 1 }, 2)).to.deep.equal({
      median: 4,
      low: 2,
      high: 8,
    });
  });

  it('fits a straight line and says how far the points are from it', () => {
    const exact = fitLine([
      [0, 1],
      [1, 3],
      [2, 5],
    ]);
    expect(exact.offset).to.be.closeTo(1, 1e-12);
    expect(exact.slope).to.be.closeTo(2, 1e-12);
    expect(exact.deviation).to.be.closeTo(0, 1e-12);
    expect(
      fitLine([
        [0, 0],
        [1, 4],
        [2, 2],
      ]).deviation,
    ).to.be.closeTo(0.5, 1e-12);
  });
});
