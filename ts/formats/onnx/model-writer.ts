import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Tensor } from '../../graph.js';
import {
  AttributeProto_AttributeType as AttributeType,
  GraphProtoSchema,
  TensorProto_DataType as DataType,
} from './gen/onnx_pb.js';
import type {
  AttributeProtoSchema,
  GraphProto,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from './gen/onnx_pb.js';

type AttributeInit = MessageInitShape<typeof AttributeProtoSchema>;
type NodeInit = MessageInitShape<typeof NodeProtoSchema>;
type TensorInit = MessageInitShape<typeof TensorProtoSchema>;
type ValueInit = MessageInitShape<typeof ValueInfoProtoSchema>;

/** Whole numbers, lists of them, text, and numbers marked as `{ float }`. */
export type AttributeValue = number | readonly number[] | string | { readonly float: number };

export interface Operator {
  readonly opType: string;
  readonly input: readonly string[];
  /** Left out, a value that only this export knows of. */
  readonly output?: string;
  readonly name?: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

/** Collects the nodes and arrays of an ONNX graph. */
export class ModelWriter {
  readonly #nodes: NodeInit[] = [];
  readonly #tensors: TensorInit[] = [];

  /** Writes a node and returns the name of its result. */
  operator({ opType, input, output, name = '', attributes = {} }: Operator): string {
    const result = output ?? `step_${this.#nodes.length}`;
    const attribute = Object.entries(attributes).map(([key, value]) => encodeAttribute(key, value));
    this.#nodes.push({ opType, input: [...input], output: [result], name, attribute });
    return result;
  }

  /** An array under its key; `shape` may add dimensions of size 1 behind its own. */
  tensor(name: string, { shape, data }: Tensor, dims: readonly number[] = shape): string {
    const rawData = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
    this.#tensors.push({ name, dims: dims.map(BigInt), dataType: DataType.FLOAT, rawData });
    return name;
  }

  /** Numbers that are no array of the graph. */
  constant(tensor: Tensor): string {
    return this.tensor(`constant_${this.#tensors.length}`, tensor);
  }

  integers(numbers: readonly number[]): string {
    const name = `constant_${this.#tensors.length}`;
    const rawData = new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer);
    this.#tensors.push({
      name,
      dims: [BigInt(numbers.length)],
      dataType: DataType.INT64,
      rawData,
    });
    return name;
  }

  build(input: ValueInit[], output: ValueInit[]): GraphProto {
    return create(GraphProtoSchema, {
      name: 'spiq',
      node: this.#nodes,
      initializer: this.#tensors,
      input,
      output,
    });
  }
}

function encodeAttribute(name: string, value: AttributeValue): AttributeInit {
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: BigInt(value) };
  if (typeof value === 'string') {
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  // Rounded here, so that a model is the same before and after it is written.
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: Math.fround(value.float) };
  return { name, type: AttributeType.INTS, ints: value.map(BigInt) };
}

export function valueInfo(name: string, shape: readonly number[]): ValueInit {
  const sizes = shape.map((size) => ({
    value: { case: 'dimValue' as const, value: BigInt(size) },
  }));
  const batch = { value: { case: 'dimParam' as const, value: 'batch' } };
  const tensor = { elemType: DataType.FLOAT, shape: { dim: [batch, ...sizes] } };
  return { name, type: { value: { case: 'tensorType', value: tensor } } };
}
