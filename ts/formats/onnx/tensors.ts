import { SpiqError, mismatch, show } from '../../errors.js';
import type { Tensor } from '../../graph.js';
import { widenHalf } from '../half.js';
import { TensorProto_DataLocation, TensorProto_DataType } from './gen/onnx_pb.js';
import type { TensorProto } from './gen/onnx_pb.js';

export interface DecodedTensor extends Tensor {
  /** False when a double had to be rounded to float32. */
  readonly exact: boolean;
}

interface StoredType {
  readonly itemBytes: number;
  readonly fromRaw: (buffer: ArrayBuffer) => Float32Array | Float64Array;
  /** The repeated field that holds the numbers when `raw_data` does not. */
  readonly fromField: (tensor: TensorProto) => Float32Array | Float64Array;
}

const storedTypes: Readonly<Partial<Record<number, StoredType>>> = {
  [TensorProto_DataType.FLOAT]: {
    itemBytes: 4,
    fromRaw: (buffer) => new Float32Array(buffer),
    fromField: ({ floatData }) => Float32Array.from(floatData),
  },
  [TensorProto_DataType.DOUBLE]: {
    itemBytes: 8,
    fromRaw: (buffer) => new Float64Array(buffer),
    fromField: ({ doubleData }) => Float64Array.from(doubleData),
  },
  [TensorProto_DataType.FLOAT16]: {
    itemBytes: 2,
    fromRaw: (buffer) => widenHalf(new Uint16Array(buffer)),
    fromField: ({ int32Data }) => widenHalf(Uint16Array.from(int32Data)),
  },
};

export function decodeTensor(tensor: TensorProto, what: string): DecodedTensor {
  refuseExternalData(tensor, what);
  const shape = readDims(tensor.dims, what);
  const stored = storedTypes[tensor.dataType];
  if (stored === undefined) {
    const received = TensorProto_DataType[tensor.dataType] ?? `type ${tensor.dataType}`;
    throw mismatch('E_UNSUPPORTED', what, 'a FLOAT, DOUBLE or FLOAT16 tensor', received);
  }
  const values = readValues(tensor, stored, what);
  const count = shape.reduce((product, size) => product * size, 1);
  if (values.length !== count) {
    throw mismatch('E_FORMAT', what, `${count} numbers for shape ${show(shape)}`, values.length);
  }
  if (values instanceof Float32Array) return { shape, data: values, exact: true };
  const data = Float32Array.from(values);
  return { shape, data, exact: values.every((value, index) => Object.is(value, data[index])) };
}

export function refuseExternalData(tensor: TensorProto, what: string): void {
  const external = tensor.dataLocation === TensorProto_DataLocation.EXTERNAL;
  if (!external && tensor.externalData.length === 0) return;
  const location = tensor.externalData.find(({ key }) => key === 'location')?.value ?? 'not named';
  throw new SpiqError(
    'E_UNSUPPORTED',
    `${what}: expected the numbers inside the ONNX file, received external data in ${show(location)}; ` +
      'save the model as one file (in Python: onnx.save(onnx.load(path), path))',
  );
}

export function readDims(dims: readonly bigint[], what: string): number[] {
  const shape = dims.map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  if (shape.some((size) => size < 0) || !Number.isSafeInteger(count)) {
    throw mismatch('E_FORMAT', `${what}: dims`, 'sizes of at least 0', dims);
  }
  return shape;
}

function readValues(tensor: TensorProto, stored: StoredType, what: string) {
  const { rawData } = tensor;
  if (rawData.length === 0) return stored.fromField(tensor);
  if (rawData.length % stored.itemBytes !== 0) {
    const expected = `a multiple of ${stored.itemBytes} bytes of raw_data`;
    throw mismatch('E_FORMAT', what, expected, rawData.length);
  }
  // raw_data is a view into the file at any offset, even an odd one; typed arrays need it aligned.
  const aligned = new Uint8Array(rawData.length);
  aligned.set(rawData);
  return stored.fromRaw(aligned.buffer);
}
