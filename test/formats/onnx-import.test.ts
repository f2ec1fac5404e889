import { expect } from 'chai';
import type { Graph, GraphNode } from '../../ts/graph.js';
import { TensorProto_DataType } from '../../ts/formats/onnx/gen/onnx_pb.js';
import { importOnnxBytes, parseOnnx } from '../../ts/formats/onnx/index.js';
import { referenceForward as forward } from './helpers/forward.js';
import { tensor } from './helpers/graphs.js';
import {
  buildModel,
  floatAttribute,
  initialiser,
  intAttribute,
  node,
  value,
} from './helpers/model.js';
import type { ModelParts } from './helpers/model.js';

const inOut = initialiser('w', tensor([3, 2], 1));
const outIn = initialiser('w', tensor([2, 3], 1));
const bias = initialiser('b', tensor([2], 2));

async function imported(parts: ModelParts) {
  const result = await importOnnxBytes(buildModel(parts), { forward });
  expect(result.check.reason).to.equal(undefined);
  expect(result.check.status).to.equal('verified');
  return result;
}

/** Imports, compares with onnxruntime, and returns the kinds of the nodes. */
async function kinds(parts: ModelParts): Promise<string> {
  const { graph } = await imported(parts);
  return graph.nodes.map(({ kind }) => kind).join(' ');
}

function dense(graph: Graph, index = 0): Extract<GraphNode, { kind: 'dense' }> {
  const found = graph.nodes.filter((candidate) => candidate.kind === 'dense')[index];
  if (found === undefined) throw new Error(`the graph has no dense node ${index}`);
  return found;
}

describe('ONNX import', () => {
  it('takes Gemm with every use of alpha, beta and transB', async () => {
    const scaled = [floatAttribute('alpha', 0.5), floatAttribute('beta', -2)];
    for (const attributes of [[], scaled]) {
      const rows = [...attributes, intAttribute('transB', 1), intAttribute('transA', 0)];
      const plain = {
        nodes: [node('Gemm', ['x', 'w', 'b'], 'y', attributes)],
        initialisers: [inOut, bias],
      };
      const transposed = {
        nodes: [node('Gemm', ['x', 'w', 'b'], 'y', rows)],
        initialisers: [outIn, bias],
      };
      expect(await kinds(plain)).to.equal('input dense');
      expect(await kinds(transposed)).to.equal('input dense');
    }
  });

  it('takes Gemm with C of every shape that is one bias for all rows, or none', async () => {
    for (const shape of [[], [1], [2], [1, 2], [1, 1]]) {
      const initialisers = [inOut, initialiser('b', tensor(shape, 3))];
      const { graph } = await imported({
        nodes: [node('Gemm', ['x', 'w', 'b'], 'y')],
        initialisers,
      });
      expect(dense(graph).bias?.shape).to.deep.equal([2]);
    }
    for (const input of [
      ['x', 'w'],
      ['x', 'w', ''],
    ]) {
      const { graph } = await imported({
        nodes: [node('Gemm', input, 'y')],
        initialisers: [inOut],
      });
      expect(dense(graph)).to.not.have.property('bias');
    }
  });

  it('takes MatMul alone and with an Add in either order', async () => {
    const product = node('MatMul', ['x', 'w'], 'p', [], 'product');
    for (const operands of [
      ['p', 'b'],
      ['b', 'p'],
    ]) {
      const nodes = [product, node('Add', operands, 'y', [], 'sum')];
      const { graph } = await imported({ nodes, initialisers: [inOut, bias] });
      expect(dense(graph).name).to.equal('product');
      expect(dense(graph).bias?.data).to.deep.equal(tensor([2], 2).data);
    }
    expect(
      await kinds({ nodes: [node('MatMul', ['x', 'w'], 'y')], initialisers: [inOut] }),
    ).to.equal('input dense');
  });

  it('takes Flatten of an image with symbolic batch', async () => {
    const nodes = [
      node('Flatten', ['x'], 'f', [intAttribute('axis', -3)]),
      node('Gemm', ['f', 'w'], 'g'),
      node('Relu', ['g'], 'y'),
    ];
    const initialisers = [initialiser('w', tensor([12, 5]))];
    const inputs = [value('x', ['batch', 2, 6 / 2, 2])];
    const parts = { nodes, initialisers, inputs };
    const { graph, inputName, outputNames } = await imported({
      ...parts,
      nodes: [node('Flatten', ['x'], 'f'), ...nodes.slice(1)],
    });
    expect(graph.nodes.map(({ kind }) => kind)).to.deep.equal([
      'input',
      'flatten',
      'dense',
      'relu',
    ]);
    expect(graph.nodes[0]).to.deep.include({ shape: [2, 3, 2] });
    expect([inputName, ...outputNames]).to.deep.equal(['x', 'y']);
    expect(await kinds(parts)).to.equal('input flatten dense relu');
  });

  it('takes a Reshape that flattens, its shape from an initialiser or a Constant', async () => {
    const inputs = [value('x', ['n', 3, 2])];
    const shape = (...sizes: number[]) => ({
      name: 's',
      dims: [BigInt(sizes.length)],
      dataType: TensorProto_DataType.INT64,
      int64Data: sizes.map(BigInt),
    });
    const nodes = [node('Reshape', ['x', 's'], 'y')];
    for (const sizes of [
      [-1, 6],
      [0, -1],
      [0, 6],
    ]) {
      expect(await kinds({ nodes, initialisers: [shape(...sizes)], inputs })).to.equal(
        'input flatten',
      );
    }
    const raw = {
      ...shape(0, 0),
      int64Data: [],
      rawData: new Uint8Array(BigInt64Array.of(-1n, 6n).buffer),
    };
    expect(await kinds({ nodes, initialisers: [raw], inputs })).to.equal('input flatten');
    const ints = { name: 'value_ints', type: 7, ints: [-1n, 6n] };
    const constant = { opType: 'Constant', output: ['s'], attribute: [ints] };
    expect(await kinds({ nodes: [constant, ...nodes], inputs })).to.equal('input flatten');
  });

  it('sees through Identity of weights and of values, shared weights included', async () => {
    const nodes = [
      node('Identity', ['w'], 'w2'),
      node('Gemm', ['x', 'w'], 'g'),
      node('Identity', ['g'], 'i'),
      node('Gemm', ['i', 'w2'], 'h'),
      node('Identity', ['h'], 'y'),
    ];
    const { graph } = await imported({ nodes, initialisers: [initialiser('w', tensor([3, 3]))] });
    expect(graph.nodes.map(({ kind }) => kind)).to.deep.equal(['input', 'dense', 'dense']);
    expect(dense(graph, 0).weight.data).to.deep.equal(dense(graph, 1).weight.data);
  });

  it('takes Constant nodes of tensor, floats and float', async () => {
    const constant = (output: string, attribute: object) => ({
      opType: 'Constant',
      output: [output],
      attribute: [attribute],
    });
    const floats = { name: 'value_floats', type: 6, floats: [0.5, -0.5] };
    const nodes = [
      constant('w', { name: 'value', type: 4, t: inOut }),
      constant('b', floats),
      constant('s', floatAttribute('value_float', 2)),
      constant('v', { name: 'value', type: 4, t: initialiser('', tensor([2, 2])) }),
      node('Gemm', ['x', 'w', 'b'], 'g'),
      node('Gemm', ['g', 'v', 's'], 'y'),
    ];
    const { graph } = await imported({ nodes });
    expect(dense(graph, 0).bias?.data).to.deep.equal(Float32Array.of(0.5, -0.5));
    expect(dense(graph, 1).bias?.data).to.deep.equal(Float32Array.of(2, 2));
  });

  it('reads raw_data at an odd offset', async () => {
    const { shape, data } = tensor([3, 2]);
    for (const name of ['w', 'ww', 'www', 'wwww']) {
      const raw = {
        name,
        dims: shape.map(BigInt),
        dataType: TensorProto_DataType.FLOAT,
        rawData: new Uint8Array(data.slice().buffer),
      };
      const { graph } = await imported({
        nodes: [node('MatMul', ['x', name], 'y')],
        initialisers: [raw],
      });
      expect(dense(graph).weight.data[1]).to.equal(data[2]);
    }
  });

  it('reads double and float16, noting only what had to be rounded', () => {
    const read = (init: object) => {
      const initialisers = [{ name: 'w', dims: [3n, 1n], ...init }];
      const { graph, notes } = parseOnnx(
        buildModel({ nodes: [node('MatMul', ['x', 'w'], 'y')], initialisers }),
        'm',
      );
      return { data: [...dense(graph).weight.data], notes };
    };
    const doubles = new Uint8Array(Float64Array.of(0.5, -1, 2).buffer);
    const halves = [0x3800, 0xbc00, 0x4000];
    const exact = { data: [0.5, -1, 2], notes: [] };
    expect(read({ dataType: 11, rawData: doubles })).to.deep.equal(exact);
    expect(read({ dataType: 10, int32Data: halves })).to.deep.equal(exact);
    expect(
      read({ dataType: 10, rawData: new Uint8Array(Uint16Array.from(halves).buffer) }),
    ).to.deep.equal(exact);
    const rounded = read({ dataType: 11, doubleData: [0.1, 0, 0] });
    expect(rounded.data[0]).to.equal(Math.fround(0.1));
    expect(rounded.notes).to.deep.equal(["initialiser 'w' was rounded to float32"]);
  });

  it('accepts initialisers that are listed as inputs too', async () => {
    const inputs = [value('w', [3, 2]), value('x', ['n', 3])];
    expect(
      await kinds({ nodes: [node('MatMul', ['x', 'w'], 'y')], initialisers: [inOut], inputs }),
    ).to.equal('input dense');
  });

  it('accepts a fixed batch size, nodes out of order and nodes no output needs', async () => {
    const nodes = [
      node('Relu', ['g'], 'y'),
      node('Tanh', ['x'], 'unused'),
      node('Gemm', ['x', 'w'], 'g', [], 'layer'),
    ];
    const inputs = [value('x', [5, 3])];
    const parsed = parseOnnx(buildModel({ nodes, initialisers: [inOut], inputs }), 'm');
    expect(parsed.graph.nodes.map(({ kind }) => kind)).to.deep.equal(['input', 'dense', 'relu']);
    expect(parsed.batch).to.equal(5);
    expect(parsed.notes).to.have.length(2);
    expect(parsed.notes[0]).to.include('Tanh');
    const { check } = await imported({ nodes, initialisers: [inOut], inputs });
    expect(check.rows).to.equal(60);
  });

  it('keeps useful ONNX names and makes up the others', () => {
    const nodes = [
      node('Gemm', ['x', 'w'], 'a', [], '/net/0'),
      node('LeakyRelu', ['a'], 'b', [], 'twice'),
      node('LeakyRelu', ['b'], 'c', [], 'twice'),
      node('LeakyRelu', ['c'], 'd', [], 'x'),
      node('LeakyRelu', ['d'], 'y', [], 'bad\nname'),
    ];
    const { graph } = parseOnnx(buildModel({ nodes, initialisers: [inOut] }), 'm');
    expect(graph.nodes.map(({ name }) => name)).to.deep.equal([
      'input0',
      '/net/0',
      'relu0',
      'relu1',
      'x',
      'relu2',
    ]);
  });

  it('takes two outputs of one trunk', async () => {
    const nodes = [node('Gemm', ['x', 'w'], 'y'), node('Relu', ['y'], 'z')];
    const { graph, check } = await imported({
      nodes,
      initialisers: [inOut],
      outputs: [value('z'), value('y', ['n', 2])],
    });
    expect(graph.outputs).to.deep.equal(['relu0', 'dense0']);
    expect(check.perOutput.map(({ name }) => name)).to.deep.equal(['z', 'y']);
  });
});
