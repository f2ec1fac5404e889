import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { mismatch, phrase, show } from '../../errors.js';
import type { Graph, GraphNode, Tensor } from '../../graph.js';
import { describeGraph, keyTensors } from '../graph-description.js';
import type { KeyedTensor } from '../graph-description.js';
import { orderedSteps, shapesOf } from '../graph-structure.js';
import { floatTwin } from './float-twin.js';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  TensorProto_DataType,
} from './gen/onnx_pb.js';
import type { NodeProtoSchema, TensorProtoSchema, ValueInfoProtoSchema } from './gen/onnx_pb.js';
import { isPortableName } from './node-names.js';
import { metadataKey } from './restore.js';

type NodeInit = MessageInitShape<typeof NodeProtoSchema>;
type TensorInit = MessageInitShape<typeof TensorProtoSchema>;
type ValueInit = MessageInitShape<typeof ValueInfoProtoSchema>;

/** Opset 13 and IR 8 are of 2021: every runtime still in use reads them. */
const irVersion = 8n;
const opset = 13n;
const inputName = 'observation';
const outputName = 'q_values';

export interface ExportOptions {
  /** Further `metadata_props`, for example where the network came from. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The network's float twin as ONNX, with the description of the graph itself in its metadata. */
export function exportOnnx(graph: Graph, options: ExportOptions = {}): Uint8Array {
  const what = 'network to export';
  const metadata = options.metadata ?? {};
  if (Object.hasOwn(metadata, metadataKey)) {
    throw mismatch('E_ARGUMENT', 'metadata', `keys other than '${metadataKey}'`, metadataKey);
  }
  for (const { name } of graph.nodes) {
    if (isPortableName(name)) continue;
    throw mismatch('E_GRAPH', what, 'node names of 1 to 256 printable characters', name);
  }
  refuseThresholds(graph);
  const twin = floatTwin(graph, what);
  const shapes = shapesOf(twin, what);
  const keyed = keyTensors(twin, what);
  const values = nameValues(twin);
  const steps = orderedSteps(twin, what).filter(({ sources }) => sources.length > 0);
  const describe = (name: string) => valueInfo(values.get(name) ?? '', shapes.get(name) ?? []);
  const properties = { ...metadata, [metadataKey]: describeGraph(graph, what) };
  const model = create(ModelProtoSchema, {
    irVersion,
    opsetImport: [{ domain: '', version: opset }],
    producerName: 'spiq',
    graph: {
      name: 'spiq',
      node: steps.map(({ node, sources: [source] }) => {
        const from = values.get(source?.node.name ?? '') ?? '';
        return encodeNode(node, from, values.get(node.name) ?? '', keyed.get(node.name) ?? []);
      }),
      initializer: [...keyed.values()].flat().map(({ key, tensor }) => encodeTensor(key, tensor)),
      input: twin.nodes.filter(({ kind }) => kind === 'input').map(({ name }) => describe(name)),
      output: twin.outputs.map(describe),
    },
    metadataProps: Object.entries(properties).map(([key, value]) => ({ key, value })),
  });
  return toBinary(ModelProtoSchema, model);
}

/** Names of values, apart from those of nodes so that no node name can clash with a weight's key. */
function nameValues(twin: Graph): Map<string, string> {
  const isOnly = twin.outputs.length === 1;
  return new Map(
    twin.nodes.map(({ kind, name }, index) => {
      if (kind === 'input') return [name, inputName];
      const output = twin.outputs.indexOf(name);
      if (output < 0) return [name, `value_${index}`];
      return [name, isOnly ? outputName : `${outputName}_${output}`];
    }),
  );
}

function encodeNode(
  node: GraphNode,
  from: string,
  to: string,
  tensors: readonly KeyedTensor[],
): NodeInit {
  const ports = { name: node.name, output: [to] };
  switch (node.kind) {
    case 'dense': {
      const attribute = [{ name: 'transB', type: AttributeType.INT, i: 1n }];
      return {
        ...ports,
        opType: 'Gemm',
        input: [from, ...tensors.map(({ key }) => key)],
        attribute,
      };
    }
    case 'relu':
      return { ...ports, opType: 'Relu', input: [from] };
    case 'flatten': {
      const attribute = [{ name: 'axis', type: AttributeType.INT, i: 1n }];
      return { ...ports, opType: 'Flatten', input: [from], attribute };
    }
    case 'input':
    case 'neuron':
    case 'accumulator':
      throw mismatch(
        'E_INTERNAL',
        `float twin: node ${show(node.name)}`,
        'a float layer',
        node.kind,
      );
    case 'conv':
    case 'conv_transpose':
    case 'pool':
    case 'batch_norm':
    case 'scale':
    case 'reshape':
    case 'transpose':
    case 'select':
    case 'pad':
    case 'concat':
    case 'upsample':
    case 'add': {
      const expected = 'dense, relu and flatten nodes only (save it as .npz instead)';
      throw mismatch('E_UNSUPPORTED', `ONNX export: node ${show(node.name)}`, expected, node.kind);
    }
  }
}

/** ONNX has no place for them: the twin has none, and the description holds no numbers. */
function refuseThresholds(graph: Graph): void {
  for (const node of graph.nodes) {
    if (node.kind !== 'neuron' || node.thresholds === undefined) continue;
    throw mismatch(
      'E_UNSUPPORTED',
      `ONNX export: node ${show(node.name)}`,
      'one threshold (save it as .npz instead)',
      phrase('thresholds of channels'),
    );
  }
}

function encodeTensor(name: string, { shape, data }: Tensor): TensorInit {
  return {
    name,
    dims: shape.map(BigInt),
    dataType: TensorProto_DataType.FLOAT,
    rawData: new Uint8Array(data.slice().buffer),
  };
}

function valueInfo(name: string, shape: readonly number[]): ValueInit {
  const sizes = shape.map((size) => ({
    value: { case: 'dimValue' as const, value: BigInt(size) },
  }));
  const batch = { value: { case: 'dimParam' as const, value: 'batch' } };
  const tensor = { elemType: TensorProto_DataType.FLOAT, shape: { dim: [batch, ...sizes] } };
  return { name, type: { value: { case: 'tensorType', value: tensor } } };
}
