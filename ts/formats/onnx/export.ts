import { create, toBinary } from '@bufbuild/protobuf';
import { mismatch, show } from '../../errors.js';
import type { Graph, GraphNode, Tensor } from '../../graph.js';
import { describeGraph, keyTensors } from '../graph-description.js';
import { orderedSteps, shapesOf } from '../graph-structure.js';
import { encodeNode, isDilated } from './encode-node.js';
import { floatTwin } from './float-twin.js';
import { ModelProtoSchema } from './gen/onnx_pb.js';
import type { GraphProto, ModelProto } from './gen/onnx_pb.js';
import { metadataKey } from './metadata.js';
import { ModelWriter, valueInfo } from './model-writer.js';
import { isPortableName } from './node-names.js';

/** Opset 13 and IR 8 are of 2021: every runtime still in use reads them. */
const usual = { opset: 13n, irVersion: 8n };
/** Of 2023, the first whose average pools have dilations. */
const newer = { opset: 19n, irVersion: 9n };
const inputName = 'observation';
const outputName = 'q_values';

export interface ExportOptions {
  /** Further `metadata_props`, for example where the network came from. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The network's float twin as ONNX, with the description of the graph itself in its metadata. */
export function exportOnnx(graph: Graph, options: ExportOptions = {}): Uint8Array {
  return toBinary(ModelProtoSchema, exportModel(graph, options));
}

export function exportModel(graph: Graph, { metadata = {} }: ExportOptions = {}): ModelProto {
  const what = 'network to export';
  if (Object.hasOwn(metadata, metadataKey)) {
    throw mismatch('E_ARGUMENT', 'metadata', `keys other than '${metadataKey}'`, metadataKey);
  }
  checkNodes(graph, what);
  const twin = floatTwin(graph, what);
  const dilated = twin.nodes.some(
    (node) => node.kind === 'pool' && node.mode !== 'max' && isDilated(node),
  );
  const { opset, irVersion } = dilated ? newer : usual;
  const properties = { ...metadata, [metadataKey]: describeGraph(graph, what) };
  return create(ModelProtoSchema, {
    irVersion,
    opsetImport: [{ domain: '', version: opset }],
    producerName: 'spiq',
    graph: writeGraph(graph, twin, what),
    metadataProps: Object.entries(properties).map(([key, value]) => ({ key, value })),
  });
}

function checkNodes({ nodes, edges }: Graph, what: string): void {
  for (const { name } of nodes) {
    if (isPortableName(name)) continue;
    throw mismatch('E_GRAPH', what, 'node names of 1 to 256 printable characters', name);
  }
  const delayed = edges.find(([, , delay = 0]) => delay > 0);
  if (delayed === undefined) return;
  const expected = 'edges without delay, since ONNX knows no steps (save it as .npz instead)';
  throw mismatch('E_UNSUPPORTED', `ONNX export: node ${show(delayed[1])}`, expected, delayed[2]);
}

function writeGraph(graph: Graph, twin: Graph, what: string): GraphProto {
  const writer = new ModelWriter();
  const shapes = shapesOf(twin, what);
  const keyOf = keysOf(graph, what);
  const values = nameValues(twin);
  const describe = (name: string) => valueInfo(values.get(name)!, shapes.get(name)!);
  const steps = orderedSteps(twin, what);
  for (const { node, sources } of steps) {
    const from = sources.map((source) => values.get(source.node.name)!);
    const array = (role: string, tensor: Tensor, dims?: readonly number[]): string => {
      const key = keyOf(node, role);
      return key === undefined
        ? writer.constant({ ...tensor, shape: dims ?? tensor.shape })
        : writer.tensor(key, tensor, dims);
    };
    const shape = shapes.get(sources[0]?.node.name ?? node.name)!;
    const ports = node.kind === 'input' ? [inputName] : from;
    encodeNode(writer, node, { from: ports, to: values.get(node.name)!, shape, array });
  }
  writeRest(writer, graph, twin, what);
  const input = steps.filter(({ node }) => node.kind === 'input');
  return writer.build(
    input.map(({ node }) => valueInfo(inputName, shapes.get(node.name)!)),
    twin.outputs.map(describe),
  );
}

/** The names under which the description looks for the arrays of a node, if it is one of the graph. */
function keysOf(graph: Graph, what: string) {
  const kinds = new Map(graph.nodes.map(({ name, kind }) => [name, kind]));
  const keyed = keyTensors(graph, what);
  return ({ name, kind }: GraphNode, role: string): string | undefined =>
    kinds.get(name) === kind
      ? keyed.get(name)?.find((array) => array.role === role)?.key
      : undefined;
}

/** Arrays of neurons, of which the float network has no use; the description's reader finds them by name. */
function writeRest(writer: ModelWriter, graph: Graph, twin: Graph, what: string): void {
  const written = new Set(twin.nodes.map(({ name, kind }) => `${kind} ${name}`));
  const keyed = keyTensors(graph, what);
  for (const node of graph.nodes) {
    if (written.has(`${node.kind} ${node.name}`)) continue;
    for (const { key, tensor } of keyed.get(node.name) ?? []) writer.tensor(key, tensor);
  }
}

/** Names of values, apart from those of nodes so that no node name can clash with a weight's key. */
function nameValues(twin: Graph): Map<string, string> {
  const isOnly = twin.outputs.length === 1;
  return new Map(
    twin.nodes.map((node, index) => {
      const { name } = node;
      if (node.kind === 'input' && !isScaled(node)) return [name, inputName];
      const output = twin.outputs.indexOf(name);
      if (output < 0) return [name, `value_${index}`];
      return [name, isOnly ? outputName : `${outputName}_${output}`];
    }),
  );
}

function isScaled(node: GraphNode): boolean {
  return node.kind === 'input' && (node.factor ?? node.offset) !== undefined;
}
