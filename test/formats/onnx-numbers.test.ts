import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { GraphNode } from '../../ts/graph.js';
import {
  TensorProto_DataLocation,
  TensorProto_DataType as DataType,
} from '../../ts/formats/onnx/gen/onnx_pb.js';
import { importOnnx, importOnnxBytes, parseOnnx } from '../../ts/formats/onnx/index.js';
import { expectError, expectRejection } from './helpers/expect-error.js';
import { referenceForward as forward } from './helpers/forward.js';
import { tensor } from './helpers/graphs.js';
import {
  buildModel,
  initialiser,
  intAttribute,
  integers,
  node,
  scalar,
  value,
} from './helpers/model.js';
import type { ModelParts } from './helpers/model.js';

type Weights = NonNullable<ModelParts['initialisers']>[number];

/** The weight of x·w as it is read. */
function weightOf(nodes: ModelParts['nodes'], initialisers: Weights[]): number[] {
  const product = node('MatMul', ['x', 'w'], 'y');
  const { graph } = parseOnnx(buildModel({ nodes: [...nodes, product], initialisers }), 'm');
  const layer = graph.nodes[1] as Extract<GraphNode, { kind: 'dense' }>;
  return [...layer.weight.data];
}

const column = { name: 'w', dims: [3n, 1n] };
const raw = (numbers: { readonly buffer: ArrayBufferLike }) => ({
  rawData: new Uint8Array(numbers.buffer as ArrayBuffer),
});

describe('numbers of ONNX initialisers', () => {
  it('may be bfloat16', () => {
    // The upper halves of the float32 of 1, −2.5 and 0.15625.
    const bits = [0x3f80, 0xc020, 0x3e20];
    const stored = { ...column, dataType: DataType.BFLOAT16 };
    const expected = [1, -2.5, 0.15625];
    expect(weightOf([], [{ ...stored, ...raw(Uint16Array.from(bits)) }])).to.deep.equal(expected);
    expect(weightOf([], [{ ...stored, int32Data: bits }])).to.deep.equal(expected);
  });

  it('may be int8 behind DequantizeLinear, with one scale or one for each column', () => {
    const quantised = { name: 'q', dims: [3n, 2n], dataType: DataType.INT8 };
    const numbers = raw(Int8Array.of(1, -1, 127, -128, 5, 0));
    const dequantise = (...inputs: string[]) => [
      node('DequantizeLinear', ['q', ...inputs], 'w', [intAttribute('axis', 1)]),
    ];
    const one = weightOf(dequantise('s'), [{ ...quantised, ...numbers }, scalar('s', 0.5)]);
    expect(one).to.deep.equal([0.5, 63.5, 2.5, -0.5, -64, 0]);
    const scales = initialiser('s', { shape: [2], data: Float32Array.of(1, 2) });
    const zero = { name: 'z', dims: [2n], dataType: DataType.INT8, int32Data: [1, -1] };
    const each = weightOf(dequantise('s', 'z'), [{ ...quantised, ...numbers }, scales, zero]);
    expect(each).to.deep.equal([0, 126, 4, 0, -254, 2]);
  });

  it('may be whole numbers that are cast', () => {
    const cast = [node('Cast', ['i'], 'w', [intAttribute('to', DataType.FLOAT)])];
    for (const [type, numbers] of [
      [DataType.INT8, Int8Array.of(1, -2, 3)],
      [DataType.UINT16, Uint16Array.of(1, 2, 3)],
      [DataType.INT32, Int32Array.of(1, -2, 3)],
      [DataType.INT64, BigInt64Array.of(1n, -2n, 3n)],
    ] as const) {
      const stored = { name: 'i', dims: [3n, 1n], dataType: type, ...raw(numbers) };
      expect(weightOf(cast, [stored])).to.deep.equal([...numbers].map(Number));
    }
  });

  it('may not have fewer than 8 bits', () => {
    const stored = { ...column, dataType: DataType.INT4, int32Data: [0] };
    expectError(() => weightOf([], [stored]), 'E_UNSUPPORTED', "'w'", 'INT4');
  });
});

describe('constants of ONNX models', () => {
  const folded: Record<string, [ModelParts['nodes'], Weights[], number[]]> = {
    'computed by arithmetic': [
      [
        node('Sub', ['a', 'two'], 'b'),
        node('Sqrt', ['four'], 'c'),
        node('Div', ['b', 'c'], 'd'),
        node('Mul', ['d', 'd'], 'w'),
      ],
      [
        initialiser('a', { shape: [3, 1], data: Float32Array.of(2, 4, 8) }),
        scalar('two', 2),
        scalar('four', 4),
      ],
      [0, 1, 9],
    ],
    'cut, turned and joined': [
      [
        node('Transpose', ['a'], 't'),
        node('Slice', ['t', 'zero', 'one', 'one'], 's'),
        node('Gather', ['t', 'rest'], 'g', [intAttribute('axis', 1)]),
        node('Concat', ['g', 's'], 'w', [intAttribute('axis', 1)]),
      ],
      [
        initialiser('a', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }),
        integers('zero', [0]),
        integers('one', [1]),
        integers('rest', [1]),
      ],
      // Stored as [out, in].
      [4, 5, 6, 1, 2, 3],
    ],
    'filled and spread': [
      [
        node('ConstantOfShape', ['shape'], 'ones', []),
        node('Add', ['ones', 'two'], 'a'),
        node('Expand', ['a', 'shape'], 'w'),
      ],
      [integers('shape', [3, 1]), scalar('two', 2)],
      [2, 2, 2],
    ],
    'chosen by a condition': [
      [
        node('Range', ['zero', 'three', 'one'], 'r'),
        node('Greater', ['r', 'one'], 'large'),
        node('Where', ['large', 'a', 'b'], 'v'),
        node('Reshape', ['v', 'shape'], 'w'),
      ],
      [
        integers('zero', 0),
        integers('three', 3),
        integers('one', 1),
        initialiser('a', { shape: [3], data: Float32Array.of(1, 2, 3) }),
        scalar('b', -1),
        integers('shape', [-1, 1]),
      ],
      [-1, -1, 3],
    ],
  };
  for (const [title, [nodes, initialisers, expected]] of Object.entries(folded)) {
    it(`are ${title}`, async () => {
      expect(weightOf(nodes, initialisers)).to.deep.equal(expected);
      const all = [...nodes, node('MatMul', ['x', 'w'], 'y')];
      const { check } = await importOnnxBytes(buildModel({ nodes: all, initialisers }), {
        forward,
      });
      expect(check.status, check.reason).to.equal('verified');
    });
  }

  it('may not be larger than a file could mean', () => {
    const nodes = [node('ConstantOfShape', ['shape'], 'w')];
    const initialisers = [integers('shape', [2 ** 40, 2 ** 20])];
    expectError(() => weightOf(nodes, initialisers), 'E_SHAPE', '#0 (ConstantOfShape)');
  });
});

describe('onnxruntime', () => {
  const doubles = {
    name: 'w',
    dims: [2n, 2n, 2n],
    dataType: DataType.DOUBLE,
    ...raw(Float64Array.from(tensor([2, 2, 2], 1).data)),
  };
  const halves = {
    ...column,
    dataType: DataType.FLOAT16,
    ...raw(Uint16Array.of(0x3c00, 0xb800, 0x4200)),
  };
  const brainHalves = {
    ...halves,
    dataType: DataType.BFLOAT16,
    ...raw(Uint16Array.of(0x3f80, 0xbf00, 0x4040)),
  };

  it('runs a convolution in double as a float32 copy', async () => {
    const model = buildModel({
      nodes: [node('Conv', ['x', 'w'], 'y')],
      initialisers: [doubles],
      inputs: [value('x', ['n', 2, 5], DataType.DOUBLE)],
      outputs: [value('y', ['n', 2, 4], DataType.DOUBLE)],
    });
    const { check } = await importOnnxBytes(model, { forward, checkLayers: true });
    expect(check).to.include({ status: 'verified', copy: 'a float32 copy' });
  });

  for (const [title, stored] of Object.entries({ float16: halves, bfloat16: brainHalves })) {
    it(`runs ${title} as a float32 copy`, async () => {
      const model = buildModel({
        nodes: [node('MatMul', ['x', 'w'], 'y')],
        initialisers: [stored],
        inputs: [value('x', ['n', 3], stored.dataType)],
        outputs: [value('y', ['n', 1], stored.dataType)],
      });
      const { check, graph } = await importOnnxBytes(model, { forward });
      expect(check).to.include({ status: 'verified', copy: 'a float32 copy' });
      expect(graph.nodes[1]).to.deep.include({
        weight: { shape: [1, 3], data: Float32Array.of(1, -0.5, 3) },
      });
    });
  }

  it('runs halves between casts as a float32 copy, where its own would be rounded', async () => {
    const nodes = [
      node('Cast', ['x'], 'h', [intAttribute('to', DataType.FLOAT16)]),
      node('MatMul', ['h', 'w'], 'p'),
      node('Cast', ['p'], 'y', [intAttribute('to', DataType.FLOAT)]),
    ];
    const model = buildModel({ nodes, initialisers: [halves] });
    const { check } = await importOnnxBytes(model, { forward });
    expect(check).to.include({ status: 'verified', copy: 'a float32 copy' });
  });

  it('gets whole numbers where the input has that type', async () => {
    for (const type of [DataType.UINT8, DataType.INT8, DataType.INT32, DataType.INT64]) {
      const nodes = [
        node('Cast', ['x'], 'f', [intAttribute('to', DataType.FLOAT)]),
        node('Div', ['f', 'c'], 'd'),
        node('MatMul', ['d', 'w'], 'y'),
      ];
      const initialisers = [scalar('c', 255), initialiser('w', tensor([3, 2], 1))];
      const model = buildModel({ nodes, initialisers, inputs: [value('x', ['n', 3], type)] });
      const { check } = await importOnnxBytes(model, { forward });
      expect(check.status, check.reason).to.equal('verified');
      expect(check.largestDeviation).to.be.lessThan(1e-5);
    }
  });

  it('leaves an opset that it does not know unverified, and the import goes on', async () => {
    const nodes = [node('Relu', ['x'], 'y')];
    const { check, graph } = await importOnnxBytes(buildModel({ nodes, opset: 28n }), { forward });
    expect(check.status).to.equal('unverified');
    expect(check.reason).to.match(/opset 28/i);
    expect(graph.nodes).to.have.length(2);
  });
});

describe('external data', () => {
  const { data } = tensor([3, 2], 1);
  let directory = '';
  let model = '';
  before(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'spiq-external-'));
    mkdirSync(path.join(directory, 'nets'));
    model = path.join(directory, 'nets', 'net.onnx');
    // Four bytes stand before the weights.
    const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(data.buffer)]);
    writeFileSync(path.join(directory, 'nets', 'net.onnx.data'), bytes);
    writeFileSync(path.join(directory, 'outside'), bytes);
    symlinkSync(path.join(directory, 'outside'), path.join(directory, 'nets', 'link'));
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });

  function write(...entries: [string, string][]): string {
    const external = {
      name: 'w',
      dims: [3n, 2n],
      dataType: DataType.FLOAT,
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: entries.map(([key, text]) => ({ key, value: text })),
    };
    const nodes = [node('MatMul', ['x', 'w'], 'p'), node('Relu', ['p'], 'y')];
    writeFileSync(model, buildModel({ nodes, initialisers: [external] }));
    return model;
  }

  it('beside the model is read at its offset, and onnxruntime agrees', async () => {
    const file = write(['location', 'net.onnx.data'], ['offset', '4'], ['length', '24']);
    const { check, graph } = await importOnnx(file, { forward });
    expect(check.status, check.reason).to.equal('verified');
    expect(check).to.not.have.property('copy');
    const layer = graph.nodes[1] as Extract<GraphNode, { kind: 'dense' }>;
    expect(layer.weight.data[1]).to.equal(data[2]);
    const layers = await importOnnx(file, { forward, output: 'p', checkLayers: true });
    expect(layers.check.perLayer).to.have.length(1);
  });

  it('elsewhere is refused', async () => {
    const escapes = ['../outside', '/outside', 'a/../../outside', 'C:\\w', 'link', ''];
    for (const location of escapes) {
      const importing = importOnnx(write(['location', location]), { forward });
      await expectRejection(importing, 'E_FILE', "'w'", 'beside the model');
    }
  });

  it('that is missing or too short is refused by name', async () => {
    const missing = importOnnx(write(['location', 'none.data']), { forward });
    await expectRejection(missing, 'E_FILE', "'w'", 'none.data', 'no such file');
    const cut = importOnnx(write(['location', 'net.onnx.data'], ['offset', '8']), { forward });
    await expectRejection(cut, 'E_FORMAT', "'w'", '32 bytes', '28');
    const short = write(['location', 'net.onnx.data'], ['length', '20']);
    await expectRejection(importOnnx(short, { forward }), 'E_FORMAT', '24 bytes', '20');
    const odd = write(['location', 'net.onnx.data'], ['offset', '-4']);
    await expectRejection(importOnnx(odd, { forward }), 'E_FORMAT', 'offset', '-4');
  });
});
