import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect } from 'chai';
import type { Graph, InputNode } from '../../ts/graph.js';
import { ModelProtoSchema } from '../../ts/formats/onnx/gen/onnx_pb.js';
import { exportOnnx, importOnnxBytes, parseOnnx } from '../../ts/formats/onnx/index.js';
import { sampleRows } from '../../ts/formats/onnx/samples.js';
import { elementsOf } from '../../ts/formats/sizes.js';
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
      // Ternary units stand for values of both signs.
      'LeakyRelu',
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

  it('refuses edges with a delay, which ONNX has no steps for', () => {
    expectError(() => exportOnnx(everyFloatKind()), 'E_UNSUPPORTED', "'sum'", 'without delay', '2');
  });
});

describe('ONNX export of every kind', () => {
  for (const [title, graph] of Object.entries({ ...floatGraphs(), ...spikingGraphs() })) {
    it(`gives back ${title} exactly; onnxruntime agrees with its float twin`, async () => {
      const bytes = exportOnnx(graph);
      const imported = await importOnnxBytes(bytes, { forward, rows: 4, checkLayers: true });
      expect(imported.graph).to.deep.equal(graph);
      expect(imported.check.status, imported.check.reason).to.equal('verified');
      expect(imported.check.perLayer?.every(({ within }) => within)).to.equal(true);
      expect(exportOnnx(imported.graph)).to.deep.equal(bytes);
    });
  }

  for (const [title, graph] of Object.entries(floatGraphs())) {
    it(`writes ${title} so that the model alone computes it`, async () => {
      const model = fromBinary(ModelProtoSchema, exportOnnx(graph));
      model.metadataProps = [];
      const imported = await importOnnxBytes(toBinary(ModelProtoSchema, model), { forward });
      const { shape } = graph.nodes[0] as InputNode;
      const rows = sampleRows(4, elementsOf(shape), 5);
      const expected = forward(graph, rows, 4);
      forward(imported.graph, rows, 4).forEach((value, index) => {
        const truth = expected[index]!;
        expect(value).to.be.closeTo(truth, 1e-4 + 1e-4 * Math.abs(truth));
      });
    });
  }

  it('refuses a model whose thresholds are gone', () => {
    const model = fromBinary(ModelProtoSchema, exportOnnx(everySpikingKind()));
    const graph = model.graph!;
    graph.initializer = graph.initializer.filter(({ name }) => name !== 'thresholds0');
    const bytes = toBinary(ModelProtoSchema, model);
    expectError(() => parseOnnx(bytes, 'm'), 'E_FORMAT', "thresholds of node 'spikes'");
  });

  it('refuses a model whose settings were changed', () => {
    const graph = floatGraphs()['windows and branches']!;
    const changed = redescribed(graph, (text) => text.replace('"groups":2', '"groups":1'));
    expectError(() => parseOnnx(changed, 'm'), 'E_SHAPE', 'conv');
    const other = redescribed(graph, (text) =>
      text.replace('"countPadding":true', '"countPadding":false'),
    );
    expectError(() => parseOnnx(other, 'm'), 'E_FORMAT', 'changed after');
  });
});

function floatGraphs(): Record<string, Graph> {
  const windows = everyFloatKind();
  const image = { kind: 'input', name: 'image', shape: [2, 4, 6] } as const;
  const scaled = { ...image, factor: tensor([2], 1), offset: tensor([2], 2) };
  return {
    'windows and branches': {
      ...windows,
      edges: windows.edges.filter(([, , delay]) => delay === undefined),
    },
    'an input with factors': chain(
      { ...image, factor: tensor([2], 1) },
      { kind: 'relu', name: 'active', slope: 1 / 3, cap: 0.7 },
    ),
    'scales and ReLUs of channels': chain(
      scaled,
      { kind: 'relu', name: 'slanted', slopes: tensor([2], 3), cap: 2 },
      { kind: 'scale', name: 'larger', factor: tensor([2], 4), offset: tensor([2], 5) },
      { kind: 'relu', name: 'capped', cap: 1.5 },
      { kind: 'scale', name: 'smaller', factor: tensor([2], 6) },
    ),
    rearrangements: chain(
      scaled,
      { kind: 'transpose', name: 'turned', axes: [2, 0, 1] },
      { kind: 'relu', name: 'active' },
      { kind: 'select', name: 'some', axis: 1, indices: [1, 0, 1] },
      { kind: 'pad', name: 'around', padding: [1, 0, 2, 0, 1, 0] },
      { kind: 'pool', name: 'sums', mode: 'sum', kernel: [2, 2], stride: [1, 2] },
      {
        kind: 'pool',
        name: 'mean',
        mode: 'average',
        kernel: [2, 2],
        dilation: [1, 2],
        stride: [1, 1],
      },
      { kind: 'upsample', name: 'wider', scale: [2, 1] },
      { kind: 'pool', name: 'whole', mode: 'max' },
      { kind: 'reshape', name: 'row', shape: [1, 7] },
    ),
    'one dimension': chain(
      { kind: 'input', name: 'signal', shape: [2, 9] },
      { kind: 'conv', name: 'conv', weight: tensor([3, 2, 3], 1), padding: [1, 0] },
      { kind: 'pool', name: 'maximum', mode: 'max', kernel: [2], dilation: [2], stride: [1] },
      { kind: 'upsample', name: 'longer', scale: [3] },
      { kind: 'pool', name: 'all', mode: 'average' },
      { kind: 'flatten', name: 'flat' },
    ),
    'weights that two layers share': sharing(),
  };
}

/** Two layers with the very same array. */
function sharing(): Graph {
  const weight = tensor([3, 3], 1);
  return chain(
    { kind: 'input', name: 'x', shape: [3] },
    { kind: 'dense', name: 'one', weight },
    { kind: 'relu', name: 'active' },
    { kind: 'dense', name: 'two', weight },
  );
}

function spikingGraphs(): Record<string, Graph> {
  const negatives = { shape: [3], data: Float32Array.of(2, 4, 0.5) };
  return {
    'neurons with every field': everySpikingKind(),
    'signed neurons with a slope for each channel': chain(
      { kind: 'input', name: 'x', shape: [4] },
      { kind: 'dense', name: 'first', weight: tensor([3, 4], 1) },
      { kind: 'neuron', name: 'signed', ternary: true, negatives, initials: tensor([3], 2) },
      { kind: 'dense', name: 'second', weight: tensor([2, 3], 3) },
      { kind: 'accumulator', name: 'out', initials: tensor([2], 4) },
    ),
  };
}
