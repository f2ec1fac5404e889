import { expect } from 'chai';
import { parseOnnx } from '../../ts/formats/onnx/index.js';
import { expectError } from './helpers/expect-error.js';
import { tensor } from './helpers/graphs.js';
import {
  buildModel,
  floatAttribute,
  initialiser,
  intAttribute,
  integers,
  intsAttribute,
  node,
  scalar,
  value,
} from './helpers/model.js';
import { importCases } from './helpers/operator-cases.js';

const image = [2, 3, 4];
const square = initialiser('w', tensor([3, 3], 1));
const constant = (...shape: number[]) => initialiser('c', tensor(shape, 2));
/** `kind` between a product that has further users and the output. */
const after = (kind: string, first: string, second: string) => [
  node('MatMul', ['x', 'w'], 'p'),
  node(kind, [first, second], 'y'),
];

describe('ONNX import of arithmetic with constants', () => {
  const behind = { shape: [3], initialisers: [square, constant(3)] };
  importCases({
    'Add, as a bias': { ...behind, nodes: after('Add', 'c', 'p'), kinds: 'dense' },
    'Sub of a constant, as a bias': { ...behind, nodes: after('Sub', 'p', 'c'), kinds: 'dense' },
    'Sub from a constant': { ...behind, nodes: after('Sub', 'c', 'p'), kinds: 'dense' },
    'Mul, as factors of weights': { ...behind, nodes: after('Mul', 'p', 'c'), kinds: 'dense' },
    'Div, as factors of weights': { ...behind, nodes: after('Div', 'p', 'c'), kinds: 'dense' },
    Neg: {
      ...behind,
      nodes: [node('MatMul', ['x', 'w'], 'p'), node('Neg', ['p'], 'y')],
      kinds: 'dense',
    },
    'a scale for each channel behind a ReLU': {
      shape: image,
      initialisers: [constant(2, 1, 1)],
      nodes: [node('Relu', ['x'], 'r'), node('Mul', ['r', 'c'], 'y')],
      kinds: 'relu scale',
    },
    'a scale along the last dimension': {
      shape: image,
      initialisers: [constant(4)],
      nodes: [node('Relu', ['x'], 'r'), node('Add', ['r', 'c'], 'y')],
      kinds: 'relu transpose scale transpose',
    },
    'a scale of every element': {
      shape: image,
      initialisers: [constant(1, 2, 3, 4)],
      nodes: [node('Relu', ['x'], 'r'), node('Mul', ['c', 'r'], 'y')],
      kinds: 'relu flatten scale reshape',
    },
    'a product that is used with its bias and without': {
      ...behind,
      nodes: [
        node('MatMul', ['x', 'w'], 'p'),
        node('Add', ['p', 'c'], 's'),
        node('Relu', ['p'], 'r'),
        node('Add', ['s', 'r'], 'y'),
      ],
      kinds: 'dense scale relu add',
    },
  });

  it('makes scaling of the input a part of it', () => {
    const nodes = [
      node('Cast', ['x'], 'f', [intAttribute('to', 1)]),
      node('Div', ['f', 'd'], 'q'),
      node('Transpose', ['q'], 't', [intsAttribute('perm', 0, 3, 1, 2)]),
      node('Mul', ['t', 'two'], 'm'),
      node('Sub', ['m', 'one'], 's'),
      node('Relu', ['s'], 'y'),
    ];
    const initialisers = [scalar('d', 255), scalar('two', 2), scalar('one', 1)];
    const model = buildModel({ nodes, initialisers, inputs: [value('x', ['n', 4, 5, 2], 2)] });
    const { graph } = parseOnnx(model, 'm');
    expect(graph.nodes.map(({ kind }) => kind)).to.deep.equal(['input', 'transpose', 'relu']);
    expect(graph.nodes[0]).to.deep.include({
      factor: { shape: [4], data: new Float32Array(4).fill(Math.fround(2 * Math.fround(1 / 255))) },
      offset: { shape: [4], data: new Float32Array(4).fill(-1) },
    });
  });

  it('leaves scaling outside where the input is read unscaled too', () => {
    const nodes = [node('Mul', ['x', 'c'], 'm'), node('Add', ['m', 'x'], 'y')];
    const { graph } = parseOnnx(buildModel({ nodes, initialisers: [constant(3)] }), 'm');
    expect(graph.nodes.map(({ kind }) => kind)).to.deep.equal(['input', 'scale', 'add']);
  });
});

describe('ONNX import of sums', () => {
  const relu = node('Relu', ['x'], 'r');
  const leaky = node('LeakyRelu', ['x'], 'l');
  importCases({
    'of two values': {
      shape: image,
      nodes: [relu, leaky, node('Add', ['r', 'l'], 'y')],
      kinds: 'relu relu add',
    },
    'of one value with itself': {
      shape: image,
      nodes: [relu, node('Add', ['r', 'r'], 'y')],
      kinds: 'relu scale',
    },
    'of several, one of them twice': {
      shape: image,
      nodes: [relu, leaky, node('Sum', ['r', 'l', 'r'], 'y')],
      kinds: 'relu relu scale add',
    },
    'a mean of two': {
      shape: image,
      nodes: [relu, leaky, node('Mean', ['r', 'l'], 'y')],
      kinds: 'relu relu add scale',
    },
    'a difference': {
      shape: image,
      nodes: [relu, leaky, node('Sub', ['r', 'l'], 'y')],
      kinds: 'relu relu scale add',
    },
    'of an image and one value for each channel': {
      shape: image,
      nodes: [relu, node('GlobalAveragePool', ['r'], 'g'), node('Add', ['r', 'g'], 'y')],
      kinds: 'relu pool select select add',
    },
    'of a dueling head': {
      shape: [3],
      initialisers: [square, initialiser('v', tensor([3, 1], 5)), integers('axes', [1])],
      opset: 18n,
      nodes: [
        node('MatMul', ['x', 'w'], 'a'),
        node('MatMul', ['x', 'v'], 'value'),
        node('ReduceMean', ['a', 'axes'], 'mean'),
        node('Add', ['value', 'a'], 'sum'),
        node('Sub', ['sum', 'mean'], 'y'),
      ],
      kinds: 'dense dense dense dense add dense add',
    },
  });
});

describe('ONNX import of ReLUs and bounds', () => {
  const clip = (low: string, high: string) => [node('Clip', ['x', low, high], 'y')];
  const bounds = [scalar('zero', 0), scalar('six', 6), scalar('low', -0.4), scalar('high', 0.7)];
  const shape = image;
  importCases({
    LeakyRelu: {
      shape,
      nodes: [node('LeakyRelu', ['x'], 'y', [floatAttribute('alpha', 0.2)])],
      kinds: 'relu',
    },
    'PRelu with one slope': {
      shape,
      initialisers: [scalar('c', 0.3)],
      nodes: [node('PRelu', ['x', 'c'], 'y')],
      kinds: 'relu',
    },
    'PRelu with a slope for each channel': {
      shape,
      initialisers: [constant(2, 1, 1)],
      nodes: [node('PRelu', ['x', 'c'], 'y')],
      kinds: 'relu',
    },
    'PRelu with a slope for each column': {
      shape,
      initialisers: [constant(4)],
      nodes: [node('PRelu', ['x', 'c'], 'y')],
      kinds: 'transpose relu transpose',
    },
    'Clip from 0': { shape, initialisers: bounds, nodes: clip('zero', ''), kinds: 'relu' },
    'Clip from 0 to 6': { shape, initialisers: bounds, nodes: clip('zero', 'six'), kinds: 'relu' },
    'Clip to bounds on both sides of 0': {
      shape,
      initialisers: bounds,
      nodes: [node('Relu', ['x'], 'r'), node('Clip', ['r', 'low', 'high'], 'y')],
      kinds: 'relu scale relu scale',
    },
    'Clip from above': {
      shape,
      initialisers: bounds,
      nodes: [node('LeakyRelu', ['x'], 'r'), node('Clip', ['r', '', 'high'], 'y')],
      kinds: 'relu scale relu scale',
    },
    'Clip with attributes': {
      shape,
      opset: 10n,
      nodes: [node('Clip', ['x'], 'y', [floatAttribute('min', 0), floatAttribute('max', 6)])],
      kinds: 'relu',
    },
    'Max with 0': {
      shape,
      initialisers: bounds,
      nodes: [node('Max', ['zero', 'x'], 'y')],
      kinds: 'relu',
    },
    'Max with a constant for each channel': {
      shape,
      initialisers: [constant(2, 1, 1)],
      nodes: [node('LeakyRelu', ['x'], 'r'), node('Max', ['r', 'c'], 'y')],
      kinds: 'relu scale relu scale',
    },
    'Min behind a ReLU': {
      shape,
      initialisers: bounds,
      nodes: [node('Relu', ['x'], 'r'), node('Min', ['r', 'six'], 'y')],
      kinds: 'relu',
    },
    'a LeakyReLU written as Max': {
      shape,
      initialisers: [scalar('c', 0.1)],
      nodes: [
        node('LeakyRelu', ['x'], 'r'),
        node('Mul', ['r', 'c'], 'm'),
        node('Max', ['m', 'r'], 'y'),
      ],
      kinds: 'relu relu',
    },
    'a Dropout that does nothing': {
      shape,
      nodes: [node('Relu', ['x'], 'r'), node('Dropout', ['r'], 'y')],
      kinds: 'relu',
    },
  });

  const refused: Record<string, [ReturnType<typeof node>[], ...string[]]> = {
    'a product of two values': [
      [node('Relu', ['x'], 'r'), node('Mul', ['r', 'x'], 'y', [], 'gate')],
      "'gate' (Mul)",
      'HardSwish',
    ],
    'a maximum of two values': [
      [node('Relu', ['x'], 'r'), node('Max', ['r', 'x'], 'y', [], 'larger')],
      "'larger' (Max)",
      'two computed values',
    ],
    'a quotient of two values': [
      [node('Relu', ['x'], 'r'), node('Div', ['x', 'r'], 'y', [], 'share')],
      "'share' (Div)",
    ],
    'a hidden Sigmoid, naming it': [
      [node('Sigmoid', ['x'], 's', [], 'squash'), node('Relu', ['s'], 'y')],
      "'squash' (Sigmoid)",
      'train the network with ReLU',
    ],
    HardSwish: [[node('HardSwish', ['x'], 'y', [], 'swish')], "'swish'", 'ReLU6'],
    LSTM: [[node('LSTM', ['x', 'w', 'r'], 'y', [], 'memory')], "'memory'", 'recurrent'],
    'LayerNormalization, with how far it can be imported': [
      [node('Relu', ['x'], 'r'), node('LayerNormalization', ['r', 'w'], 'y', [], 'norm')],
      "'norm'",
      "'r' imports",
    ],
  };
  for (const [title, [nodes, ...words]] of Object.entries(refused)) {
    it(`refuses ${title}`, () => {
      const initialisers = [square, initialiser('r', tensor([3, 3], 2))].slice(
        0,
        title === 'LSTM' ? 2 : 1,
      );
      expectError(
        () => parseOnnx(buildModel({ nodes, initialisers }), 'm'),
        'E_UNSUPPORTED',
        ...words,
      );
    });
  }
});
