import { expect } from 'chai';
import { decodeBareWeights } from '../../ts/formats/bare-weights.js';
import { readNpz, writeNpz } from '../../ts/formats/npz/index.js';
import type { NpyArray } from '../../ts/formats/npz/index.js';
import { expectError } from './helpers/expect-error.js';
import { tensor } from './helpers/graphs.js';

const array = (shape: readonly number[], seed = 1): NpyArray => ({
  ...tensor(shape, seed),
  dtype: 'f4',
});
const open = (entries: Record<string, NpyArray>) => readNpz(writeNpz(entries), 'bare.npz');
const square = { w0: array([4, 4]), w1: array([4, 4]) };

describe('bare weights', () => {
  it('become dense layers with a ReLU between them; other arrays are ignored', () => {
    const npz = open({ w0: array([5, 3]), b0: array([5]), w1: array([2, 5]), obs: array([9, 3]) });
    const { graph, notes } = decodeBareWeights(npz, { layout: 'out-in' });
    expect(notes).to.deep.equal([]);
    expect(graph.nodes.map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal([
      'input input',
      'dense dense0',
      'relu relu0',
      'dense dense1',
    ]);
    expect(graph.nodes[0]).to.deep.equal({ kind: 'input', name: 'input', shape: [3] });
    expect(graph.nodes[1]).to.deep.include({ weight: tensor([5, 3]), bias: tensor([5]) });
    expect(graph.nodes[3]).to.not.have.property('bias');
    expect(graph.edges).to.deep.equal([
      ['input', 'dense0'],
      ['dense0', 'relu0'],
      ['relu0', 'dense1'],
    ]);
    expect(graph.outputs).to.deep.equal(['dense1']);
  });

  it('are transposed when stored as in-out', () => {
    const { graph } = decodeBareWeights(open({ w0: array([2, 3]) }), { layout: 'in-out' });
    const { data } = tensor([2, 3]);
    const expected = Float32Array.from([0, 3, 1, 4, 2, 5], (index) => data[index] ?? NaN);
    expect(graph.nodes[1]).to.deep.include({ weight: { shape: [3, 2], data: expected } });
  });

  it('accept a bias of [1, n]', () => {
    const { graph } = decodeBareWeights(open({ w0: array([2, 3]), b0: array([1, 2]) }), {
      layout: 'out-in',
    });
    expect(graph.nodes[1]).to.deep.include({ bias: tensor([2]) });
  });

  it('need to be told their layout', () => {
    expectError(
      () => decodeBareWeights(open(square), {}),
      'E_ARGUMENT',
      '--layout',
      'out-in',
      'in-out',
    );
  });

  it('name the array that does not fit and what the other layout would give', () => {
    const npz = open({ w0: array([3, 5]), w1: array([5, 2]) });
    expectError(
      () => decodeBareWeights(npz, { layout: 'out-in' }),
      'E_SHAPE',
      "'w1' [5, 2]",
      "'in-out' the layers fit: 3 → 5 → 2",
    );
    const neither = open({ w0: array([3, 5]), w1: array([4, 2]) });
    expectError(() => decodeBareWeights(neither, { layout: 'out-in' }), 'E_SHAPE', 'either');
    const bias = open({ w0: array([3, 5]), b0: array([5]) });
    expectError(() => decodeBareWeights(bias, { layout: 'out-in' }), 'E_SHAPE', "'b0'", '3', '5');
  });

  it('are refused with a gap, a stray bias or no weights at all', () => {
    const { w0 } = square;
    for (const entries of [{ w1: w0 }, { w0, w2: w0 }, { w0, b1: w0 }, { weights: w0 }]) {
      expectError(
        () => decodeBareWeights(open(entries), { layout: 'out-in' }),
        'E_FORMAT',
        'bare.npz',
      );
    }
  });

  it('are rounded from float64 with a note, and only if something is lost', () => {
    const of = (value: number): NpyArray => ({
      shape: [1, 1],
      dtype: 'f8',
      data: Float64Array.of(value),
    });
    expect(decodeBareWeights(open({ w0: of(0.5) }), { layout: 'out-in' }).notes).to.deep.equal([]);
    const { notes } = decodeBareWeights(open({ w0: of(0.1) }), { layout: 'out-in' });
    expect(notes).to.have.length(1);
    expect(notes[0]).to.include("'w0'");
  });

  it('must be finite float numbers', () => {
    const nan: NpyArray = { shape: [1, 2], dtype: 'f4', data: Float32Array.of(1, NaN) };
    expectError(
      () => decodeBareWeights(open({ w0: nan }), { layout: 'out-in' }),
      'E_NOT_FINITE',
      'element 1',
    );
    const huge: NpyArray = { shape: [1, 1], dtype: 'f8', data: Float64Array.of(1e300) };
    expectError(
      () => decodeBareWeights(open({ w0: huge }), { layout: 'out-in' }),
      'E_NOT_FINITE',
      "'w0'",
    );
    const whole: NpyArray = { shape: [1, 1], dtype: 'i4', data: Int32Array.of(1) };
    expectError(
      () => decodeBareWeights(open({ w0: whole }), { layout: 'out-in' }),
      'E_UNSUPPORTED',
      'i4',
    );
    expectError(
      () => decodeBareWeights(open({ w0: array([4]) }), { layout: 'out-in' }),
      'E_SHAPE',
      "'w0'",
    );
  });
});
