import { expect } from 'chai';
import { convert } from '../../ts/convert/index.js';
import type { ErrorCode } from '../../ts/errors.js';
import type { Graph, GraphNode } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { chain, tensor } from '../formats/helpers/graphs.js';
import {
  everyFloatKind,
  everyImportedKind,
  everyPotential,
  everySpikingKind,
} from '../formats/helpers/every-kind.js';
import { expectRefused } from './refused.js';

const plainOf = (graph: Graph): Graph => Network.nativeOf(Network.fromGraph(graph)).toPlain();

describe('façade: graphs through the addon', () => {
  it('come back as they were given, every kind and field, batch norms among them', () => {
    expect(plainOf(everyFloatKind())).to.deep.equal({
      ...everyFloatKind(),
      nodes: everyFloatKind().nodes.map((node) => {
        // What was given as the default is left out.
        const { groups, ...rest } = node as { groups?: number };
        return groups === 1 ? rest : node;
      }),
    });
    for (const graph of [everySpikingKind(), everyImportedKind(), everyPotential()])
      expect(plainOf(graph)).to.deep.equal(graph);
  });

  it('leave out what equals its default, twice as once', () => {
    const nodes: GraphNode[] = [
      { kind: 'input', name: 'x', shape: [2] },
      {
        kind: 'neuron',
        name: 'n',
        threshold: 1,
        initial: 0,
        alpha: 0,
        beta: 1,
        reset: 'subtraction',
        resetValue: 0,
        refractory: 0,
        ternary: false,
        burst: 1,
      },
      { kind: 'concat', name: 'c', axis: 0 },
      { kind: 'accumulator', name: 'a', alpha: 0, beta: 1 },
    ];
    const given = chain(...nodes);
    const plain = plainOf({ ...given, edges: given.edges.map(([from, to]) => [from, to, 0]) });
    expect(plain).to.deep.equal(
      chain(
        ...nodes.map(({ kind, name }, i) => (i === 0 ? nodes[0]! : ({ kind, name } as GraphNode))),
      ),
    );
    expect(plainOf(plain)).to.deep.equal(plain);
  });
});

describe('façade: batch norms', () => {
  // 2 (x - 1) + 3 and 0.25 (x + 4) - 1
  const norm: GraphNode = {
    kind: 'batch_norm',
    name: 'norm',
    scale: { shape: [2], data: Float32Array.of(4, 0.5) },
    shift: { shape: [2], data: Float32Array.of(3, -1) },
    mean: { shape: [2], data: Float32Array.of(1, -4) },
    variance: { shape: [2], data: Float32Array.of(3, 3) },
    epsilon: 1,
  };
  const weight = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
  const input: GraphNode = { kind: 'input', name: 'x', shape: [2] };
  const dense: GraphNode = { kind: 'dense', name: 'fc', weight };

  it('are folded into the layer before or behind', () => {
    const before = Network.fromGraph(chain(input, dense, norm));
    expect([...before.forwardSync(Float32Array.of(1, 2))]).to.deep.equal([11, 2.75]);
    const behind = Network.fromGraph(chain(input, norm, dense));
    expect([...behind.forwardSync(Float32Array.of(1, 2))]).to.deep.equal([4, 11]);
  });

  it('do not keep a network from conversion', async () => {
    const folded = Network.fromGraph(chain(input, dense, norm));
    const { graph } = await convert(folded, { method: 'model' });
    expect(graph.nodes.map(({ kind }) => kind)).to.deep.equal(['input', 'dense', 'neuron']);
    expect(folded.graph.nodes.map(({ kind }) => kind)).to.include('batch_norm');
  });
});

describe('façade: what nodes of each kind are refused for', () => {
  const weight = tensor([3, 2, 3, 3]);
  const refusals: [Record<string, unknown>, ErrorCode, string | RegExp][] = [
    [{ kind: 'conv' }, 'E_ARGUMENT', "'weight'"],
    [{ kind: 'conv', weight: tensor([3, 2]) }, 'E_SHAPE', 'in / groups'],
    [{ kind: 'conv', weight, stride: 1 }, 'E_ARGUMENT', "node 'n' stride"],
    [{ kind: 'conv', weight, stride: [] }, 'E_SHAPE', 'at least one size'],
    [{ kind: 'conv', weight, stride: [1] }, 'E_SHAPE', '2 sizes'],
    [{ kind: 'conv', weight, stride: [1, 0] }, 'E_RANGE', 'at least 1'],
    [{ kind: 'conv', weight, padding: [0, 0, 0, -1] }, 'E_RANGE', 'at least 0'],
    [{ kind: 'conv', weight, dilation: [1, 0.5] }, 'E_SHAPE', 'whole sizes'],
    [{ kind: 'conv', weight, dilation: ['1', 1] }, 'E_SHAPE', 'whole sizes'],
    [{ kind: 'conv', weight, groups: 2 }, 'E_RANGE', 'a divisor of 3'],
    [{ kind: 'conv', weight, groups: 0 }, 'E_RANGE', 'groups'],
    [{ kind: 'conv', weight, outputPadding: [0, 0] }, 'E_ARGUMENT', "'outputPadding'"],
    [
      { kind: 'conv_transpose', weight: tensor([2, 3, 3, 3]), outputPadding: [1, 0] },
      'E_RANGE',
      'outputPadding',
    ],
    [{ kind: 'pool' }, 'E_ARGUMENT', "'mode'"],
    [{ kind: 'pool', mode: 'median' }, 'E_ARGUMENT', 'one of average, sum, max'],
    [{ kind: 'pool', mode: 'max', spikes: 'first' }, 'E_ARGUMENT', 'one of gated, average'],
    [{ kind: 'pool', mode: 'max', stride: [1, 1] }, 'E_ARGUMENT', 'kernel'],
    [{ kind: 'pool', mode: 'max', kernel: [9, 9] }, 'E_SHAPE', 'room for the kernel'],
    [{ kind: 'pool', mode: 'average', countPadding: 1 }, 'E_ARGUMENT', 'true or false'],
    [
      { kind: 'batch_norm', scale: tensor([2]), shift: tensor([2]), mean: tensor([2]) },
      'E_ARGUMENT',
      "'variance'",
    ],
    [{ kind: 'reshape', shape: [7] }, 'E_SHAPE', 'as many elements'],
    [{ kind: 'concat', axis: 3 }, 'E_RANGE', 'axis'],
    [{ kind: 'upsample' }, 'E_ARGUMENT', "'scale'"],
    [{ kind: 'upsample', scale: [2] }, 'E_SHAPE', 'one scale for each'],
    [
      { kind: 'neuron', thresholds: { shape: [3], data: Float32Array.of(1, 2, 3) } },
      'E_SHAPE',
      'thresholds',
    ],
    [{ kind: 'neuron', initial: '0' }, 'E_ARGUMENT', "'initial'"],
    [{ kind: 'neuron', initial: Infinity }, 'E_RANGE', 'initial'],
  ];
  for (const [node, code, part] of refusals) {
    const { kind, ...fields } = node;
    it(`${String(kind)} with ${JSON.stringify(Object.keys(fields))}: ${String(part)}`, () => {
      const graph = chain({ kind: 'input', name: 'x', shape: [2, 6, 6] }, {
        ...node,
        name: 'n',
      } as unknown as GraphNode);
      expectRefused(() => Network.fromGraph(graph), code, part);
    });
  }

  it('nothing: a batch norm that nothing can take in is a scale', () => {
    const norm: GraphNode = {
      kind: 'batch_norm',
      name: 'bn',
      scale: { shape: [2], data: Float32Array.of(4, 0.5) },
      shift: { shape: [2], data: Float32Array.of(3, -1) },
      mean: { shape: [2], data: Float32Array.of(1, -4) },
      variance: { shape: [2], data: Float32Array.of(3, 3) },
      epsilon: 1,
    };
    const graph = chain(
      { kind: 'input', name: 'x', shape: [2, 1, 2] },
      { kind: 'relu', name: 'active' },
      norm,
      { kind: 'flatten', name: 'flat' },
      {
        kind: 'dense',
        name: 'q',
        weight: { shape: [1, 4], data: Float32Array.of(1, 10, 100, 1e3) },
      },
    );
    // 2 (x - 1) + 3 and 0.25 (x + 4) - 1
    const out = Network.fromGraph(graph).forwardSync(Float32Array.of(1, -1, 2, 4));
    expect([...out]).to.deep.equal([3 + 10 + 50 + 1000]);
  });
});
