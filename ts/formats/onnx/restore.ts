import { mismatch, show } from '../../errors.js';
import type { Graph, GraphNode, Tensor } from '../../graph.js';
import { graphFromDescription } from '../graph-description.js';
import { orderedSteps, shapesOf } from '../graph-structure.js';
import { tensorsOf } from '../node-tensors.js';
import { parseDescription } from '../parse-description.js';
import { sameShape } from '../sizes.js';
import { Constant } from './constant.js';
import { exportModel } from './export.js';
import { noExternalData } from './external-data.js';
import type { ExternalData } from './external-data.js';
import type { ModelProto } from './gen/onnx_pb.js';
import { metadataKey } from './metadata.js';
import { decodeTensor } from './tensors.js';
import { translateGraph } from './translate.js';

/**
 * The graph an exported model was written from: its neurons, accumulators, epsilon and conversion come from
 * the description, every number from the model's arrays. Undefined for models that spiq did not write.
 */
export function restoreGraph(
  model: ModelProto,
  imported: Graph,
  external: ExternalData,
  what: string,
): Graph | undefined {
  const property = model.metadataProps.find(({ key }) => key === metadataKey);
  if (property === undefined) return undefined;
  const label = `${what}: metadata '${metadataKey}'`;
  const description = parseDescription(property.value, label);
  const arrays = new Map(model.graph!.initializer.map((tensor) => [tensor.name, tensor]));
  const restored = graphFromDescription(
    description,
    ({ key, shape }, role, { name }): Tensor => {
      const proto = arrays.get(key);
      if (proto === undefined) {
        throw disagreement(label, `a ${role} of node ${show(name)}`, 'none');
      }
      const arrayLabel = `${what}: initialiser ${show(key)}`;
      const tensor = new Constant(() => decodeTensor(proto, external, arrayLabel)).floats(
        arrayLabel,
      );
      // One value for each channel has further dimensions of size 1 in ONNX.
      const own = tensor.shape.slice(0, shape.length);
      const isSame =
        sameShape(own, shape) && tensor.shape.slice(shape.length).every((s) => s === 1);
      return isSame ? { shape, data: tensor.data } : tensor;
    },
    label,
  );
  shapesOf(restored, label);
  expectSameNetwork(reimported(restored, label), imported, label);
  return restored;
}

/** What importing gives of a model that is written from a graph now. */
function reimported(graph: Graph, label: string): Graph {
  const { graph: proto, opsetImport } = exportModel(graph);
  const outputs = proto!.output.map(({ name }) => name);
  const opset = Number(opsetImport[0]!.version);
  return translateGraph(proto!, label, { opset, external: noExternalData, outputs }).graph;
}

/** Guards against a model whose ONNX graph was edited after spiq had described it. */
function expectSameNetwork(described: Graph, imported: Graph, label: string): void {
  const expected = summary(described, label);
  const received = summary(imported, label);
  // Order counts: results are laid out by it.
  if (described.outputs.join('\n') !== imported.outputs.join('\n')) {
    throw disagreement(label, `outputs ${show(described.outputs)}`, show(imported.outputs));
  }
  const differing = expected.find((line, index) => line !== received[index]);
  if (expected.length === received.length && differing === undefined) return;
  const extra = received.find((line, index) => line !== expected[index]);
  throw disagreement(label, differing ?? 'no more nodes', extra ?? 'no such node');
}

function summary(graph: Graph, label: string): string[] {
  const lines = orderedSteps(graph, label).map(({ node, sources }) => {
    const named = sources.filter((source) => source.node.kind !== 'input');
    const from = named.map((source) => ` after ${source.node.name}`).join('');
    const end = graph.outputs.includes(node.name) ? ' as output' : '';
    return `${nameOf(node)}${from}${end}${settingsOf(node)}`;
  });
  return lines.sort();
}

/** Importing may rename the input, which no node of an ONNX file stands for. */
function nameOf(node: GraphNode): string {
  return node.kind === 'input' ? 'input' : `${node.kind} ${show(node.name)}`;
}

function skipArrays(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? undefined : value;
}

/** Everything about a node but its name and the numbers of its arrays, which may be trained further. */
function settingsOf(node: GraphNode): string {
  const arrays = tensorsOf(node).map(([role, { shape }]) => [role, shape]);
  const fields: object = { ...node, name: undefined, kind: undefined };
  return ` with ${JSON.stringify(fields, skipArrays)}${JSON.stringify(arrays)}`;
}

function disagreement(label: string, expected: string, received: string) {
  const hint =
    'the file was changed after spiq wrote it; delete this property to import it as it is';
  return mismatch('E_FORMAT', `${label} (${hint})`, expected, received);
}
