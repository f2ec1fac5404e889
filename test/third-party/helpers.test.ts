import { expect } from 'chai';
import { agreementOf, classesOf, meanError, relativeError } from './agreement.js';
import { deviationOf } from './deviation.js';
import { SkipList } from './skip-list.js';
import { applyStep } from './tail.js';
import { forwardAny } from './weightless.js';

describe('the list of refused cases', () => {
  const list = () =>
    new SkipList([
      { reason: 'three dimensions', says: '3 spatial', cases: ['node/test_conv3d_*', 'a/b.c'] },
    ]);

  it('holds a name by a pattern, and only for the reason it gives', () => {
    const skips = list();
    expect(skips.complaint('node/test_conv3d_pads', 'it has 3 spatial ones')).to.equal(undefined);
    expect(skips.complaint('node/test_conv3d_pads', 'unknown')).to.include('three dimensions');
    expect(skips.complaint('a/bxc', '3 spatial')).to.include('not listed');
    expect(skips.complaint('x/node/test_conv3d_y', '3 spatial')).to.include('not listed');
  });

  it('tells which entries were of no use, and which hold a name', () => {
    const skips = list();
    skips.complaint('a/b.c', '3 spatial');
    expect(skips.unused).to.deep.equal(['node/test_conv3d_*']);
    expect(skips.listing('node/test_conv3d_1')).to.deep.equal(['node/test_conv3d_*']);
    expect(skips.listing('node/test_conv2d_1')).to.deep.equal([]);
  });
});

describe('comparing with what a framework answered', () => {
  const of = (...values: number[]) => Float32Array.from(values);

  it('measures each output by its own size, and lets no NaN pass', () => {
    expect(deviationOf([of(1, 9)], [of(1, 10)])).to.be.closeTo(1 / 11, 1e-7);
    expect(deviationOf([of(1e6), of(0)], [of(1e6), of(1)])).to.equal(0.5);
    expect(deviationOf([of(Infinity, NaN)], [of(Infinity, NaN)])).to.equal(0);
    expect(deviationOf([of(NaN)], [of(1)])).to.equal(Infinity);
    expect(deviationOf([of(-Infinity)], [of(Infinity)])).to.equal(Infinity);
    expect(() => deviationOf([of(1)], [of(1, 2)])).to.throw('others expected');
  });

  it('counts classes that agree, and measures errors', () => {
    expect(classesOf([-1, 2], 1)).to.deep.equal([0, 1]);
    expect(classesOf([1, 3, 2, 5, 5, 0], 3)).to.deep.equal([1, 0]);
    expect(agreementOf([1, 0, 2, 2], [1, 1, 2, 2])).to.equal(0.75);
    expect(meanError([1, 2], [0, 4])).to.equal(1.5);
    expect(relativeError([1, 1, 3, 1], [0, 1, 2, 1], 2)).to.equal(1);
  });

  it('applies the operators behind a network along their axis', () => {
    const values = { shape: [1, 2, 2], data: of(0, 1, Math.log(3), 1) };
    const softmax = applyStep(values, { output: 'y', node: '', operator: 'Softmax', axis: 1 });
    expect(Array.from(softmax.data, (x) => Number(x.toFixed(6)))).to.deep.equal([
      0.25, 0.5, 0.75, 0.5,
    ]);
    const chosen = applyStep(values, { output: 'y', node: '', operator: 'ArgMax', axis: 2 });
    expect(chosen).to.deep.equal({ shape: [1, 2], data: of(1, 0) });
    const half = applyStep(values, { output: 'y', node: '', operator: 'Sigmoid' });
    expect(half.data[0]).to.equal(0.5);
    expect(() => applyStep(values, { output: 'y', node: '', operator: 'Hardmax' })).to.throw();
  });
});

describe('computing an imported graph', () => {
  it('computes a lone ReLU with two outputs, which is no network by itself', async () => {
    const graph = {
      nodes: [
        { kind: 'input', name: 'x', shape: [2, 1] },
        { kind: 'relu', name: 'r' },
        { kind: 'flatten', name: 'f' },
      ],
      edges: [
        ['x', 'r'],
        ['x', 'f'],
      ],
      outputs: ['r', 'f'],
    } as const;
    const answers = await forwardAny(graph, Float32Array.of(-1, 2, 3, -4), 2);
    expect(Array.from(answers)).to.deep.equal([0, 2, -1, 2, 3, 0, 3, -4]);
  });
});
