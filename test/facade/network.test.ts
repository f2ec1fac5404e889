import { expect } from 'chai';
import type { ErrorCode } from '../../ts/errors.js';
import type { Graph } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { randomGraph, randomNetwork } from '../conformance/random-nets.js';
import { expectRefused, expectRejected } from './refused.js';

const sound = randomGraph([2, 3, 1]);
const data = (count: number, value = 1): Float32Array => new Float32Array(count).fill(value);

/** The sound graph with other values in one node, or in the graph itself. */
function withNode(at: number, changes: object): Graph {
  return {
    ...sound,
    nodes: sound.nodes.map((node, i) => (i === at ? { ...node, ...changes } : node)),
  };
}
function withGraph(changes: object): Graph {
  return { ...sound, ...changes };
}
function spiking(neuron: object): Graph {
  return withNode(2, { kind: 'neuron', ...neuron });
}

type Refusal = readonly [what: string, graph: unknown, code: ErrorCode, part: RegExp | string];

const refusals: Refusal[] = [
  ['undefined', undefined, 'E_ARGUMENT', "graph 'nodes'"],
  ['null', null, 'E_ARGUMENT', 'graph: expected an object, received null'],
  ['a string', 'net.onnx', 'E_ARGUMENT', "received 'net.onnx'"],
  ['an array', [], 'E_ARGUMENT', 'received an array'],
  [
    'unknown name',
    withGraph({ name: 'x' }),
    'E_ARGUMENT',
    /only the names nodes, edges.*received 'name'/,
  ],
  ['nodes an object', withGraph({ nodes: {} }), 'E_ARGUMENT', 'graph nodes'],
  ['no nodes', withGraph({ nodes: [] }), 'E_GRAPH', 'exactly one, received 0'],
  ['a node null', withGraph({ nodes: [null] }), 'E_ARGUMENT', 'graph node'],
  ['a name 5', withNode(1, { name: 5 }), 'E_ARGUMENT', "'name'"],
  ['an empty name', withNode(1, { name: '' }), 'E_GRAPH', 'node name'],
  ['a name twice', withNode(1, { name: 'x' }), 'E_GRAPH', "'x' twice"],
  ['kind lstm', withNode(1, { kind: 'lstm' }), 'E_UNSUPPORTED', /one of input, dense.*'lstm'/],
  ['kind 1', withNode(1, { kind: 1 }), 'E_ARGUMENT', "'kind'"],
  ['an unknown field', withNode(2, { bend: 1 }), 'E_ARGUMENT', "'bend'"],
  ['no shape', withNode(0, { shape: undefined }), 'E_ARGUMENT', "'shape'"],
  ['shape 2', withNode(0, { shape: 2 }), 'E_ARGUMENT', 'shape'],
  ['shape [0]', withNode(0, { shape: [0] }), 'E_SHAPE', 'received 0'],
  ['shape [1.5]', withNode(0, { shape: [1.5] }), 'E_SHAPE', 'received 1.5'],
  ['shape [NaN]', withNode(0, { shape: [NaN] }), 'E_SHAPE', 'received NaN'],
  ['shape ["2"]', withNode(0, { shape: ['2'] }), 'E_SHAPE', "received '2'"],
  ['shape too large', withNode(0, { shape: [2 ** 30, 2 ** 30] }), 'E_SHAPE', '2^40'],
  ['inputs that do not fit', withNode(0, { shape: [3] }), 'E_SHAPE', 'expected [2], received [3]'],
  ['weight undefined', withNode(1, { weight: undefined }), 'E_ARGUMENT', "'weight'"],
  ['weight an array', withNode(1, { weight: [1, 2] }), 'E_ARGUMENT', 'weight'],
  [
    'weight a Float64Array',
    withNode(1, { weight: { shape: [3, 2], data: new Float64Array(6) } }),
    'E_ARGUMENT',
    'a Float32Array',
  ],
  [
    'a layer of 0 units',
    withNode(1, { weight: { shape: [0, 2], data: data(0) } }),
    'E_SHAPE',
    'received 0',
  ],
  [
    'weight [6]',
    withNode(1, { weight: { shape: [6], data: data(6) }, bias: undefined }),
    'E_SHAPE',
    '[out, in]',
  ],
  [
    'weight too short',
    withNode(1, { weight: { shape: [3, 2], data: data(5) } }),
    'E_SHAPE',
    'received 5',
  ],
  [
    'weight NaN',
    withNode(1, { weight: { shape: [3, 2], data: data(6, NaN) } }),
    'E_NOT_FINITE',
    'element 0',
  ],
  [
    'weight infinite',
    withNode(1, { weight: { shape: [3, 2], data: data(6, -Infinity) } }),
    'E_NOT_FINITE',
    'received -Infinity',
  ],
  [
    'bias of another size',
    withNode(1, { bias: { shape: [2], data: data(2) } }),
    'E_SHAPE',
    'bias: expected [3], received [2]',
  ],
  [
    'bias infinite',
    withNode(1, { bias: { shape: [3], data: data(3, Infinity) } }),
    'E_NOT_FINITE',
    'bias element 0',
  ],
  ['bias null', withNode(1, { bias: null }), 'E_ARGUMENT', 'bias'],
  ['edges missing', withGraph({ edges: undefined }), 'E_ARGUMENT', "graph 'edges'"],
  ['an edge of one', withGraph({ edges: [['x']] }), 'E_ARGUMENT', 'a pair of node names'],
  ['an edge of numbers', withGraph({ edges: [[0, 1]] }), 'E_ARGUMENT', "a node's name"],
  ['an edge to nowhere', withGraph({ edges: [['x', 'y']] }), 'E_GRAPH', "unknown 'y'"],
  ['an edge of four', withGraph({ edges: [['x', 'y', 1, 2]] }), 'E_ARGUMENT', 'with a delay'],
  ['a delay of 0.5', withGraph({ edges: [['x', 'y', 0.5]] }), 'E_ARGUMENT', 'edge delay'],
  ['a delay "1"', withGraph({ edges: [['x', 'y', '1']] }), 'E_ARGUMENT', 'edge delay'],
  [
    'a delay of 1001',
    withGraph({ edges: [['x', 'fc1', 1001]] }),
    'E_RANGE',
    '0 to 1000 steps, received 1001',
  ],
  [
    'two edges into one dense node',
    withGraph({ edges: [...sound.edges, ['x', 'fc2']] }),
    'E_GRAPH',
    'exactly one edge into it, received 2',
  ],
  [
    'a cycle',
    withGraph({
      nodes: [...sound.nodes, { kind: 'add', name: 'sum' }],
      edges: [...sound.edges, ['fc2', 'sum'], ['sum', 'sum']],
    }),
    'E_GRAPH',
    'no cycle without a delay',
  ],
  [
    'a node beside',
    withGraph({
      nodes: [...sound.nodes, { kind: 'relu', name: 'spare' }],
      edges: [...sound.edges, ['fc1', 'spare']],
    }),
    'E_GRAPH',
    "'spare' among them",
  ],
  ['no outputs', withGraph({ outputs: [] }), 'E_GRAPH', 'received none'],
  ['an output amid', withGraph({ outputs: ['fc1'] }), 'E_GRAPH', '2 beside it'],
  ['outputs a string', withGraph({ outputs: 'fc2' }), 'E_ARGUMENT', 'graph outputs'],
  ['epsilon -1', withGraph({ epsilon: -1 }), 'E_RANGE', 'epsilon'],
  ['epsilon NaN', withGraph({ epsilon: NaN }), 'E_RANGE', 'received NaN'],
  ['epsilon "0"', withGraph({ epsilon: '0' }), 'E_ARGUMENT', "'epsilon'"],
  ['threshold 0', spiking({ threshold: 0 }), 'E_RANGE', 'threshold'],
  ['threshold NaN', spiking({ threshold: NaN }), 'E_RANGE', 'threshold'],
  ['threshold "1"', spiking({ threshold: '1' }), 'E_ARGUMENT', "'threshold'"],
  ['alpha 2', spiking({ alpha: 2 }), 'E_RANGE', 'alpha'],
  ['beta -0.1', spiking({ beta: -0.1 }), 'E_RANGE', 'beta'],
  ['reset soft', spiking({ reset: 'soft' }), 'E_ARGUMENT', 'one of subtraction, zero, value'],
  ['reset true', spiking({ reset: true }), 'E_ARGUMENT', 'received true'],
  ['resetValue alone', spiking({ resetValue: 0.5 }), 'E_ARGUMENT', 'resetValue'],
  ['resetValue above θ', spiking({ reset: 'value', resetValue: 1 }), 'E_RANGE', 'resetValue'],
  ['refractory -1', spiking({ refractory: -1 }), 'E_RANGE', 'refractory'],
  ['refractory 1.5', spiking({ refractory: 1.5 }), 'E_RANGE', 'received 1.5'],
  ['burst 0', spiking({ burst: 0 }), 'E_RANGE', 'burst'],
  ['burst 101', spiking({ burst: 101 }), 'E_RANGE', 'burst'],
  ['ternary 1', spiking({ ternary: 1 }), 'E_ARGUMENT', 'true or false'],
  [
    'ternary with reset zero',
    spiking({ ternary: true, reset: 'zero' }),
    'E_UNSUPPORTED',
    'ternary',
  ],
];

describe('façade: what Network.fromGraph refuses', () => {
  for (const [what, graph, code, part] of refusals) {
    it(`${what}: ${code}`, () => {
      expectRefused(() => Network.fromGraph(graph as Graph), code, part);
    });
  }
});

describe('façade: the float forward pass', () => {
  const network = randomNetwork([2, 3, 1]);
  const forward = (observations: unknown, options: unknown = {}): unknown =>
    network.forwardSync(observations as Float32Array, options as object);

  const calls: readonly (readonly [
    observations: unknown,
    options: unknown,
    code: ErrorCode,
    part: RegExp | string,
  ])[] = [
    [[1, 2], {}, 'E_ARGUMENT', 'observations'],
    [undefined, {}, 'E_ARGUMENT', 'received undefined'],
    [new Int8Array(2), {}, 'E_ARGUMENT', 'Int8Array'],
    [data(0), {}, 'E_SHAPE', 'rows of 2 values'],
    [data(3), {}, 'E_SHAPE', 'received'],
    [Float32Array.of(1, NaN), {}, 'E_NOT_FINITE', 'observations element 1'],
    [Float64Array.of(1, 1e300), {}, 'E_NOT_FINITE', 'observations element 1'],
    [data(2), { precison: 'float64' }, 'E_ARGUMENT', "'precison'"],
    [data(2), { precision: 'float16' }, 'E_ARGUMENT', 'one of float32, float64'],
    [data(2), { threads: 0 }, 'E_RANGE', 'threads'],
    [data(2), { threads: '2' }, 'E_ARGUMENT', 'threads'],
    [data(2), { isa: 'sse' }, 'E_ARGUMENT', "'sse'"],
    [data(2), { isa: 1 }, 'E_ARGUMENT', 'isa'],
    [data(2), null, 'E_ARGUMENT', 'forward option'],
    [data(2), 'fast', 'E_ARGUMENT', 'forward option'],
  ];
  for (const [observations, options, code, part] of calls) {
    it(`refuses ${String(part)} with ${code}, now and later`, async () => {
      expectRefused(() => forward(observations, options), code, part);
      await expectRejected(
        async () => network.forward(observations as Float32Array, options as object),
        code,
        part,
      );
    });
  }

  it('refuses a signal that is none and a progress function that is none', async () => {
    await expectRejected(
      async () => network.forward(data(2), { signal: 5 as never }),
      'E_ARGUMENT',
      'signal',
    );
    await expectRejected(
      async () => network.forward(data(2), { onProgress: 5 as never }),
      'E_ARGUMENT',
      'onProgress',
    );
  });

  it('refuses a spiking network and sends to the simulator', () => {
    const neurons = randomNetwork([2, 3, 1], { neurons: {} });
    expect(neurons.spiking).to.equal(true);
    expectRefused(() => neurons.forwardSync(data(2)), 'E_UNSUPPORTED', 'use a simulator');
  });

  it('refuses to run an overflow off as a result', () => {
    const huge = Network.fromGraph(withNode(1, { weight: { shape: [3, 2], data: data(6, 3e38) } }));
    expectRefused(() => huge.forwardSync(data(2, 3e38)), 'E_NOT_FINITE', 'network output');
  });

  it('takes nodes in any order and both types of array', () => {
    const shuffled = Network.fromGraph({ ...sound, nodes: [...sound.nodes].reverse() });
    const q = network.forwardSync(Float32Array.of(0.5, 0.25));
    expect(shuffled.forwardSync(Float64Array.of(0.5, 0.25))).to.deep.equal(q);
    expect(
      network.forwardSync(Float32Array.of(0.5, 0.25), { precision: 'float64' }),
    ).to.be.instanceOf(Float64Array);
  });

  it('takes a network and nothing else where one is due', () => {
    for (const stranger of [undefined, null, {}, sound, Object.create(Network.prototype)]) {
      expectRefused(() => new Simulator(stranger as Network), 'E_ARGUMENT', /network/i);
    }
  });
});
