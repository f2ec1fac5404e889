import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Tensor } from '../../../ts/graph.js';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  TensorProto_DataType,
} from '../../../ts/formats/onnx/gen/onnx_pb.js';
import type {
  AttributeProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from '../../../ts/formats/onnx/gen/onnx_pb.js';

type NodeInit = MessageInitShape<typeof NodeProtoSchema>;
type TensorInit = MessageInitShape<typeof TensorProtoSchema>;
type ValueInit = MessageInitShape<typeof ValueInfoProtoSchema>;
type AttributeInit = MessageInitShape<typeof AttributeProtoSchema>;

export interface ModelParts {
  readonly nodes: NodeInit[];
  readonly initialisers?: TensorInit[];
  readonly inputs?: ValueInit[];
  readonly outputs?: ValueInit[];
  readonly opset?: bigint;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A model that reads `x` [batch, 3] and gives `y` [batch, ?], unless told otherwise. */
export function buildModel(parts: ModelParts): Uint8Array {
  const { nodes, initialisers = [], metadata = {} } = parts;
  const { inputs = [value('x', ['n', 3])], outputs = [value('y')], opset = 13n } = parts;
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: opset }],
    graph: { name: 'g', node: nodes, initializer: initialisers, input: inputs, output: outputs },
    metadataProps: Object.entries(metadata).map(([key, text]) => ({ key, value: text })),
  });
  return toBinary(ModelProtoSchema, model);
}

export function node(
  opType: string,
  input: string[],
  output: string,
  attributes: AttributeInit[] = [],
  name = '',
): NodeInit {
  return { opType, input, output: [output], attribute: attributes, name };
}

export function intAttribute(name: string, number: number): AttributeInit {
  return { name, type: AttributeType.INT, i: BigInt(number) };
}

export function floatAttribute(name: string, number: number): AttributeInit {
  return { name, type: AttributeType.FLOAT, f: number };
}

export function intsAttribute(name: string, ...numbers: number[]): AttributeInit {
  return { name, type: AttributeType.INTS, ints: numbers.map(BigInt) };
}

export function floatsAttribute(name: string, ...numbers: number[]): AttributeInit {
  return { name, type: AttributeType.FLOATS, floats: numbers };
}

export function textAttribute(name: string, text: string): AttributeInit {
  return { name, type: AttributeType.STRING, s: new TextEncoder().encode(text) };
}

/** A list of int64, or one number without dimensions. */
export function integers(name: string, numbers: number | readonly number[]): TensorInit {
  const list = typeof numbers === 'number' ? [numbers] : numbers;
  const dims = typeof numbers === 'number' ? [] : [BigInt(list.length)];
  return { name, dims, dataType: TensorProto_DataType.INT64, int64Data: list.map(BigInt) };
}

/** One number without dimensions. */
export function scalar(name: string, number: number): TensorInit {
  return initialiser(name, { shape: [], data: Float32Array.of(number) });
}

/** An initialiser in `float_data`. */
export function initialiser(name: string, { shape, data }: Tensor): TensorInit {
  return {
    name,
    dims: shape.map(BigInt),
    dataType: TensorProto_DataType.FLOAT,
    floatData: [...data],
  };
}

/** Strings are symbolic sizes; no sizes at all leaves the shape out. */
export function value(
  name: string,
  sizes?: readonly (number | string)[],
  elemType: number = TensorProto_DataType.FLOAT,
): ValueInit {
  const dim = sizes?.map((size) =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } },
  );
  const tensor = { elemType, ...(dim && { shape: { dim } }) };
  return { name, type: { value: { case: 'tensorType', value: tensor } } };
}
