import { expect } from 'chai';
import {
  readNpz,
  selectArray,
  toFloat32,
  toFloat64,
  writeNpy,
  writeNpz,
} from '../../ts/formats/npz/index.js';
import type { NpyArray } from '../../ts/formats/npz/index.js';
import { expectError } from './helpers/expect-error.js';
import { compressed, stored, streamed, withText } from './helpers/numpy-files.js';

const floats: NpyArray = { shape: [2], dtype: 'f4', data: Float32Array.of(1, 2) };
const bytes: NpyArray = { shape: [3], dtype: 'u1', data: Uint8Array.of(7, 8, 9) };

describe('npz', () => {
  it('reads what numpy.savez writes, Fortran order and big-endian included', () => {
    const npz = readNpz(stored, 'stored.npz');
    expect(npz.keys).to.deep.equal(['w', 'fortran', 'big']);
    expect(npz.get('w')).to.deep.equal({
      shape: [2, 3],
      dtype: 'f4',
      data: Float32Array.of(-1.5, -0.5, 0.5, 1.5, 2.5, 3.5),
    });
    expect(npz.get('fortran').shape).to.deep.equal([2, 3, 4]);
    expect(npz.get('fortran').data).to.deep.equal(Int16Array.from({ length: 24 }, (_, i) => i));
    expect(npz.get('big').data).to.deep.equal(Float64Array.of(1.5, -2.25));
  });

  it('reads what numpy.savez_compressed writes, float16 and empty arrays included', () => {
    const npz = readNpz(compressed, 'compressed.npz');
    const half = npz.get('half');
    expect(half.dtype).to.equal('f4');
    expect(half.data).to.deep.equal(Float32Array.of(1.5, -0.25, 65504, 2 ** -24, Infinity));
    expect(npz.get('flags').data).to.deep.equal(Uint8Array.of(1, 0, 1));
    expect(npz.get('long').data).to.deep.equal(BigInt64Array.of(2n ** 60n, -1n));
    expect(npz.get('scalar')).to.deep.equal({ shape: [], dtype: 'f4', data: Float32Array.of(7) });
    expect(npz.get('empty').shape).to.deep.equal([0, 3]);
  });

  it('reads members whose sizes follow their data', () => {
    expect(readNpz(streamed, 'streamed.npz').get('x').data).to.deep.equal(Uint16Array.of(1, 2, 3));
  });

  it('minds an unreadable dtype only when that array is asked for', () => {
    const npz = readNpz(withText, 'text.npz');
    expect([...npz.get('n').data]).to.deep.equal([1]);
    expectError(() => npz.get('text'), 'E_UNSUPPORTED', 'text.npz', "'text'", '<U3');
  });

  it('names the arrays there are when one is missing', () => {
    const npz = readNpz(writeNpz({ a: floats, b: bytes }), 'x.npz');
    expectError(() => npz.get('c'), 'E_FORMAT', 'x.npz', "'c'", 'a, b');
  });

  for (const compress of [false, true]) {
    it(`round-trips with compress = ${compress} and gives the same bytes each time`, () => {
      const entries = {
        floats,
        bytes,
        größe: floats,
        empty: { ...bytes, shape: [0], data: new Uint8Array(0) },
      };
      const file = writeNpz(entries, { compress });
      const npz = readNpz(file, 'x.npz');
      expect(npz.keys).to.deep.equal(Object.keys(entries));
      for (const [key, array] of Object.entries(entries)) expect(npz.get(key)).to.deep.equal(array);
      expect(writeNpz(entries, { compress })).to.deep.equal(file);
    });
  }

  it('round-trips no arrays at all', () => {
    expect(readNpz(writeNpz({}), 'x.npz').keys).to.deep.equal([]);
  });

  it('reads a plain .npy as arr_0', () => {
    expect(readNpz(writeNpy(floats, 'x'), 'x.npy').get('arr_0')).to.deep.equal(floats);
  });
});

describe('selectArray', () => {
  const open = (entries: Record<string, NpyArray>) => readNpz(writeNpz(entries), 'x.npz');

  it('prefers the given key, then the only array, then arr_0, then obs', () => {
    expect(selectArray(open({ a: floats, obs: bytes }), 'a')).to.deep.equal(floats);
    expect(selectArray(open({ anything: bytes }))).to.deep.equal(bytes);
    expect(selectArray(open({ obs: bytes, arr_0: floats }))).to.deep.equal(floats);
    expect(selectArray(open({ x: floats, obs: bytes }))).to.deep.equal(bytes);
  });

  it('lists the keys when none of these applies', () => {
    expectError(() => selectArray(open({ x: floats, y: bytes })), 'E_ARGUMENT', 'x.npz', 'x, y');
    expectError(() => selectArray(open({ x: floats }), 'y'), 'E_ARGUMENT', "'y'", 'received x');
    expectError(() => selectArray(open({})), 'E_ARGUMENT', 'no arrays');
  });
});

describe('toFloat32 and toFloat64', () => {
  it('say whether a number had to be rounded', () => {
    const of = (dtype: 'f8' | 'i8', data: NpyArray['data']) => ({
      shape: [data.length],
      dtype,
      data,
    });
    const exact = toFloat32(of('f8', Float64Array.of(0.5, NaN, -0)));
    expect(exact).to.deep.equal({ data: Float32Array.of(0.5, NaN, -0), exact: true });
    expect(toFloat32(of('f8', Float64Array.of(0.1))).exact).to.equal(false);
    expect(toFloat32(of('i8', BigInt64Array.of(2n ** 24n))).exact).to.equal(true);
    expect(toFloat32(of('i8', BigInt64Array.of(2n ** 24n + 1n))).exact).to.equal(false);
    expect(toFloat64(of('i8', BigInt64Array.of(2n ** 53n + 1n))).exact).to.equal(false);
    expect(toFloat64(bytes)).to.deep.equal({ data: Float64Array.of(7, 8, 9), exact: true });
  });
});
