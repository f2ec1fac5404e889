import { expect } from 'chai';
import type { Graph } from '../../ts/graph.js';
import { readNpz, writeNpz } from '../../ts/formats/npz/index.js';
import type { NpyArray, Npz } from '../../ts/formats/npz/index.js';
import { decodeNetwork, encodeNetwork, isSpiqNpz } from '../../ts/formats/spiq-npz.js';
import { expectError } from './helpers/expect-error.js';
import { chain, floatGraph, spikingGraph, tensor } from './helpers/graphs.js';

const open = (bytes: Uint8Array): Npz => readNpz(bytes, 'net.npz');
const text = (value: string): NpyArray => {
  const data = new TextEncoder().encode(value);
  return { shape: [data.length], dtype: 'u1', data };
};

/** The file of a graph with some arrays replaced. */
function rewritten(graph: Graph, changes: Record<string, NpyArray | undefined>): Npz {
  const npz = open(encodeNetwork(graph));
  const entries = new Map(npz.keys.map((key) => [key, npz.get(key)]));
  for (const [key, array] of Object.entries(changes)) {
    if (array === undefined) entries.delete(key);
    else entries.set(key, array);
  }
  return open(writeNpz(entries));
}

/** The file of the spiking graph with its description changed. */
function redescribed(change: (description: Record<string, unknown>) => unknown): Npz {
  const npz = open(encodeNetwork(spikingGraph()));
  const description: unknown = JSON.parse(
    Buffer.from(npz.get('graph').data as Uint8Array).toString(),
  );
  const copy = { ...(description as Record<string, unknown>) };
  return rewritten(spikingGraph(), { graph: text(JSON.stringify(change(copy) ?? copy)) });
}

describe('spiq npz', () => {
  for (const layout of ['out-in', 'in-out'] as const) {
    it(`gives back float and spiking graphs exactly, stored as ${layout}`, () => {
      for (const graph of [floatGraph(), spikingGraph()]) {
        const bytes = encodeNetwork(graph, { layout });
        const npz = open(bytes);
        expect(isSpiqNpz(npz)).to.equal(true);
        expect(decodeNetwork(npz)).to.deep.equal(graph);
        expect(encodeNetwork(decodeNetwork(npz), { layout })).to.deep.equal(bytes);
      }
    });
  }

  it('stores plain arrays under w0 b0 w1 with no key for a bias that is not there', () => {
    const npz = open(encodeNetwork(floatGraph(), { layout: 'in-out' }));
    expect(npz.keys).to.deep.equal(['w0', 'b0', 'w1', 'layout', 'graph']);
    expect(npz.get('w0').shape).to.deep.equal([3, 5]);
    const first = floatGraph().nodes[1];
    const weight = first?.kind === 'dense' ? first.weight.data : [];
    expect(npz.get('w0').data[1]).to.equal(weight[3]);
    const scale = open(encodeNetwork(spikingGraph())).get('scale');
    expect(scale.data).to.deep.equal(Float32Array.of(1 / 3, 0.7));
  });

  it('numbers weights in the order they are reached, not listed', () => {
    const graph = floatGraph();
    const reversed = { ...graph, nodes: [...graph.nodes].reverse() };
    const npz = open(encodeNetwork(reversed));
    expect(npz.get('w0').shape).to.deep.equal([5, 3]);
    expect(decodeNetwork(npz)).to.deep.equal(reversed);
  });

  it('gives back two heads on one trunk', () => {
    const graph = floatGraph();
    const head = { kind: 'dense', name: 'head', weight: tensor([4, 5], 9) } as const;
    const forked: Graph = {
      nodes: [...graph.nodes, head],
      edges: [...graph.edges, ['active', 'head']],
      outputs: ['head', 'second'],
    };
    expect(decodeNetwork(open(encodeNetwork(forked)))).to.deep.equal(forked);
  });

  it('refuses graphs it could not give back', () => {
    const graph = floatGraph();
    const bad: [Graph, 'E_GRAPH' | 'E_SHAPE' | 'E_NOT_FINITE', string][] = [
      [{ ...graph, nodes: [...graph.nodes, ...graph.nodes] }, 'E_GRAPH', 'each node name once'],
      [{ ...graph, edges: [...graph.edges, ['x', 'second']] }, 'E_GRAPH', "'x'"],
      [{ ...graph, edges: [...graph.edges, ['obs', 'second']] }, 'E_GRAPH', 'exactly one edge'],
      [{ ...graph, edges: graph.edges.slice(1) }, 'E_GRAPH', 'first'],
      [{ ...graph, outputs: ['nothing'] }, 'E_GRAPH', 'nothing'],
      [{ ...graph, outputs: [] }, 'E_GRAPH', 'outputs'],
      [{ ...graph, epsilon: NaN }, 'E_NOT_FINITE', 'epsilon'],
      [
        chain(
          { kind: 'input', name: 'x', shape: [3] },
          { kind: 'dense', name: 'd', weight: tensor([2, 4]) },
        ),
        'E_SHAPE',
        "'d'",
      ],
    ];
    for (const [broken, code, part] of bad) expectError(() => encodeNetwork(broken), code, part);
    const cyclic = {
      ...graph,
      edges: [
        ['obs', 'first'],
        ['second', 'active'],
        ['active', 'second'],
      ] as const,
    };
    expectError(() => encodeNetwork(cyclic), 'E_GRAPH', 'cycle');
    expectError(() => encodeNetwork(graph, { layout: 'rows' as 'out-in' }), 'E_ARGUMENT', 'rows');
  });

  it('says so when the file is from a newer spiq', () => {
    const newer = redescribed((description) => ({ ...description, version: 2, surprise: [] }));
    expectError(() => decodeNetwork(newer), 'E_VERSION', 'net.npz', '2');
  });

  const faults: [string, (description: Record<string, unknown>) => unknown, string][] = [
    ['another format', (d) => ({ ...d, format: 'x' }), 'spiq-graph'],
    ['version 0', (d) => ({ ...d, version: 0 }), 'at least 1'],
    ['a fractional version', (d) => ({ ...d, version: 1.5 }), 'version'],
    ['an unknown field', (d) => ({ ...d, extra: 1 }), 'extra'],
    ['an unknown kind', (d) => ({ ...d, nodes: [{ kind: 'lstm', name: 'c' }] }), 'lstm'],
    [
      'a kind from the prototype',
      (d) => ({ ...d, nodes: [{ kind: 'toString', name: 'c' }] }),
      'kind',
    ],
    [
      'an unknown node field',
      (d) => ({ ...d, nodes: [{ kind: 'relu', name: 'r', bend: 1 }] }),
      'bend',
    ],
    ['a nameless node', (d) => ({ ...d, nodes: [{ kind: 'relu', name: '' }] }), 'name'],
    [
      'a text for a number',
      (d) => ({ ...d, nodes: [{ kind: 'neuron', name: 'n', threshold: '1' }] }),
      'threshold',
    ],
    [
      'an unknown reset',
      (d) => ({ ...d, nodes: [{ kind: 'neuron', name: 'n', reset: 'soft' }] }),
      'soft',
    ],
    [
      'a shape with a zero',
      (d) => ({ ...d, nodes: [{ kind: 'input', name: 'i', shape: [0] }] }),
      'shape',
    ],
    ['an edge of three', (d) => ({ ...d, edges: [['a', 'b', 'c']] }), 'edge'],
    ['a list for an object', () => [], 'object'],
    ['a conversion without scale', (d) => ({ ...d, conversion: { method: 'data' } }), 'scale'],
  ];
  for (const [fault, change, part] of faults) {
    it(`refuses a description with ${fault}`, () => {
      expectError(() => decodeNetwork(redescribed(change)), 'E_FORMAT', 'net.npz', part);
    });
  }

  it('refuses arrays that contradict the description', () => {
    const graph = spikingGraph();
    const one: NpyArray = { shape: [1], dtype: 'f4', data: Float32Array.of(1) };
    const check = (
      changes: Record<string, NpyArray | undefined>,
      code: 'E_FORMAT' | 'E_SHAPE',
      part: string,
    ) => expectError(() => decodeNetwork(rewritten(graph, changes)), code, 'net.npz', part);
    check({ w1: undefined }, 'E_FORMAT', 'w0, b0, b1');
    check({ b0: one }, 'E_SHAPE', "'b0'");
    check({ w0: { ...one, dtype: 'f8', data: Float64Array.of(1) } }, 'E_FORMAT', 'f8');
    check({ scale: one }, 'E_FORMAT', 'scale');
    check({ layout: text('sideways') }, 'E_FORMAT', 'sideways');
    check({ layout: one }, 'E_FORMAT', 'u1');
    check({ graph: text('{') }, 'E_FORMAT', 'JSON');
    check({ graph: { shape: [1], dtype: 'u1', data: Uint8Array.of(0xff) } }, 'E_FORMAT', 'UTF-8');
  });
});
