import { mismatch, show } from '../../errors.js';
import { TensorProto_DataType as DataType } from './gen/onnx_pb.js';
import type { TensorProto } from './gen/onnx_pb.js';
import { readDims, refuseExternalData } from './tensors.js';

/** A list of int64 numbers, which is how ONNX gives shapes and axes. */
export function decodeIntegers(tensor: TensorProto, what: string): readonly number[] {
  refuseExternalData(tensor, what);
  const int64: number = DataType.INT64;
  if (tensor.dataType !== int64) {
    const received = DataType[tensor.dataType] ?? `type ${tensor.dataType}`;
    throw mismatch('E_UNSUPPORTED', what, 'an INT64 tensor', received);
  }
  const shape = readDims(tensor.dims, what);
  const numbers = readNumbers(tensor, what);
  const [count = 1] = shape;
  if (shape.length > 1 || numbers.length !== count) {
    throw mismatch('E_FORMAT', what, `a list of numbers for shape ${show(shape)}`, numbers.length);
  }
  return numbers.map(Number);
}

function readNumbers({ rawData, int64Data }: TensorProto, what: string): bigint[] {
  if (rawData.length === 0) return int64Data;
  if (rawData.length % 8 !== 0) {
    throw mismatch('E_FORMAT', what, 'a multiple of 8 bytes of raw_data', rawData.length);
  }
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  return Array.from({ length: rawData.length / 8 }, (_, index) =>
    view.getBigInt64(index * 8, true),
  );
}
