import { expect } from 'chai';
import { parseOnnx } from '../../ts/formats/onnx/index.js';
import { expectError } from './helpers/expect-error.js';
import { tensor } from './helpers/graphs.js';
import {
  buildModel,
  floatAttribute,
  initialiser,
  intAttribute,
  intsAttribute,
  node,
  textAttribute,
  value,
} from './helpers/model.js';
import { importCases } from './helpers/operator-cases.js';

const weight = (...shape: number[]) => initialiser('w', tensor(shape, 3));
const bias = (size: number) => initialiser('b', tensor([size], 4));
const conv = (...attributes: ReturnType<typeof intAttribute>[]) => [
  node('Conv', ['x', 'w', 'b'], 'y', attributes, 'layer'),
];
const transposed = (...attributes: ReturnType<typeof intAttribute>[]) => [
  node('ConvTranspose', ['x', 'w', 'b'], 'y', attributes, 'layer'),
];
const pool = (kind: string, ...attributes: ReturnType<typeof intAttribute>[]) => [
  node(kind, ['x'], 'y', attributes, 'layer'),
];
const kernel = intsAttribute('kernel_shape', 3, 2);
const strides = intsAttribute('strides', 2, 1);
const same = (end: string) => textAttribute('auto_pad', `SAME_${end}`);
const image = { shape: [2, 7, 6], initialisers: [weight(4, 2, 3, 2), bias(4)], kinds: 'conv' };
const narrow = { shape: [4, 5, 6], initialisers: [weight(4, 3, 3, 2), bias(3)] };

describe('ONNX import of convolutions', () => {
  importCases({
    'with every attribute': {
      ...image,
      initialisers: [weight(4, 1, 3, 2), bias(4)],
      nodes: conv(
        kernel,
        strides,
        intsAttribute('dilations', 1, 2),
        intsAttribute('pads', 1, 0, 2, 1),
        intAttribute('group', 2),
      ),
    },
    'without attributes or bias': {
      ...image,
      initialisers: [weight(4, 2, 3, 2)],
      nodes: [node('Conv', ['x', 'w'], 'y')],
    },
    'with auto_pad SAME_UPPER': { ...image, nodes: conv(kernel, strides, same('UPPER')) },
    'with auto_pad SAME_LOWER': { ...image, nodes: conv(strides, same('LOWER')) },
    'with auto_pad VALID': { ...image, nodes: conv(textAttribute('auto_pad', 'VALID')) },
    'in one dimension, depthwise': {
      shape: [4, 9],
      initialisers: [weight(4, 1, 3), bias(4)],
      nodes: conv(intAttribute('group', 4), intsAttribute('pads', 2, 1)),
      kinds: 'conv',
    },
    'transposed, with every attribute': {
      ...narrow,
      initialisers: [weight(4, 2, 3, 2), bias(4)],
      nodes: transposed(
        kernel,
        strides,
        intsAttribute('dilations', 1, 2),
        intsAttribute('pads', 1, 0, 0, 1),
        intsAttribute('output_padding', 1, 0),
        intAttribute('group', 2),
      ),
      kinds: 'conv_transpose',
    },
    'transposed to a given shape': {
      ...narrow,
      nodes: transposed(strides, intsAttribute('output_shape', 10, 6)),
      kinds: 'conv_transpose',
    },
    'transposed with auto_pad': {
      ...narrow,
      nodes: transposed(strides, same('UPPER')),
      kinds: 'conv_transpose',
    },
    'followed by BatchNormalization': {
      ...image,
      nodes: [
        node('Conv', ['x', 'w', 'b'], 'c'),
        node('BatchNormalization', ['c', 's', 'o', 'm', 'v'], 'y', [
          floatAttribute('epsilon', 1e-3),
        ]),
      ],
      initialisers: [
        ...image.initialisers,
        initialiser('s', tensor([4], 5)),
        initialiser('o', tensor([4], 6)),
        initialiser('m', tensor([4], 7)),
        initialiser('v', { shape: [4], data: Float32Array.of(0.5, 1, 2, 0.25) }),
      ],
      kinds: 'conv batch_norm',
    },
    'that are transposed, then scaled and shifted for each channel': {
      ...narrow,
      nodes: [
        node('ConvTranspose', ['x', 'w', 'b'], 'c', [intAttribute('group', 2)]),
        node('Mul', ['c', 'f'], 'p'),
        node('Add', ['o', 'p'], 'y'),
      ],
      initialisers: [
        weight(4, 2, 3, 2),
        bias(4),
        initialiser('f', tensor([4, 1, 1], 5)),
        initialiser('o', tensor([1, 4, 1, 1], 6)),
      ],
      kinds: 'conv_transpose',
    },
    'behind a Pad node': {
      ...image,
      nodes: [
        node('Pad', ['x', 'p'], 'a'),
        node('Conv', ['a', 'w', 'b'], 'y', [intsAttribute('pads', 0, 1, 0, 0)]),
      ],
      initialisers: [
        ...image.initialisers,
        { name: 'p', dims: [8n], dataType: 7, int64Data: [0n, 0n, 1n, 2n, 0n, 0n, 0n, 1n] },
      ],
    },
  });

  it('names the wrong bias that an exporter wrote', () => {
    const initialisers = [weight(4, 2, 3, 2), bias(3)];
    const model = buildModel({
      nodes: conv(),
      initialisers,
      inputs: [value('x', ['n', 2, 7, 6])],
    });
    expectError(() => parseOnnx(model, 'm'), 'E_SHAPE', "'layer'", 'bias', '[4]', '[3]');
  });

  it('refuses three dimensions by name', () => {
    const model = buildModel({
      nodes: conv(),
      initialisers: [weight(4, 2, 3, 2, 2), bias(4)],
      inputs: [value('x', ['n', 2, 7, 6, 5])],
    });
    expectError(() => parseOnnx(model, 'm'), 'E_UNSUPPORTED', "'layer' (Conv)", '3 spatial');
  });
});

const square = intsAttribute('kernel_shape', 3, 3);
const step = intsAttribute('strides', 2, 2);
const around = intsAttribute('pads', 1, 1, 1, 0);
const ceil = intAttribute('ceil_mode', 1);
const counted = intAttribute('count_include_pad', 1);

describe('ONNX import of pooling', () => {
  const plane = { shape: [2, 7, 6], kinds: 'pool', opset: 19n };
  importCases({
    'a maximum with stride and padding': { ...plane, nodes: pool('MaxPool', square, step, around) },
    'a maximum with dilations': {
      ...plane,
      nodes: pool('MaxPool', square, intsAttribute('dilations', 2, 1)),
    },
    'a maximum with ceil_mode': { ...plane, nodes: pool('MaxPool', square, step, ceil) },
    'a maximum with auto_pad': { ...plane, nodes: pool('MaxPool', square, step, same('LOWER')) },
    'a maximum along one dimension': {
      ...plane,
      shape: [3, 9],
      nodes: pool('MaxPool', intsAttribute('kernel_shape', 4), intsAttribute('strides', 3), ceil),
    },
    'an average without stride': { ...plane, nodes: pool('AveragePool', square) },
    'an average with padding that does not count': {
      ...plane,
      nodes: pool('AveragePool', square, step, around),
    },
    'an average with padding that counts': {
      ...plane,
      nodes: pool('AveragePool', square, step, around, counted),
    },
    'an average with ceil_mode': { ...plane, nodes: pool('AveragePool', square, step, ceil) },
    'an average with auto_pad': {
      ...plane,
      nodes: pool('AveragePool', square, step, same('UPPER')),
    },
    'everything at once, on average': { ...plane, nodes: pool('GlobalAveragePool') },
    'everything at once, the maximum': { ...plane, nodes: pool('GlobalMaxPool') },
  });

  it('counts padding, but not what ceil_mode adds', () => {
    const attributes = [square, step, intsAttribute('pads', 1, 1, 1, 1), counted, ceil];
    const model = buildModel({
      nodes: pool('AveragePool', ...attributes),
      inputs: [value('x', ['n', 1, 4, 4])],
    });
    const { graph } = parseOnnx(model, 'm');
    expect(graph.nodes.map(({ kind }) => kind)).to.deep.equal(['input', 'pad', 'pool']);
    expect(graph.nodes[2]).to.deep.include({ padding: [0, 0, 1, 1] });
    expect(graph.nodes[2]).to.not.have.property('countPadding');
  });

  it('refuses the indices of a maximum', () => {
    const indices = { opType: 'MaxPool', input: ['x'], output: ['m', 'i'], attribute: [square] };
    const model = buildModel({
      nodes: [indices, node('Relu', ['i'], 'y', [], 'after')],
      inputs: [value('x', ['n', 2, 7, 6])],
    });
    expectError(() => parseOnnx(model, 'm'), 'E_UNSUPPORTED', 'MaxPool', 'second output');
  });
});
