import { expect } from 'chai';
import { roofOf } from '../../bench/roofline/roof.js';
import type { WeightedLayer } from '../../bench/simulate/network.js';
import { fanOut, leastWork } from '../../bench/simulate/work.js';

const zeros = (...shape: number[]) => ({
  shape,
  data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
});

const layers: WeightedLayer[] = [
  { spec: { kind: 'dense', units: 3 }, weight: zeros(3, 2), bias: zeros(3), shape: [3] },
  { spec: { kind: 'dense', units: 1 }, weight: zeros(1, 3), bias: zeros(1), shape: [1] },
];

describe('bench: least work', () => {
  it('counts the windows over each place of a convolution', () => {
    const spec = { kind: 'conv', channels: 2, kernel: 3, stride: 2 } as const;
    const reach = fanOut(spec, [1, 5, 5], [2, 2, 2]);
    expect([...reach.slice(0, 5)]).to.deep.equal([2, 2, 4, 2, 2]);
    expect(reach[12]).to.equal(8);
    // Every output's products, counted from the inputs' side.
    expect(reach.reduce((sum, n) => sum + n, 0)).to.equal(2 * 2 * 2 * 9);
  });

  it('takes products of inputs that are not 0, additions of spikes, and updates', () => {
    const work = leastWork({
      input: [2],
      layers,
      steps: 10,
      batch: 1,
      observations: Float32Array.of(0.5, 0),
      counts: [Int32Array.of(4, 0, 2)],
    });
    expect(work.additions).to.equal(1 * 3 + 6 * 1 + 2 * 10 * (3 + 1));
    // Observation and result; weights of one input of two, and of two neurons of three; biases.
    expect(work.bytes).to.equal(4 * (2 + 1 + 3 + 2 + 3 + 1));
  });

  it('reads weights once for a batch', () => {
    const rows = { input: [2], layers, steps: 10, observations: new Float32Array(4).fill(1) };
    const counts = [Int32Array.of(1, 0, 0, 1, 0, 0)];
    const together = leastWork({ ...rows, batch: 2, counts });
    const alone = leastWork({ ...rows, batch: 1, counts });
    expect(together.additions).to.equal(2 * alone.additions);
    expect(together.bytes).to.equal(alone.bytes + 4 * 3);
  });

  it('bounds a rate by whichever takes longer', () => {
    const machine = { bandwidth: 1000, additions: 1000 };
    const roof = roofOf('a', { bytes: 100, additions: 20 }, 2, machine, 5);
    expect(roof).to.deep.include({ byBytes: 20, byAdditions: 100, limit: 20, share: 0.25 });
    expect(roof.boundBy).to.equal('bytes');
  });
});
