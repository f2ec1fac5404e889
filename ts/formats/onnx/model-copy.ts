import { clone, create, toBinary } from '@bufbuild/protobuf';
import { constantOf } from './constant.js';
import type { ExternalData } from './external-data.js';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  TensorProto_DataType as DataType,
  ValueInfoProtoSchema,
} from './gen/onnx_pb.js';
import type {
  GraphProto,
  ModelProto,
  NodeProto,
  TensorProto,
  ValueInfoProto,
} from './gen/onnx_pb.js';
import { orderNodes } from './order.js';
import { tensorType } from './ports.js';
import { decodeTensor, isExternal, readDims } from './tensors.js';
import { bytesOfType } from './tensors.js';
import { elementsOf } from '../sizes.js';

export interface CopyRequest {
  readonly model: ModelProto;
  readonly external: ExternalData;
  /** ONNX names of the only input and of all outputs that the copy has. */
  readonly input: string;
  readonly outputs: readonly string[];
  /** Everything in double, float16 or bfloat16 becomes float32. */
  readonly inFloat32: boolean;
}

/** A model of its own for onnxruntime, with all numbers inside, cut down to what some values need. */
export function copyModel({ model, external, ...request }: CopyRequest, what: string): Uint8Array {
  const graph = model.graph!;
  const { needed } = orderNodes(graph, request.outputs, what);
  const read = new Set([...needed.flatMap(({ node }) => node.input), ...request.outputs]);
  const tensor = (given: TensorProto): TensorProto => {
    const inside = withNumbers(given, external, what);
    return request.inFloat32 ? inFloat32(inside, external, what) : inside;
  };
  const node = (given: NodeProto): NodeProto => copyNode(given, tensor, request.inFloat32);
  const value = (given: ValueInfoProto): ValueInfoProto =>
    request.inFloat32 ? typedFloat32(given) : given;
  const copy: GraphProto = create(GraphProtoSchema, {
    name: graph.name,
    node: needed.map((entry) => node(entry.node)),
    initializer: graph.initializer.filter(({ name }) => read.has(name)).map(tensor),
    input: graph.input.filter(({ name }) => name === request.input).map(value),
    // Without types, which onnxruntime finds by itself.
    output: request.outputs.map((name) => create(ValueInfoProtoSchema, { name })),
  });
  const { irVersion, opsetImport } = model;
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { irVersion, opsetImport, graph: copy }),
  );
}

function withNumbers(tensor: TensorProto, external: ExternalData, what: string): TensorProto {
  if (!isExternal(tensor)) return tensor;
  const itemBytes = bytesOfType(tensor.dataType) ?? 0;
  const bytes = elementsOf(readDims(tensor.dims, what)) * itemBytes;
  const { name, dims, dataType } = tensor;
  const rawData = external.read(tensor, bytes, what);
  return create(TensorProtoSchema, { name, dims, dataType, rawData });
}

/** Types of numbers with a point that are not float32. */
const otherFloats: ReadonlySet<number> = new Set([
  DataType.DOUBLE,
  DataType.FLOAT16,
  DataType.BFLOAT16,
]);

export function isOtherFloat(type: number): boolean {
  return otherFloats.has(type);
}

function inFloat32(tensor: TensorProto, external: ExternalData, what: string): TensorProto {
  if (!isOtherFloat(tensor.dataType)) return tensor;
  const { shape, data } = decodeTensor(tensor, external, what);
  const { buffer, byteOffset, byteLength } = constantOf(DataType.FLOAT, shape, data).data;
  const rawData = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  const { name, dims } = tensor;
  return create(TensorProtoSchema, { name, dims, dataType: DataType.FLOAT, rawData });
}

function copyNode(
  node: NodeProto,
  tensor: (given: TensorProto) => TensorProto,
  inFloat: boolean,
): NodeProto {
  const concerned = node.attribute.some(({ t, name }) => t !== undefined || name === 'to');
  if (!concerned) return node;
  const copy = clone(NodeProtoSchema, node);
  for (const attribute of copy.attribute) {
    if (attribute.t !== undefined) attribute.t = tensor(attribute.t);
    const isType = node.opType === 'Cast' && attribute.name === 'to';
    if (inFloat && isType && isOtherFloat(Number(attribute.i)))
      attribute.i = BigInt(DataType.FLOAT);
  }
  return copy;
}

function typedFloat32(value: ValueInfoProto): ValueInfoProto {
  const copy = clone(ValueInfoProtoSchema, value);
  const type = tensorType(copy);
  if (type !== undefined && isOtherFloat(type.elemType)) type.elemType = DataType.FLOAT;
  return copy;
}

/** The types of all numbers in a model: of its arrays, inputs and casts. */
export function typesOf({ graph }: ModelProto): ReadonlySet<number> {
  return new Set([
    ...graph!.initializer.map(({ dataType }) => dataType),
    ...graph!.input.map((value) => tensorType(value)?.elemType ?? 0),
    ...graph!.node.flatMap(({ attribute }) =>
      attribute.map(({ name, t, i }) => t?.dataType ?? (name === 'to' ? Number(i) : 0)),
    ),
  ]);
}
