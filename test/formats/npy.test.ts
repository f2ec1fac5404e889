import { expect } from 'chai';
import { readNpy, writeNpy } from '../../ts/formats/npz/index.js';
import type { NpyArray } from '../../ts/formats/npz/index.js';
import { expectError } from './helpers/expect-error.js';
import { versionThree, versionTwo } from './helpers/numpy-files.js';

function withHeader(header: string, data: readonly number[] = []): Uint8Array {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  return Buffer.concat([start, length, Buffer.from(header, 'latin1'), Buffer.from(data)]);
}

describe('npy', () => {
  const arrays: NpyArray[] = [
    { shape: [2, 3], dtype: 'f4', data: Float32Array.of(1, -2, 3.5, 0, NaN, Infinity) },
    { shape: [2], dtype: 'f8', data: Float64Array.of(0.1, -1e300) },
    { shape: [3], dtype: 'i1', data: Int8Array.of(-128, 0, 127) },
    { shape: [1, 2], dtype: 'i2', data: Int16Array.of(-32768, 5) },
    { shape: [2, 1], dtype: 'i4', data: Int32Array.of(-(2 ** 31), 7) },
    { shape: [2], dtype: 'i8', data: BigInt64Array.of(-(2n ** 63n), 9n) },
    { shape: [3], dtype: 'u1', data: Uint8Array.of(0, 1, 255) },
    { shape: [1], dtype: 'u2', data: Uint16Array.of(65535) },
    { shape: [], dtype: 'u4', data: Uint32Array.of(2 ** 32 - 1) },
    { shape: [1], dtype: 'u8', data: BigUint64Array.of(2n ** 64n - 1n) },
    { shape: [2], dtype: 'bool', data: Uint8Array.of(1, 0) },
    { shape: [0, 4], dtype: 'f4', data: new Float32Array(0) },
  ];
  for (const array of arrays) {
    it(`keeps ${array.dtype} of shape [${array.shape.join(', ')}] through a file`, () => {
      const bytes = writeNpy(array, 'test');
      expect(readNpy(bytes, 'test')).to.deep.equal(array);
      expect((bytes.length - array.data.byteLength) % 64).to.equal(0);
    });
  }

  it('reads versions 2 and 3 and big-endian numbers as numpy writes them', () => {
    expect(readNpy(versionTwo, 'v2').data).to.deep.equal(Uint32Array.of(1, 2, 3, 4));
    expect(readNpy(versionTwo, 'v2').shape).to.deep.equal([2, 2]);
    expect(readNpy(versionThree, 'v3').data).to.deep.equal(Float32Array.of(0.5));
  });

  it('does not share memory with the file', () => {
    const bytes = writeNpy({ shape: [1], dtype: 'u1', data: Uint8Array.of(5) }, 'test');
    const { data } = readNpy(bytes, 'test');
    bytes.fill(0);
    expect([...data]).to.deep.equal([5]);
  });

  it('accepts keys in any order, double spaces and Python 2 integers', () => {
    const header = "{'shape': (2L,),  'fortran_order': False, 'descr': '|u1'}\n";
    expect([...readNpy(withHeader(header, [3, 4]), 'test').data]).to.deep.equal([3, 4]);
  });

  for (const descr of ['|S3', '<U4', '<c8', '|O', '|V8', '<f16', 'f4']) {
    it(`refuses the dtype ${descr} by name`, () => {
      const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (), }`;
      expectError(() => readNpy(withHeader(header), 'a.npy'), 'E_UNSUPPORTED', 'a.npy', descr);
    });
  }

  it('refuses a structured dtype', () => {
    const header = "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }";
    expectError(() => readNpy(withHeader(header), 'a.npy'), 'E_UNSUPPORTED', 'structured');
  });

  const badHeaders = {
    'no dictionary': 'hello',
    'a missing key': "{'descr': '<f4', 'shape': (1,), }",
    'a repeated key': "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
    'an unknown key': "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
    'a number for a tuple': "{'descr': '|u1', 'fortran_order': False, 'shape': (1), }",
    'a negative size': "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,), }",
    'no comma': "{'descr': '|u1' 'fortran_order': False, 'shape': (1,), }",
    'an overflowing shape':
      "{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
    'too many dimensions': `{'descr': '|u1', 'fortran_order': False, 'shape': (${'1, '.repeat(65)}), }`,
    'too little data': "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
  };
  for (const [fault, header] of Object.entries(badHeaders)) {
    it(`refuses a header with ${fault}`, () => {
      expectError(() => readNpy(withHeader(header, [0]), 'a.npy'), 'E_FORMAT', 'a.npy');
    });
  }

  it('refuses every truncation of a file', () => {
    const bytes = writeNpy({ shape: [3], dtype: 'u2', data: Uint16Array.of(1, 2, 3) }, 'test');
    for (let length = 0; length < bytes.length; length += 1) {
      expectError(() => readNpy(bytes.subarray(0, length), 'cut.npy'), 'E_FORMAT', 'cut.npy');
    }
  });

  it('refuses to write data that do not fit shape or dtype', () => {
    const data = Float32Array.of(1, 2);
    expectError(() => writeNpy({ shape: [3], dtype: 'f4', data }, 'x'), 'E_SHAPE', '3 elements');
    expectError(() => writeNpy({ shape: [2], dtype: 'f8', data }, 'x'), 'E_SHAPE', 'f8');
  });
});
