import { expect } from 'chai';
import { discountedReturns, standardised } from '../../ts/agent/returns.js';

describe('returns of an episode', () => {
  it('sum up later rewards, discounted', () => {
    expect(discountedReturns([1, 2, 4], 0.5)).to.deep.equal([3, 4, 4]);
    expect(discountedReturns([], 0.9)).to.deep.equal([]);
  });

  it('are standardised by the deviation with divisor n − 1', () => {
    // numpy: (r - r.mean()) / (r.std(ddof=1) + 2**-23)
    const seen = standardised([1, 2, 4, 9]);
    [-0.8429273, -0.5619515, 0, 1.4048788].forEach((expected, k) => {
      expect(seen[k]).to.be.closeTo(expected, 1e-6);
    });
    expect(standardised([7])).to.deep.equal([0]);
    expect(standardised([5, 5])).to.deep.equal([0, 0]);
  });
});
