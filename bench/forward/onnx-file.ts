import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  TensorProto_DataType as DataType,
} from '../../ts/formats/onnx/gen/onnx_pb.js';
import type {
  AttributeProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from '../../ts/formats/onnx/gen/onnx_pb.js';
import type { Tensor } from '../../ts/graph.js';
import type { WeightedLayer } from '../simulate/network.js';

type NodeInit = MessageInitShape<typeof NodeProtoSchema>;
type AttributeInit = MessageInitShape<typeof AttributeProtoSchema>;

export const inputName = 'observation';
export const outputName = 'result';

/** The float network as onnxruntime reads it, written without spiq's own export. */
export function onnxFile(input: readonly number[], layers: readonly WeightedLayer[]): Uint8Array {
  const nodes: NodeInit[] = [];
  const initializer: MessageInitShape<typeof TensorProtoSchema>[] = [];
  let value = inputName;
  const add = (node: NodeInit, result: string): void => {
    nodes.push({ ...node, output: [result] });
    value = result;
  };
  layers.forEach((layer, index) => {
    const last = index + 1 === layers.length;
    for (const [key, tensor] of [
      [`w${index}`, layer.weight],
      [`b${index}`, layer.bias],
    ] as const) {
      if (tensor) initializer.push(encodeTensor(key, tensor));
    }
    add(operator(layer, index, value), last ? outputName : `sum${index}`);
    if (!last && layer.weight) add({ opType: 'Relu', input: [value] }, `hidden${index}`);
  });
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: 13n }],
    graph: {
      name: 'bench',
      node: nodes,
      initializer,
      input: [valueInfo(inputName, input)],
      output: [valueInfo(outputName, layers.at(-1)!.shape)],
    },
  });
  return toBinary(ModelProtoSchema, model);
}

function operator({ spec }: WeightedLayer, index: number, from: string): NodeInit {
  const input = [from, `w${index}`, `b${index}`];
  switch (spec.kind) {
    case 'flatten':
      return { opType: 'Flatten', input: [from], attribute: [integer('axis', 1)] };
    case 'dense':
      return { opType: 'Gemm', input, attribute: [integer('transB', 1)] };
    case 'conv':
      return {
        opType: 'Conv',
        input,
        attribute: [integers('kernel_shape', spec.kernel), integers('strides', spec.stride)],
      };
  }
}

const integer = (name: string, value: number): AttributeInit => ({
  name,
  type: AttributeType.INT,
  i: BigInt(value),
});

/** The same number in both spatial dimensions. */
const integers = (name: string, value: number): AttributeInit => ({
  name,
  type: AttributeType.INTS,
  ints: [BigInt(value), BigInt(value)],
});

function encodeTensor(name: string, { shape, data }: Tensor) {
  const rawData = new Uint8Array(data.slice().buffer);
  return { name, dims: shape.map(BigInt), dataType: DataType.FLOAT, rawData };
}

function valueInfo(
  name: string,
  shape: readonly number[],
): MessageInitShape<typeof ValueInfoProtoSchema> {
  const batch = { value: { case: 'dimParam' as const, value: 'batch' } };
  const sizes = shape.map((size) => ({
    value: { case: 'dimValue' as const, value: BigInt(size) },
  }));
  const tensor = { elemType: DataType.FLOAT, shape: { dim: [batch, ...sizes] } };
  return { name, type: { value: { case: 'tensorType', value: tensor } } };
}
