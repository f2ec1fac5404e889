import type { ErrorCode } from '../../ts/errors.js';
import {
  TensorProto_DataLocation,
  TensorProto_DataType,
} from '../../ts/formats/onnx/gen/onnx_pb.js';
import { parseOnnx } from '../../ts/formats/onnx/index.js';
import { expectError } from './helpers/expect-error.js';
import { tensor } from './helpers/graphs.js';
import { buildModel, initialiser, intAttribute, node, value } from './helpers/model.js';
import type { ModelParts } from './helpers/model.js';

const weights = initialiser('w', tensor([3, 2]));
const row = initialiser('b', tensor([2]));
const initialisers = [weights, row];
const gemm = node('Gemm', ['x', 'w', 'b'], 'y', [], 'layer');
const integer = TensorProto_DataType.INT64;
const external = {
  name: 'w',
  dims: [3n, 2n],
  dataType: TensorProto_DataType.FLOAT,
  dataLocation: TensorProto_DataLocation.EXTERNAL,
  externalData: [{ key: 'location', value: 'net.onnx.data' }],
};

function reshapeTo(int64Data: bigint[], attributes: Parameters<typeof node>[3] = []): ModelParts {
  const shape = { name: 's', dims: [BigInt(int64Data.length)], dataType: integer, int64Data };
  return { nodes: [node('Reshape', ['x', 's'], 'y', attributes)], initialisers: [shape] };
}

const refusals: Record<string, [ModelParts, ErrorCode, ...string[]]> = {
  'an unknown operator': [
    { nodes: [node('Tanh', ['x'], 'y', [], 'squash')] },
    'E_UNSUPPORTED',
    "'squash'",
    '(Tanh)',
    'train the network with ReLU',
  ],
  'an operator named like an object member': [
    { nodes: [node('constructor', ['x'], 'y')] },
    'E_UNSUPPORTED',
    '#0 (constructor)',
  ],
  'Dropout in training mode': [
    {
      nodes: [node('Dropout', ['x', '', 'mode'], 'y')],
      initialisers: [
        { name: 'mode', dims: [], dataType: TensorProto_DataType.BOOL, int32Data: [1] },
      ],
    },
    'E_UNSUPPORTED',
    'inference mode',
  ],
  'a foreign domain': [
    { nodes: [{ ...gemm, domain: 'com.microsoft' }], initialisers },
    'E_UNSUPPORTED',
    'com.microsoft',
  ],
  transA: [
    { nodes: [node('Gemm', ['x', 'w'], 'y', [intAttribute('transA', 1)])], initialisers },
    'E_UNSUPPORTED',
    'transA',
  ],
  'an attribute it does not know': [
    { nodes: [node('Relu', ['x'], 'y', [intAttribute('extra', 1)])] },
    'E_UNSUPPORTED',
    "'extra'",
  ],
  'Flatten of another axis': [
    { nodes: [node('Flatten', ['x'], 'y', [intAttribute('axis', 2)])] },
    'E_UNSUPPORTED',
    'axis 2',
  ],
  'a Reshape to a fixed batch': [reshapeTo([1n, 3n]), 'E_UNSUPPORTED', '[1, 3]', '[batch, …]'],
  'a Reshape whose leftover is the batch and more': [
    reshapeTo([-1n, 1n]),
    'E_UNSUPPORTED',
    '[-1, 1]',
  ],
  'a Reshape to no rows': [
    reshapeTo([0n, 3n], [intAttribute('allowzero', 1)]),
    'E_UNSUPPORTED',
    '[0, 3]',
  ],
  'a weight that is computed': [
    { nodes: [node('MatMul', ['x', 'x'], 'y')] },
    'E_UNSUPPORTED',
    'two computed values',
  ],
  'external data': [
    { nodes: [gemm], initialisers: [external, row] },
    'E_UNSUPPORTED',
    "'net.onnx.data'",
  ],
  'integer weights': [
    {
      nodes: [gemm],
      initialisers: [{ name: 'w', dims: [1n, 1n], dataType: integer, int64Data: [1n] }, row],
    },
    'E_UNSUPPORTED',
    'INT64',
  ],
  'an input that is no number': [
    { nodes: [gemm], initialisers, inputs: [value('x', ['n', 3], TensorProto_DataType.STRING)] },
    'E_UNSUPPORTED',
    'STRING',
  ],
  'an input without batch dimension': [
    { nodes: [gemm], initialisers, inputs: [value('x', [3])] },
    'E_UNSUPPORTED',
    '[batch, …]',
  ],
  'an input without shape': [
    { nodes: [gemm], initialisers, inputs: [value('x')] },
    'E_UNSUPPORTED',
    "'x'",
  ],
  'a second symbolic size': [
    { nodes: [gemm], initialisers, inputs: [value('x', ['n', 'm'])] },
    'E_UNSUPPORTED',
    '[?, ?]',
    '--input-shape',
  ],
  'two inputs': [
    { nodes: [node('Add', ['x', 'z'], 'y')], inputs: [value('x', ['n', 3]), value('z', ['n', 3])] },
    'E_UNSUPPORTED',
    "['x', 'z']",
  ],
  'control flow, before the inputs that it has': [
    {
      nodes: [node('If', ['x'], 'y', [], 'choice')],
      inputs: [value('x', [], TensorProto_DataType.BOOL)],
    },
    'E_UNSUPPORTED',
    "'choice' (If)",
  ],
  'an old opset': [{ nodes: [gemm], initialisers, opset: 5n }, 'E_UNSUPPORTED', '5'],
  'an output that is the input': [
    { nodes: [], outputs: [value('x')] },
    'E_UNSUPPORTED',
    'the input itself',
  ],
  'an output that is constant': [
    { nodes: [gemm], initialisers, outputs: [value('w')] },
    'E_UNSUPPORTED',
    "'w'",
  ],
  'the same value as two outputs': [
    {
      nodes: [gemm, node('Identity', ['y'], 'z')],
      initialisers,
      outputs: [value('y'), value('z')],
    },
    'E_UNSUPPORTED',
    "['y', 'z']",
  ],
  'no outputs': [{ nodes: [gemm], initialisers, outputs: [] }, 'E_GRAPH', 'outputs'],
  'a cycle': [
    {
      nodes: [node('Relu', ['b1'], 'a1', [], 'one'), node('Relu', ['a1'], 'b1'), gemm],
      initialisers,
    },
    'E_GRAPH',
    'cycle',
  ],
  'a node that reads itself': [{ nodes: [node('Relu', ['y'], 'y')] }, 'E_GRAPH', 'cycle'],
  'a dangling input': [{ nodes: [node('Relu', ['nowhere'], 'y')] }, 'E_GRAPH', "'nowhere'"],
  'an output nobody computes': [
    { nodes: [gemm], initialisers, outputs: [value('q')] },
    'E_GRAPH',
    "'q'",
  ],
  'two nodes with one output': [{ nodes: [gemm, gemm], initialisers }, 'E_GRAPH', "'y'"],
  'an output named like an input': [{ nodes: [node('Relu', ['x'], 'x')] }, 'E_GRAPH', "'x'"],
  'two initialisers of one name': [
    { nodes: [gemm], initialisers: [weights, weights, row] },
    'E_GRAPH',
    "'w'",
  ],
  'a weight that does not fit': [
    { nodes: [node('Gemm', ['x', 'w'], 'y', [intAttribute('transB', 1)])], initialisers },
    'E_SHAPE',
    '[2]',
    '[3]',
  ],
  'a bias for each row of the batch': [
    { nodes: [gemm], initialisers: [weights, initialiser('b', tensor([4, 2]))] },
    'E_UNSUPPORTED',
    '[4, 2]',
  ],
  'a bias of another width': [
    { nodes: [gemm], initialisers: [weights, initialiser('b', tensor([3]))] },
    'E_SHAPE',
    '[3]',
  ],
  'a declared output shape that is wrong': [
    { nodes: [gemm], initialisers, outputs: [value('y', ['n', 3])] },
    'E_SHAPE',
    "'y'",
  ],
  'a weight that is not finite': [
    {
      nodes: [gemm],
      initialisers: [
        initialiser('w', { shape: [3, 2], data: Float32Array.of(1, 2, 3, NaN, 5, 6) }),
        row,
      ],
    },
    'E_NOT_FINITE',
    'weight',
  ],
  'too few numbers for a shape': [
    { nodes: [gemm], initialisers: [{ ...weights, dims: [3n, 3n] }, row] },
    'E_FORMAT',
    '9 numbers',
  ],
  'negative dims': [
    { nodes: [gemm], initialisers: [{ ...weights, dims: [-3n, -2n] }, row] },
    'E_FORMAT',
    'dims',
  ],
  'a torn raw_data': [
    {
      nodes: [gemm],
      initialisers: [{ name: 'w', dims: [1n], dataType: 1, rawData: new Uint8Array(5) }, row],
    },
    'E_FORMAT',
    'raw_data',
  ],
  'too many inputs of a node': [{ nodes: [node('Relu', ['x', 'x'], 'y')] }, 'E_FORMAT', 'inputs'],
  'too few inputs of a node': [{ nodes: [node('Gemm', ['x'], 'y')] }, 'E_FORMAT', 'inputs'],
};

describe('ONNX import refuses', () => {
  for (const [title, [parts, code, ...words]] of Object.entries(refusals)) {
    it(title, () => {
      expectError(() => parseOnnx(buildModel(parts), 'net.onnx'), code, 'net.onnx', ...words);
    });
  }

  it('bytes that are no model', () => {
    for (const bytes of [new Uint8Array(0), Buffer.from('hello world'), Buffer.from([8, 8])]) {
      expectError(() => parseOnnx(bytes, 'net.onnx'), 'E_FORMAT', 'net.onnx');
    }
  });
});
