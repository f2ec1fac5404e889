import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect } from 'chai';
import type { Graph, GraphNode } from '../../ts/graph.js';
import { ModelProtoSchema } from '../../ts/formats/onnx/gen/onnx_pb.js';
import { exportOnnx, importOnnxBytes, parseOnnx } from '../../ts/formats/onnx/index.js';
import { everyFloatKind, everySpikingKind } from './helpers/every-kind.js';
import { expectError } from './helpers/expect-error.js';
import { referenceForward as forward } from './helpers/forward.js';
import { chain, floatGraph, spikingGraph, tensor } from './helpers/graphs.js';

/** The exported model with its description edited as text. */
function redescribed(graph: Graph, edit: (text: string) => string): Uint8Array {
  const model = fromBinary(ModelProtoSchema, exportOnnx(graph));
  for (const property of model.metadataProps) property.value = edit(property.value);
  return toBinary(ModelProtoSchema, model);
}

describe('ONNX export', () => {
  it('writes opset 13, IR 8, observation, q_values and a symbolic batch', () => {
    const model = fromBinary(
      ModelProtoSchema,
      exportOnnx(spikingGraph(), { metadata: { origin: 'test' } }),
    );
    expect(model.irVersion).to.equal(8n);
    expect(model.opsetImport.map(({ version }) => version)).to.deep.equal([13n]);
    expect(model.graph?.node.map(({ opType }) => opType)).to.deep.equal([
      'Flatten',
      'Gemm',
      'Relu',
      'Gemm',
    ]);
    const ports = [...(model.graph?.input ?? []), ...(model.graph?.output ?? [])];
    expect(ports.map(({ name }) => name)).to.deep.equal(['observation', 'q_values']);
    for (const { type } of ports) {
      const shape = type?.value.case === 'tensorType' ? type.value.value.shape : undefined;
      expect(shape?.dim[0]?.value).to.deep.include({ case: 'dimParam', value: 'batch' });
    }
    expect(model.metadataProps.map(({ key }) => key)).to.deep.equal(['origin', 'spiq']);
  });

  for (const [title, graph] of [
    ['float', floatGraph()],
    ['spiking', spikingGraph()],
  ] as const) {
    it(`gives back a ${title} graph exactly; onnxruntime agrees with its float twin`, async () => {
      const bytes = exportOnnx(graph);
      const imported = await importOnnxBytes(bytes, { forward });
      expect(imported.graph).to.deep.equal(graph);
      expect(imported.check.status, imported.check.reason).to.equal('verified');
      expect(imported.floatGraph.nodes.some(({ kind }) => kind === 'neuron')).to.equal(false);
      expect(exportOnnx(imported.graph)).to.deep.equal(bytes);
    });
  }

  it('gives back two outputs in their order', async () => {
    const graph = floatGraph();
    const head = { kind: 'dense', name: 'head', weight: tensor([4, 5], 9) } as const;
    const edges = [...graph.edges, ['active', 'head']] as const;
    const forked: Graph = { nodes: [...graph.nodes, head], edges, outputs: ['head', 'second'] };
    const imported = await importOnnxBytes(exportOnnx(forked), { forward });
    expect(imported.graph).to.deep.equal(forked);
    expect(imported.outputNames).to.deep.equal(['q_values_0', 'q_values_1']);
  });

  it('takes weights from the ONNX graph, so that training elsewhere keeps the neurons', () => {
    const model = fromBinary(ModelProtoSchema, exportOnnx(spikingGraph()));
    const weight = model.graph?.initializer[0];
    weight?.rawData.fill(0);
    const { graph } = parseOnnx(toBinary(ModelProtoSchema, model), 'm');
    expect(graph.nodes[2]).to.deep.include({
      weight: { shape: [3, 4], data: new Float32Array(12) },
    });
    expect(graph.nodes[3]).to.deep.equal(spikingGraph().nodes[3]);
  });

  it('refuses a description of another network', () => {
    const renamed = redescribed(floatGraph(), (text) => text.replaceAll('"active"', '"other"'));
    expectError(
      () => parseOnnx(renamed, 'm'),
      'E_FORMAT',
      'changed after',
      'after other',
      'after active',
    );
    const biased = redescribed(floatGraph(), (text) =>
      text.replace('"name":"second"', '"name":"second","bias":{"key":"b1","shape":[2]}'),
    );
    expectError(() => parseOnnx(biased, 'm'), 'E_FORMAT', "a bias of node 'second'");
    const shaped = redescribed(floatGraph(), (text) => text.replace('[2,5]', '[5,2]'));
    expectError(() => parseOnnx(shaped, 'm'), 'E_SHAPE', 'w1');
  });

  it('refuses a description by a newer spiq', () => {
    const newer = redescribed(floatGraph(), (text) => text.replace('"version":1', '"version":2'));
    expectError(() => parseOnnx(newer, 'm'), 'E_VERSION', '2');
  });

  it('imports a model without its description as a float network', () => {
    const model = fromBinary(ModelProtoSchema, exportOnnx(spikingGraph()));
    model.metadataProps = [];
    const { graph } = parseOnnx(toBinary(ModelProtoSchema, model), 'm');
    expect(graph.nodes.map(({ kind }) => kind)).to.deep.equal([
      'input',
      'flatten',
      'dense',
      'relu',
      'dense',
    ]);
    expect(graph).to.not.have.property('epsilon');
  });

  it('refuses what ONNX cannot carry', () => {
    const input = { kind: 'input', name: 'x', shape: [2] } as const;
    const idle = chain(input, { kind: 'accumulator', name: 'sum' });
    expectError(() => exportOnnx(idle), 'E_UNSUPPORTED', 'outputs');
    expectError(
      () => exportOnnx(chain(input, { kind: 'relu', name: 'a\nb' })),
      'E_GRAPH',
      'printable',
    );
    expectError(() => exportOnnx(floatGraph(), { metadata: { spiq: '' } }), 'E_ARGUMENT', 'spiq');
  });

  it('refuses what it cannot write, by name', () => {
    const { nodes } = everyFloatKind();
    for (const node of nodes) {
      if (['input', 'dense', 'relu', 'flatten'].includes(node.kind)) continue;
      const graph = isolated(node);
      expectError(() => exportOnnx(graph), 'E_UNSUPPORTED', `node '${node.name}'`, node.kind);
    }
    expectError(() => exportOnnx(everySpikingKind()), 'E_UNSUPPORTED', "'spikes'", 'thresholds');
  });
});

/** The node alone behind an input that suits it. */
function isolated(node: GraphNode): Graph {
  const shapes: Partial<Record<string, readonly number[]>> = { conv: [2, 6, 6], row: [3, 1, 1] };
  const shape = shapes[node.name] ?? [4, 6, 6];
  return chain({ kind: 'input', name: 'x', shape }, node);
}
