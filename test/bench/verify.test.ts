import { expect } from 'chai';
import { drawLayers } from '../../bench/simulate/network.js';
import { nets } from '../../bench/simulate/nets.js';
import { agreementFor, verifyOutputs, verifySpikes } from '../../bench/simulate/verify.js';
import { Random } from '../../ts/env/random.js';

const strict = { exactRows: 0.9, slack: 0.5 };
const check = (ours: number[], theirs: number[], rows: number, agreement = strict) => {
  verifyOutputs(ours, theirs, rows, 'somebody', agreement);
};

describe('bench: verification', () => {
  it('passes rounding and a near-tie in one row of ten', () => {
    const ours = Array.from({ length: 10 }, (_, i) => i);
    check(
      ours,
      ours.map((x) => x + 1e-4),
      10,
    );
    check(
      ours,
      ours.map((x, i) => (i === 3 ? x + 0.4 : x)),
      10,
    );
  });

  it('refuses two near-ties in ten, a large difference, a missing row, nothing, and no number', () => {
    const ours = Array.from({ length: 10 }, (_, i) => i);
    const off = (rows: number, by: number) => ours.map((x, i) => (i < rows ? x + by : x));
    expect(() => check(ours, off(2, 0.4), 10)).to.throw('2 of 10 rows differ');
    expect(() => check(ours, off(1, 2), 10)).to.throw('row 0');
    expect(() => check(ours, ours.slice(1), 10)).to.throw('9 outputs in place of 10');
    expect(() => check([], [], 0)).to.throw('0 outputs');
    expect(() => check(ours, off(1, NaN), 10)).to.throw('row 0');
  });

  it('is stricter with fully connected networks', () => {
    const of = (net: keyof typeof nets) => agreementFor(drawLayers(nets[net], new Random(1)));
    expect(of('patel').exactRows).to.be.greaterThan(of('nature').exactRows);
    expect(of('nature').slack).to.be.closeTo(6 / Math.sqrt(512), 0.01);
  });

  it('holds spikes neuron by neuron', () => {
    const counts = new Int32Array(2000).fill(5);
    const changed = (neurons: number, by: number) =>
      counts.map((n, i) => (i < neurons ? n + by : n));
    verifySpikes([counts], [changed(2, 1)], 'somebody');
    expect(() => verifySpikes([counts], [changed(3, 1)], 'x')).to.throw('3 of 2000 neurons');
    expect(() => verifySpikes([counts], [changed(1, 3)], 'x')).to.throw('3 spikes off');
    expect(() => verifySpikes([counts], [], 'x')).to.throw('in place of');
    expect(() => verifySpikes([], [], 'x')).to.throw('in place of');
  });
});
