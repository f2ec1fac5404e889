import { expect } from 'chai';
import type { ErrorCode } from '../../ts/errors.js';
import type { Edge, Graph, GraphNode } from '../../ts/graph.js';
import { orderedSteps, shapesOf } from '../../ts/formats/graph-structure.js';
import { readNpz, writeNpz } from '../../ts/formats/npz/index.js';
import type { Npz, NpyArray } from '../../ts/formats/npz/index.js';
import { decodeNetwork, encodeNetwork } from '../../ts/formats/spiq-npz.js';
import {
  everyFloatKind,
  everyImportedKind,
  everyPotential,
  everySpikingKind,
} from './helpers/every-kind.js';
import { expectError } from './helpers/expect-error.js';
import { chain, tensor } from './helpers/graphs.js';

const open = (bytes: Uint8Array): Npz => readNpz(bytes, 'net.npz');

/** The file of a graph with one node of its description changed. */
function redescribed(graph: Graph, name: string, changes: object): Npz {
  const npz = open(encodeNetwork(graph));
  const entries = new Map<string, NpyArray>(npz.keys.map((key) => [key, npz.get(key)]));
  const text = Buffer.from(npz.get('graph').data as Uint8Array).toString();
  const description = JSON.parse(text) as { nodes: { name: string }[] };
  const nodes = description.nodes.map((node) =>
    node.name === name ? { ...node, ...changes } : node,
  );
  const data = new TextEncoder().encode(JSON.stringify({ ...description, nodes }));
  entries.set('graph', { shape: [data.length], dtype: 'u1', data });
  return open(writeNpz(entries));
}

describe('spiq npz: every kind of node', () => {
  for (const [what, graph] of Object.entries({
    float: everyFloatKind(),
    spiking: everySpikingKind(),
    imported: everyImportedKind(),
    potential: everyPotential(),
  })) {
    for (const layout of ['out-in', 'in-out'] as const) {
      it(`gives back ${what} nodes and edges exactly, stored as ${layout}`, () => {
        const bytes = encodeNetwork(graph, { layout });
        expect(decodeNetwork(open(bytes))).to.deep.equal(graph);
        expect(encodeNetwork(decodeNetwork(open(bytes)), { layout })).to.deep.equal(bytes);
      });
    }
  }

  it('names weights by their number, other arrays by what they are', () => {
    const npz = open(encodeNetwork(everyFloatKind(), { layout: 'in-out' }));
    const norm = ['scale', 'shift', 'mean', 'variance'].map((role) => `norm0_${role}`);
    const weights = ['w1', 'w2', 'b2', 'w3', 'b3'];
    expect(npz.keys).to.deep.equal(['w0', 'b0', ...norm, ...weights, 'layout', 'graph']);
    // The layout is that of matrices.
    expect(npz.get('w0').shape).to.deep.equal([4, 1, 3, 3]);
    expect(npz.get('w3').shape).to.deep.equal([3, 2]);
    const spiking = open(encodeNetwork(everySpikingKind()));
    expect(spiking.keys).to.deep.equal(['w0', 'thresholds0', 'w1', 'b1', 'layout', 'graph']);
    const scales = ['scale0_factor', 'scale0_offset', 'scale1_factor', 'slopes0'];
    expect(open(encodeNetwork(everyImportedKind())).keys).to.deep.equal([
      'input_factor',
      'input_offset',
      ...scales,
      'w0',
      'layout',
      'graph',
    ]);
    const each = ['initials0', 'scale0_factor', 'scale0_offset', 'negatives1', 'initials2'];
    expect(open(encodeNetwork(everyPotential())).keys).to.deep.equal([...each, 'layout', 'graph']);
  });

  it('leaves a delay of 0 out', () => {
    const graph = chain(...everySpikingKind().nodes);
    const zero = graph.edges.map(([from, to]): Edge => [from, to, 0]);
    expect(encodeNetwork({ ...graph, edges: zero })).to.deep.equal(encodeNetwork(graph));
  });

  it('computes the shapes that follow', () => {
    const shapes = Object.fromEntries(shapesOf(everyFloatKind(), 'test'));
    expect(shapes).to.deep.include({
      conv: [4, 3, 4],
      maximum: [4, 3, 4],
      sum: [4, 3, 4],
      beside: [4, 6, 4],
      larger: [4, 6, 8],
      wider: [3, 13, 15],
      mean: [3, 5, 5],
      all: [3, 1, 1],
      flat: [3],
    });
  });

  it('takes the first of the list among nodes that could come next', () => {
    const graph: Graph = {
      nodes: [
        { kind: 'add', name: 'late' },
        { kind: 'relu', name: 'b' },
        { kind: 'input', name: 'x', shape: [1] },
        { kind: 'relu', name: 'c' },
        { kind: 'relu', name: 'a' },
      ],
      edges: [
        ['x', 'a'],
        ['a', 'b'],
        ['a', 'c'],
        ['c', 'late'],
        ['b', 'late'],
      ],
      outputs: ['late'],
    };
    const names = orderedSteps(graph, 'test').map(({ node }) => node.name);
    expect(names).to.deep.equal(['x', 'a', 'b', 'c', 'late']);
  });
});

describe('spiq npz: what is refused of the kinds', () => {
  const float = everyFloatKind();
  const described: [string, object, ErrorCode, string][] = [
    ['conv', { weight: undefined }, 'E_FORMAT', 'weight'],
    ['conv', { weight: { key: 'w0', shape: [4, 1, 9] } }, 'E_SHAPE', "'w0'"],
    ['conv', { weight: { key: 'w9', shape: [4, 1, 3, 3] } }, 'E_FORMAT', 'w9'],
    ['conv', { stride: [0, 1] }, 'E_FORMAT', 'stride'],
    ['conv', { stride: [1] }, 'E_SHAPE', 'stride'],
    ['conv', { padding: [0, 0, 0, -1] }, 'E_FORMAT', 'padding'],
    ['conv', { groups: 3 }, 'E_RANGE', 'a divisor of 4'],
    ['conv', { groups: 0 }, 'E_RANGE', 'groups'],
    ['conv', { groups: 1 }, 'E_SHAPE', 'an input of 1 channels'],
    ['conv', { slope: 1 }, 'E_FORMAT', 'slope'],
    ['wider', { outputPadding: [2, 0] }, 'E_RANGE', 'outputPadding'],
    ['wider', { padding: [99, 99, 0, 0] }, 'E_SHAPE', 'room for the kernel'],
    ['maximum', { mode: 'median' }, 'E_FORMAT', 'median'],
    ['maximum', { spikes: 'first' }, 'E_FORMAT', 'first'],
    ['maximum', { kernel: undefined }, 'E_GRAPH', 'beside stride, dilation or padding'],
    ['maximum', { kernel: [9, 9] }, 'E_SHAPE', 'room for the kernel'],
    ['maximum', { padding: [2, 0, 0, 0] }, 'E_RANGE', 'padding'],
    ['norm', { mean: undefined }, 'E_FORMAT', 'mean'],
    ['norm', { epsilon: '1' }, 'E_FORMAT', 'epsilon'],
    ['beside', { axis: 3 }, 'E_RANGE', 'axis'],
    ['beside', { axis: -1 }, 'E_FORMAT', 'axis'],
    ['larger', { scale: [2] }, 'E_SHAPE', 'scale'],
    ['row', { shape: [4] }, 'E_SHAPE', 'as many elements'],
  ];
  for (const [name, changes, code, part] of described) {
    it(`${name} with ${JSON.stringify(changes)}`, () => {
      expectError(() => decodeNetwork(redescribed(float, name, changes)), code, 'net.npz', part);
    });
  }

  const withNode = (name: string, changes: object): Graph => ({
    ...float,
    nodes: float.nodes.map((node): GraphNode =>
      node.name === name ? { ...node, ...changes } : node,
    ),
  });
  const withEdges = (...edges: Edge[]): Graph => ({ ...float, edges: [...float.edges, ...edges] });
  const nan = { shape: [4], data: Float32Array.of(1, NaN, 1, 1) };
  const graphs: [string, Graph, ErrorCode, string][] = [
    ['channels that do not fit', withNode('image', { shape: [3, 6, 6] }), 'E_SHAPE', '2 channels'],
    ['a kernel without extent', withNode('conv', { weight: tensor([4, 1]) }), 'E_SHAPE', 'weight'],
    ['a norm of other channels', withNode('norm', { mean: tensor([3]) }), 'E_SHAPE', 'mean'],
    ['NaN', withNode('norm', { shift: nan }), 'E_NOT_FINITE', "'norm': shift"],
    ['sums of unequal shapes', withNode('plain', { stride: [1, 2] }), 'E_SHAPE', "'sum'"],
    ['an edge twice', withEdges(['image', 'conv']), 'E_GRAPH', 'a second one'],
    ['an edge into the input', withEdges(['conv', 'image']), 'E_GRAPH', 'no edge into it'],
    ['a cycle', withEdges(['q', 'sum']), 'E_GRAPH', 'no delay breaks'],
    ['a delay elsewhere', withEdges(['q', 'conv', 1]), 'E_UNSUPPORTED', 'add node'],
    ['a delay too long', withEdges(['conv', 'sum', 1001]), 'E_RANGE', '0 to 1000'],
    ['a delay of half a step', withEdges(['conv', 'sum', 0.5]), 'E_RANGE', '0 to 1000'],
    ['a delayed stranger', withEdges(['q', 'sum', 1]), 'E_SHAPE', "'sum'"],
    [
      'delays only',
      { ...float, edges: float.edges.map(([a, b]): Edge => [a, b, b === 'sum' ? 1 : 0]) },
      'E_GRAPH',
      'without delay',
    ],
  ];
  for (const [what, graph, code, part] of graphs) {
    it(what, () => {
      expectError(() => encodeNetwork(graph), code, part);
    });
  }

  it('thresholds of other channels', () => {
    const graph = everySpikingKind();
    const nodes = graph.nodes.map((node) =>
      node.name === 'spikes' ? ({ ...node, thresholds: tensor([2]) } as GraphNode) : node,
    );
    expectError(() => encodeNetwork({ ...graph, nodes }), 'E_SHAPE', "'spikes'", '3 channels');
  });
});
