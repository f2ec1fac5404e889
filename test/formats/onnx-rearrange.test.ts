import { tensor } from './helpers/graphs.js';
import { parseOnnx } from '../../ts/formats/onnx/index.js';
import { expectError } from './helpers/expect-error.js';
import {
  buildModel,
  floatsAttribute,
  initialiser,
  intAttribute,
  integers,
  intsAttribute,
  node,
  textAttribute,
  value,
} from './helpers/model.js';
import { importCases } from './helpers/operator-cases.js';

const relu = node('Relu', ['x'], 'r');
const leaky = node('LeakyRelu', ['x'], 'l');
const image = [2, 3, 4];
const perm = (...axes: number[]) => intsAttribute('perm', ...axes);
const matrix = (rows: number, columns: number) => initialiser('w', tensor([rows, columns], 3));

describe('ONNX import of shapes', () => {
  importCases({
    'a reshape by the size of the batch, as PyTorch writes view(x.size(0), -1)': {
      shape: image,
      nodes: [
        relu,
        node('Shape', ['r'], 's'),
        node('Gather', ['s', 'zero'], 'n', [intAttribute('axis', 0)]),
        node('Unsqueeze', ['n', 'axes'], 'u'),
        node('Concat', ['u', 'rest'], 't', [intAttribute('axis', 0)]),
        node('Reshape', ['r', 't'], 'y'),
      ],
      initialisers: [integers('zero', 0), integers('axes', [0]), integers('rest', [-1])],
      kinds: 'relu flatten',
    },
    'a flatten of channels last, as Keras writes it': {
      shape: image,
      nodes: [
        relu,
        node('Transpose', ['r'], 't', [perm(0, 2, 3, 1)]),
        node('Shape', ['t'], 's'),
        node('Cast', ['s'], 's32', [intAttribute('to', 6)]),
        node('Slice', ['s32', 'zero', 'one', 'zero'], 'n'),
        node('Concat', ['n', 'rest'], 'c', [intAttribute('axis', 0)]),
        node('Cast', ['c'], 's64', [intAttribute('to', 7)]),
        node('Reshape', ['t', 's64'], 'f'),
        node('MatMul', ['f', 'w'], 'y'),
      ],
      initialisers: [
        integers('zero', [0]),
        integers('one', [1]),
        { name: 'rest', dims: [1n], dataType: 6, int32Data: [24] },
        matrix(24, 3),
      ],
      kinds: 'relu flatten dense',
    },
    'transposes that cancel each other': {
      shape: image,
      nodes: [
        relu,
        node('Transpose', ['r'], 't', [perm(0, 2, 3, 1)]),
        node('Transpose', ['t'], 'u', [perm(0, 3, 1, 2)]),
        node('LeakyRelu', ['u'], 'y'),
      ],
      kinds: 'relu relu',
    },
    'a transpose between others': {
      shape: image,
      nodes: [relu, node('Transpose', ['r'], 't', [perm(0, 3, 2, 1)]), node('Relu', ['t'], 'y')],
      kinds: 'relu transpose relu',
    },
    'dimensions of size 1 that come and go': {
      shape: image,
      initialisers: [integers('two', [2]), integers('minus', [-3])],
      nodes: [
        relu,
        node('Unsqueeze', ['r', 'two'], 'u'),
        node('Squeeze', ['u', 'two'], 's'),
        node('LeakyRelu', ['s'], 'y'),
      ],
      kinds: 'relu relu',
    },
    'axes as attributes': {
      shape: image,
      opset: 11n,
      nodes: [
        relu,
        node('Unsqueeze', ['r'], 'u', [intsAttribute('axes', 2)]),
        node('Squeeze', ['u'], 'y', [intsAttribute('axes', 2)]),
      ],
      kinds: 'relu',
    },
    'a reshape into groups': {
      shape: [4, 3, 3],
      initialisers: [integers('s', [0, 2, 2, -1])],
      nodes: [relu, node('Reshape', ['r', 's'], 'y')],
      kinds: 'relu reshape',
    },
    'a channel shuffle': {
      shape: [4, 3, 3],
      initialisers: [integers('s', [-1, 2, 2, 3, 3]), integers('t', [-1, 4, 3, 3])],
      nodes: [
        relu,
        node('Reshape', ['r', 's'], 'a'),
        node('Transpose', ['a'], 'b', [perm(0, 2, 1, 3, 4)]),
        node('Reshape', ['b', 't'], 'y'),
      ],
      kinds: 'relu reshape transpose reshape',
    },
    'the mean over extents, then a reshape': {
      shape: image,
      opset: 18n,
      initialisers: [integers('axes', [-1, -2]), integers('s', [-1, 2])],
      nodes: [relu, node('ReduceMean', ['r', 'axes'], 'm'), node('Reshape', ['m', 's'], 'y')],
      kinds: 'relu pool flatten',
    },
    'the mean over extents, channels last': {
      shape: image,
      nodes: [
        relu,
        node('ReduceMean', ['r'], 'y', [intsAttribute('axes', 1, 2), intAttribute('keepdims', 0)]),
      ],
      kinds: 'relu transpose pool flatten',
    },
    'the sum over one extent': {
      shape: image,
      initialisers: [integers('axes', [3])],
      nodes: [relu, node('ReduceSum', ['r', 'axes'], 'y', [intAttribute('keepdims', 0)])],
      kinds: 'relu reshape pool reshape',
    },
    'the maximum of a vector': {
      shape: [5],
      nodes: [relu, node('ReduceMax', ['r'], 'y', [intsAttribute('axes', 1)])],
      kinds: 'relu reshape pool flatten',
    },
    'a layer on the last dimension of an image': {
      shape: image,
      initialisers: [matrix(4, 5)],
      nodes: [relu, node('MatMul', ['r', 'w'], 'y')],
      kinds: 'relu transpose conv transpose',
    },
    'a constant matrix on the left': {
      shape: [3, 4],
      initialisers: [matrix(5, 3)],
      nodes: [relu, node('MatMul', ['w', 'r'], 'y')],
      kinds: 'relu conv',
    },
    DepthToSpace: {
      shape: [8, 2, 3],
      nodes: [relu, node('DepthToSpace', ['r'], 'y', [intAttribute('blocksize', 2)])],
      kinds: 'relu reshape transpose reshape',
    },
    SpaceToDepth: {
      shape: [2, 4, 6],
      nodes: [relu, node('SpaceToDepth', ['r'], 'y', [intAttribute('blocksize', 2)])],
      kinds: 'relu reshape transpose reshape',
    },
  });
});

describe('ONNX import of parts and joins', () => {
  importCases({
    'Concat of channels': {
      shape: image,
      nodes: [relu, leaky, node('Concat', ['r', 'l'], 'y', [intAttribute('axis', 1)])],
      kinds: 'relu relu concat',
    },
    'Concat of one value twice': {
      shape: image,
      nodes: [relu, leaky, node('Concat', ['r', 'l', 'r'], 'y', [intAttribute('axis', -1)])],
      kinds: 'relu relu concat select',
    },
    'Slice with steps': {
      shape: [5, 6],
      initialisers: [
        integers('from', [-1, 1]),
        integers('to', [-6, 2147483647]),
        integers('axes', [1, 2]),
        integers('steps', [-2, 2]),
      ],
      nodes: [relu, node('Slice', ['r', 'from', 'to', 'axes', 'steps'], 'y')],
      kinds: 'relu select select',
    },
    'Slice by attributes': {
      shape: [5, 6],
      opset: 9n,
      nodes: [
        relu,
        node('Slice', ['r'], 'y', [
          intsAttribute('starts', 0, 1),
          intsAttribute('ends', 2147483647, 4),
          intsAttribute('axes', 0, 1),
        ]),
      ],
      kinds: 'relu select',
    },
    'Gather of one and of several': {
      shape: [5, 6],
      initialisers: [integers('i', [3, -1, 0]), integers('one', 1)],
      nodes: [
        relu,
        node('Gather', ['r', 'i'], 'g', [intAttribute('axis', 1)]),
        node('Gather', ['g', 'one'], 'y', [intAttribute('axis', 2)]),
      ],
      kinds: 'relu select select flatten',
    },
    'Split, its parts joined in another order': {
      shape: [5, 3],
      initialisers: [integers('sizes', [2, 3])],
      nodes: [
        relu,
        {
          opType: 'Split',
          input: ['r', 'sizes'],
          output: ['a', 'b'],
          attribute: [intAttribute('axis', 1)],
        },
        node('Concat', ['b', 'a'], 'y', [intAttribute('axis', 1)]),
      ],
      kinds: 'relu select select concat',
    },
    'Tile and Expand': {
      shape: [2, 1, 3],
      initialisers: [integers('times', [1, 2, 1, 1]), integers('size', [1, 1, 4, 1])],
      nodes: [relu, node('Tile', ['r', 'times'], 't'), node('Expand', ['t', 'size'], 'y')],
      kinds: 'relu select select',
    },
    'Pad with zeros, channels too, and negative ones': {
      shape: image,
      initialisers: [integers('p', [0, 1, -1, 0, 0, 0, 2, 1])],
      nodes: [relu, node('Pad', ['r', 'p'], 'y')],
      kinds: 'relu select pad',
    },
    'Pad that reflects': {
      shape: image,
      initialisers: [integers('p', [0, 0, 2, 1, 0, 0, 1, 3])],
      nodes: [relu, node('Pad', ['r', 'p'], 'y', [textAttribute('mode', 'reflect')])],
      kinds: 'relu select select',
    },
    'Pad that repeats the edge': {
      shape: image,
      opset: 10n,
      nodes: [
        relu,
        node('Pad', ['r'], 'y', [
          textAttribute('mode', 'edge'),
          intsAttribute('pads', 0, 0, 0, 1, 0, 0, 0, 2),
        ]),
      ],
      kinds: 'relu select',
    },
    'Resize by scales': {
      shape: image,
      initialisers: [initialiser('s', { shape: [4], data: Float32Array.of(1, 1, 2, 3) })],
      nodes: [
        relu,
        node('Resize', ['r', '', 's'], 'y', [
          textAttribute('coordinate_transformation_mode', 'asymmetric'),
          textAttribute('nearest_mode', 'floor'),
        ]),
      ],
      kinds: 'relu upsample',
    },
    'Resize to sizes that are no multiples': {
      shape: image,
      opset: 18n,
      initialisers: [integers('s', [5, 3])],
      nodes: [relu, node('Resize', ['r', '', '', 's'], 'y', [intsAttribute('axes', 2, 3)])],
      kinds: 'relu select select',
    },
    'Upsample by attributes': {
      shape: image,
      opset: 7n,
      nodes: [relu, node('Upsample', ['r'], 'y', [floatsAttribute('scales', 1, 1, 2, 2)])],
      kinds: 'relu upsample',
    },
  });

  const refused: Record<string, [ReturnType<typeof node>, ...string[]]> = {
    'a transpose of the batch': [
      node('Transpose', ['x'], 'y', [perm(1, 0, 2, 3)], 'swap'),
      'batch',
    ],
    'Concat with a constant': [node('Concat', ['x', 'w'], 'y', [], 'join'), "'join'", 'constant'],
    'a slice of the batch': [
      node('Slice', ['x', 'zero', 'one'], 'y', [], 'cut'),
      "'cut'",
      'observations',
    ],
    'linear interpolation': [
      node('Resize', ['x', '', 's'], 'y', [textAttribute('mode', 'linear')], 'larger'),
      "'larger'",
      'interpolates',
    ],
    'a pad with other values': [
      node('Pad', ['x', 'p', 'v'], 'y', [], 'around'),
      "'around'",
      'pads with 1',
    ],
    'a mean over the batch': [
      node('ReduceMean', ['x'], 'y', [intsAttribute('axes', 0)], 'mean'),
      'mixes observations',
    ],
  };
  for (const [title, [operator, ...words]] of Object.entries(refused)) {
    it(`refuses ${title}`, () => {
      const initialisers = [
        matrix(3, 3),
        integers('zero', [0]),
        integers('one', [1]),
        integers('p', [0, 0, 1, 1, 0, 0, 1, 1]),
        initialiser('v', { shape: [], data: Float32Array.of(1) }),
        initialiser('s', { shape: [4], data: Float32Array.of(1, 1, 2, 2) }),
      ];
      const model = buildModel({
        nodes: [operator],
        initialisers,
        inputs: [value('x', ['n', ...image])],
      });
      expectError(() => parseOnnx(model, 'm'), 'E_UNSUPPORTED', ...words);
    });
  }
});
