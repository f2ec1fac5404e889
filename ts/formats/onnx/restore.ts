import { mismatch, show } from '../../errors.js';
import type { Graph, GraphNode, Tensor } from '../../graph.js';
import { graphFromDescription } from '../graph-description.js';
import { orderedSteps, shapesOf } from '../graph-structure.js';
import { isWeighted, tensorsOf } from '../node-tensors.js';
import { parseDescription } from '../parse-description.js';
import { floatTwin } from './float-twin.js';
import type { ModelProto } from './gen/onnx_pb.js';

/** The `metadata_props` key under which an exported model carries its graph's description. */
export const metadataKey = 'spiq';

/**
 * The graph an exported model was written from: its neurons, accumulators, epsilon and conversion come from
 * the description, every weight from the ONNX graph. Undefined for models that spiq did not write.
 */
export function restoreGraph(model: ModelProto, imported: Graph, what: string): Graph | undefined {
  const property = model.metadataProps.find(({ key }) => key === metadataKey);
  if (property === undefined) return undefined;
  const label = `${what}: metadata '${metadataKey}'`;
  const description = parseDescription(property.value, label);
  const byName = new Map(imported.nodes.map((node) => [node.name, new Map(tensorsOf(node))]));
  const restored = graphFromDescription(
    description,
    (_reference, role, { name }): Tensor => {
      const tensor = byName.get(name)?.get(role);
      if (tensor === undefined)
        throw disagreement(label, `a ${role} of node ${show(name)}`, 'none');
      return tensor;
    },
    label,
  );
  shapesOf(restored, label);
  expectSameNetwork(floatTwin(restored, label), imported, label);
  return restored;
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
    return `${nameOf(node)}${from}${graph.outputs.includes(node.name) ? ' as output' : ''}`;
  });
  return lines.sort();
}

/** Importing may rename the input, which no node of an ONNX file stands for. */
function nameOf(node: GraphNode): string {
  if (node.kind === 'input') return `input ${show(node.shape)}`;
  const biased = isWeighted(node) && node.bias !== undefined ? ' with bias' : '';
  return `${node.kind} ${show(node.name)}${biased}`;
}

function disagreement(label: string, expected: string, received: string) {
  const hint =
    'the file was changed after spiq wrote it; delete this property to import it as it is';
  return mismatch('E_FORMAT', `${label} (${hint})`, expected, received);
}
