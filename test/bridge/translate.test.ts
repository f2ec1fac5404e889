import { expect } from 'chai';
import { firingLayers, isDense, sizeOf } from '../../ts/bridge/model.js';
import type { BridgeModelOptions } from '../../ts/bridge/options.js';
import { runOwn } from '../../ts/bridge/own-engine.js';
import { translate } from '../../ts/bridge/translate.js';
import { SpiqError } from '../../ts/errors.js';
import type { Graph, GraphNode } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { chainOf, randomNetwork } from '../conformance/random-nets.js';
import { tensor } from '../formats/helpers/graphs.js';
import { simulatePlainly } from './plain.js';
import { denseGraph, randomRows, smallNetwork } from './support.js';

/** The lists of connections in plain loops give the spikes of the simulator. */
async function expectSameSpikes(
  network: Network,
  options: BridgeModelOptions,
  rows = 3,
): Promise<void> {
  const model = translate({ network, ...options });
  const observations = randomRows(rows, model.observationSize);
  const own = await runOwn(network, options, observations);
  expect(own.counts).to.have.length(firingLayers(model).length);
  expect(own.counts.some((counts) => Array.from(counts).some((count) => count > 0))).to.equal(true);
  for (let row = 0; row < rows; row += 1) {
    const size = model.observationSize;
    const plain = simulatePlainly(model, observations.subarray(row * size, (row + 1) * size));
    own.counts.forEach((counts, l) => {
      const units = counts.length / rows;
      const those = Array.from(counts).slice(row * units, (row + 1) * units);
      expect(plain.counts[l], `layer ${l} of row ${row}`).to.deep.equal(those);
    });
    const outputs = plain.potentials.length;
    plain.potentials.forEach((potential, k) => {
      expect(potential).to.be.closeTo(own.potentials[row * outputs + k]!, 1e-9);
    });
  }
}

function refusal(graph: Graph, options: BridgeModelOptions = {}): SpiqError {
  try {
    translate({ network: Network.fromGraph(graph), ...options });
  } catch (error) {
    if (error instanceof SpiqError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

const image: GraphNode = { kind: 'input', name: 'image', shape: [2, 7, 6] };
const readout: readonly GraphNode[] = [
  { kind: 'flatten', name: 'flat' },
  { kind: 'accumulator', name: 'out' },
];

/** Layers that a chain may have between an image and its neurons. */
const windows: Record<string, readonly GraphNode[]> = {
  'a convolution with stride, dilation, padding and groups': [
    {
      kind: 'conv',
      name: 'conv',
      weight: tensor([4, 1, 3, 2], 1),
      bias: tensor([4], 2),
      stride: [2, 1],
      dilation: [1, 2],
      padding: [1, 0, 2, 1],
      groups: 2,
    },
  ],
  'an average pool without its padding': [
    {
      kind: 'pool',
      name: 'pool',
      mode: 'average',
      kernel: [3, 2],
      stride: [2, 2],
      padding: [1, 1, 1, 0],
    },
  ],
  'an average pool with its padding': [
    {
      kind: 'pool',
      name: 'pool',
      mode: 'average',
      kernel: [3, 3],
      padding: [1, 1, 1, 1],
      countPadding: true,
    },
  ],
  'a sum over all places': [{ kind: 'pool', name: 'pool', mode: 'sum' }],
  'a batch norm': [
    {
      kind: 'batch_norm',
      name: 'norm',
      scale: tensor([2], 3),
      shift: tensor([2], 4),
      mean: tensor([2], 5),
      variance: { shape: [2], data: Float32Array.of(0.5, 2) },
    },
  ],
  scales: [{ kind: 'scale', name: 'scale', factor: tensor([2], 6), offset: tensor([2], 7) }],
  'a transpose, a pad and a selection': [
    { kind: 'transpose', name: 'turned', axes: [0, 2, 1] },
    { kind: 'pad', name: 'padded', padding: [0, 1, 0, 0, 0, 2] },
    { kind: 'select', name: 'some', axis: 1, indices: [3, 0, 3, 5] },
  ],
  'an upsampling and another shape': [
    { kind: 'upsample', name: 'larger', scale: [2, 1] },
    { kind: 'reshape', name: 'other', shape: [4, 42] },
  ],
};

describe('a network as connections', () => {
  for (const reset of ['subtraction', 'zero'] as const) {
    it(`has the spikes of the simulator: fully connected, reset ${reset}`, async () => {
      await expectSameSpikes(Network.fromGraph(denseGraph([5, 20, 12, 3])), { reset, steps: 60 });
      await expectSameSpikes(randomNetwork([4, 9, 7, 2]), { reset, epsilon: 1e-9 });
    });
  }

  it('has them where the output layer fires, and with another threshold', async () => {
    const network = randomNetwork([4, 9, 7, 2], { neurons: { threshold: 0.7 } });
    await expectSameSpikes(network, { decoding: 'spikes', epsilon: 1e-9 });
    await expectSameSpikes(network, { threshold: 1.3, epsilon: 1e-9 });
  });

  it('has them with a bias as an observation, and with scaled observations', async () => {
    await expectSameSpikes(randomNetwork([4, 9, 2]), { biasAsObservation: true, epsilon: 1e-9 });
    const graph = denseGraph([4, 9, 2]);
    const [input, ...rest] = graph.nodes;
    const scaled = { ...input!, factor: tensor([4], 8), offset: tensor([4], 9) } as GraphNode;
    await expectSameSpikes(Network.fromGraph({ ...graph, nodes: [scaled, ...rest] }), {});
  });

  for (const [name, nodes] of Object.entries(windows)) {
    it(`has them with ${name}, before the first neurons and behind them`, async () => {
      const renamed = nodes.map((node) => ({ ...node, name: `${node.name}2` }));
      const neurons: GraphNode = {
        kind: 'neuron',
        name: 'n',
        thresholds: { shape: [2], data: Float32Array.of(0.3, 0.8) },
      };
      const last: GraphNode = { kind: 'neuron', name: 'm' };
      const before = Network.fromGraph({
        ...chainOf([image, ...nodes, { kind: 'neuron', name: 'n' }, ...readout]),
        epsilon: 1e-9,
      });
      await expectSameSpikes(before, { steps: 30 });
      const behind = chainOf([image, neurons, ...renamed, last, ...readout]);
      await expectSameSpikes(Network.fromGraph({ ...behind, epsilon: 1e-9 }), { steps: 30 });
    });
  }

  it('has them with branches that come from one layer', async () => {
    const nodes: GraphNode[] = [
      image,
      { kind: 'neuron', name: 'n' },
      { kind: 'conv', name: 'a', weight: tensor([2, 2, 1, 1], 1), bias: tensor([2], 2) },
      { kind: 'add', name: 'sum' },
      { kind: 'concat', name: 'beside', axis: 1 },
      { kind: 'neuron', name: 'm' },
      ...readout,
    ];
    const edges: [string, string][] = [
      ['image', 'n'],
      ['n', 'a'],
      ['a', 'sum'],
      ['n', 'sum'],
      ['sum', 'beside'],
      ['n', 'beside'],
      ['beside', 'm'],
      ['m', 'flat'],
      ['flat', 'out'],
    ];
    const network = Network.fromGraph({ nodes, edges, outputs: ['out'], epsilon: 1e-9 });
    await expectSameSpikes(network, { steps: 30 });
  });

  it('is a matrix where that takes less room', () => {
    const dense = translate({ network: smallNetwork() });
    expect(dense.layers.every(({ connections }) => isDense(connections))).to.equal(true);
    expect(sizeOf(dense)).to.deep.equal({ neurons: 13, connections: 58, bytes: 8 * (58 + 13) });
    const nodes = windows['a convolution with stride, dilation, padding and groups']!;
    const conv = chainOf([image, ...nodes, { kind: 'neuron', name: 'n' }, ...readout]);
    const [first] = translate({ network: Network.fromGraph(conv) }).layers;
    expect(isDense(first!.connections)).to.equal(false);
  });
});

describe('a network that no chain of plain neurons is', () => {
  const chain = (...nodes: GraphNode[]): Graph => chainOf([image, ...nodes, ...readout]);
  const conv: GraphNode = { kind: 'conv', name: 'conv', weight: tensor([2, 2, 1, 1], 1) };
  const cases: Record<string, [graph: Graph, says: string, options?: BridgeModelOptions]> = {
    'leaky potentials': [chain({ kind: 'neuron', name: 'n', beta: 0.9 }), 'beta 0.9'],
    'leaky currents': [chain({ kind: 'neuron', name: 'n', alpha: 0.5 }), 'alpha 0.5'],
    'a reset to a value': [
      chain({ kind: 'neuron', name: 'n', reset: 'value', resetValue: 0.1 }),
      'to a value',
    ],
    'refractory steps': [chain({ kind: 'neuron', name: 'n', refractory: 2 }), 'refractory'],
    'negative spikes': [chain({ kind: 'neuron', name: 'n', ternary: true }), 'ternary'],
    bursts: [chain({ kind: 'neuron', name: 'n', burst: 3 }), 'bursts of 3'],
    'first potentials': [chain({ kind: 'neuron', name: 'n', initial: 0.5 }), 'begin with 0'],
    'two resets': [
      chain({ kind: 'neuron', name: 'n' }, { kind: 'neuron', name: 'm', reset: 'zero' }),
      'one reset for all layers',
    ],
    'another threshold in dsqn': [
      chain({ kind: 'neuron', name: 'n', threshold: 2 }),
      'threshold 1',
      { semantics: 'dsqn' },
    ],
    'a pool of maxima': [
      chain(
        { kind: 'neuron', name: 'n' },
        { kind: 'pool', name: 'p', mode: 'max', kernel: [2, 2] },
      ),
      'pool of max',
    ],
    'a skip over a layer': [
      {
        nodes: [
          image,
          { kind: 'neuron', name: 'n' },
          conv,
          { kind: 'neuron', name: 'm' },
          { kind: 'add', name: 'sum' },
          { kind: 'neuron', name: 'k' },
          ...readout,
        ],
        edges: [
          ['image', 'n'],
          ['n', 'conv'],
          ['conv', 'm'],
          ['m', 'sum'],
          ['n', 'sum'],
          ['sum', 'k'],
          ['k', 'flat'],
          ['flat', 'out'],
        ],
        outputs: ['out'],
      },
      'one layer of neurons',
    ],
  };
  for (const [name, [graph, says, options]] of Object.entries(cases)) {
    it(`is refused: ${name}`, () => {
      const error = refusal(graph, options);
      expect(error).to.include({ code: 'E_UNSUPPORTED' });
      expect(error.message).to.contain(says);
    });
  }

  it('is refused: too many connections, before they are made', () => {
    const error = refusal(denseGraph([3, 6, 5, 2]), { mostConnections: 57 });
    expect(error).to.include({ code: 'E_TOO_LARGE' });
    expect(error.message).to.contain('received about 58');
  });
});
