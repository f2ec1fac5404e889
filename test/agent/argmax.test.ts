import { expect } from 'chai';
import { argmax, argmaxRows } from '../../ts/agent/argmax.js';
import { SpiqError } from '../../ts/errors.js';

describe('argmax', () => {
  it('takes the first of equal values', () => {
    expect(argmax([1, 3, 3, 2])).to.equal(1);
    expect(argmax([-0, 0])).to.equal(0);
  });

  it('never lets NaN win', () => {
    expect(argmax([NaN, 1, 2])).to.equal(2);
    expect(argmax([NaN, -Infinity])).to.equal(1);
    expect(argmax([1, NaN, 0])).to.equal(0);
    expect(argmax([NaN, NaN])).to.equal(0);
  });

  it('works row by row', () => {
    const values = Float32Array.of(1, 2, 3, 3, 2, 1, NaN, NaN, NaN);
    expect([...argmaxRows(values, 3)]).to.deep.equal([2, 0, 0]);
  });

  it('refuses rows of unequal length', () => {
    for (const rows of [0, 2, 1.5, NaN]) {
      expect(() => argmaxRows([1, 2, 3], rows))
        .to.throw(SpiqError)
        .with.property('code', 'E_SHAPE');
    }
  });
});
