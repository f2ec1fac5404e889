import { mismatch, show } from '../../errors.js';
import { widenBrainHalf, widenHalf } from '../half.js';
import { elementsOf } from '../sizes.js';
import { nameOfType } from './constant.js';
import type { ConstantTensor } from './constant.js';
import type { ExternalData } from './external-data.js';
import { TensorProto_DataLocation, TensorProto_DataType as DataType } from './gen/onnx_pb.js';
import type { TensorProto } from './gen/onnx_pb.js';

type Numbers = Float32Array | Float64Array;

interface StoredType {
  readonly itemBytes: number;
  /** `bytes` are aligned. */
  readonly fromRaw: (bytes: Uint8Array) => Numbers;
  /** The repeated field that holds the numbers when `raw_data` does not. */
  readonly fromField: (tensor: TensorProto) => Numbers;
}

type IntegerArray = new (
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
) => ArrayLike<number> & Iterable<number>;

function integers(itemBytes: number, View: IntegerArray): StoredType {
  return {
    itemBytes,
    fromRaw: (bytes) =>
      Float64Array.from(new View(bytes.buffer, bytes.byteOffset, bytes.length / itemBytes)),
    fromField: ({ int32Data }) => Float64Array.from(int32Data),
  };
}

function halves(widen: (bits: Uint16Array) => Float32Array): StoredType {
  return {
    itemBytes: 2,
    fromRaw: ({ buffer, byteOffset, length }) =>
      widen(new Uint16Array(buffer, byteOffset, length / 2)),
    fromField: ({ int32Data }) => widen(Uint16Array.from(int32Data)),
  };
}

const storedTypes: Readonly<Partial<Record<number, StoredType>>> = {
  [DataType.FLOAT]: {
    itemBytes: 4,
    fromRaw: ({ buffer, byteOffset, length }) => new Float32Array(buffer, byteOffset, length / 4),
    fromField: ({ floatData }) => Float32Array.from(floatData),
  },
  [DataType.DOUBLE]: {
    itemBytes: 8,
    fromRaw: ({ buffer, byteOffset, length }) => new Float64Array(buffer, byteOffset, length / 8),
    fromField: ({ doubleData }) => Float64Array.from(doubleData),
  },
  [DataType.FLOAT16]: halves(widenHalf),
  [DataType.BFLOAT16]: halves(widenBrainHalf),
  [DataType.INT8]: integers(1, Int8Array),
  [DataType.UINT8]: integers(1, Uint8Array),
  [DataType.BOOL]: integers(1, Uint8Array),
  [DataType.INT16]: integers(2, Int16Array),
  [DataType.UINT16]: integers(2, Uint16Array),
  [DataType.INT32]: integers(4, Int32Array),
  [DataType.UINT32]: {
    ...integers(4, Uint32Array),
    fromField: ({ uint64Data }) => Float64Array.from(uint64Data, Number),
  },
  [DataType.INT64]: {
    itemBytes: 8,
    fromRaw: ({ buffer, byteOffset, length }) =>
      Float64Array.from(new BigInt64Array(buffer, byteOffset, length / 8), Number),
    fromField: ({ int64Data }) => Float64Array.from(int64Data, Number),
  },
  [DataType.UINT64]: {
    itemBytes: 8,
    fromRaw: ({ buffer, byteOffset, length }) =>
      Float64Array.from(new BigUint64Array(buffer, byteOffset, length / 8), Number),
    fromField: ({ uint64Data }) => Float64Array.from(uint64Data, Number),
  },
};

export function bytesOfType(type: number): number | undefined {
  return storedTypes[type]?.itemBytes;
}

/** The numbers of a tensor in the file or beside it. */
export function decodeTensor(
  tensor: TensorProto,
  external: ExternalData,
  what: string,
): ConstantTensor {
  const shape = readDims(tensor.dims, what);
  const stored = storedTypes[tensor.dataType];
  if (stored === undefined) {
    const expected = 'numbers of 8 bits or more (float, double, float16, bfloat16, int8 …)';
    throw mismatch('E_UNSUPPORTED', what, expected, nameOfType(tensor.dataType));
  }
  const count = elementsOf(shape);
  const data = readNumbers(tensor, stored, count, external, what);
  if (data.length !== count) {
    throw mismatch('E_FORMAT', what, `${count} numbers for shape ${show(shape)}`, data.length);
  }
  return { type: tensor.dataType, shape, data };
}

export function readDims(dims: readonly bigint[], what: string): number[] {
  const shape = dims.map(Number);
  if (shape.some((size) => size < 0) || !Number.isSafeInteger(elementsOf(shape))) {
    throw mismatch('E_FORMAT', `${what}: dims`, 'sizes of at least 0', dims);
  }
  return shape;
}

export function isExternal({ dataLocation, externalData }: TensorProto): boolean {
  return dataLocation === TensorProto_DataLocation.EXTERNAL || externalData.length > 0;
}

function readNumbers(
  tensor: TensorProto,
  stored: StoredType,
  count: number,
  external: ExternalData,
  what: string,
): Numbers {
  if (isExternal(tensor)) {
    return stored.fromRaw(aligned(external.read(tensor, count * stored.itemBytes, what), stored));
  }
  const { rawData } = tensor;
  if (rawData.length === 0) return stored.fromField(tensor);
  if (rawData.length % stored.itemBytes !== 0) {
    const expected = `a multiple of ${stored.itemBytes} bytes of raw_data`;
    throw mismatch('E_FORMAT', what, expected, rawData.length);
  }
  return stored.fromRaw(aligned(rawData, stored));
}

/** raw_data is a view into the file at any offset, even an odd one; typed arrays need it aligned. */
function aligned(bytes: Uint8Array, { itemBytes }: StoredType): Uint8Array {
  return bytes.byteOffset % itemBytes === 0 ? bytes : Uint8Array.from(bytes);
}
