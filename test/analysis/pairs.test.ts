import { expect } from 'chai';
import { Pairs } from '../../ts/analysis/pairs.js';
import { uniforms } from '../conformance/random-nets.js';

describe('analysis: pairs', () => {
  it('have the correlation of the textbook, in whatever pieces they come', () => {
    // Far from zero, where a difference of sums of squares would lose everything.
    const x = Float64Array.from(uniforms(3000, -1, 1, 1), (value) => 1e8 + value);
    const y = x.map((value, k) => -0.5 * (value - 1e8) + (k % 7) / 10);
    const mean = (values: Float64Array) => values.reduce((a, b) => a + b) / values.length;
    const [dx, dy] = [x, y].map((values) => values.map((value) => value - mean(values)));
    const sum = (a: Float64Array, b: Float64Array) => a.reduce((s, v, k) => s + v * b[k]!, 0);
    const wanted = sum(dx!, dy!) / Math.sqrt(sum(dx!, dx!) * sum(dy!, dy!));
    for (const size of [3000, 1, 7, 1024]) {
      const pairs = new Pairs();
      for (let from = 0; from < x.length; from += size) {
        pairs.add(x.subarray(from, from + size), y.subarray(from, from + size));
      }
      expect(pairs.correlation).to.be.closeTo(wanted, 1e-6);
      expect(pairs.meanX).to.be.closeTo(mean(x), 1e-6);
      expect(pairs.meanY).to.be.closeTo(mean(y), 1e-9);
    }
  });

  it('have none where one of both never changes', () => {
    const pairs = new Pairs();
    expect(pairs.correlation).to.equal(null);
    pairs.add([1, 2, 3], [4, 4, 4]);
    expect(pairs.correlation).to.equal(null);
    pairs.add([], []);
    pairs.add([1], [5]);
    expect(pairs.correlation).to.be.a('number');
  });
});
