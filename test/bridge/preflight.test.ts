import { expect } from 'chai';
import { preflight } from '../../ts/bridge/preflight.js';
import type { GraphNode } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { denseGraph, smallNetwork } from './support.js';

/** A chain of dense layers whose first weight and last bias are these. */
function networkWith(weight: number, bias: number): Network {
  const graph = denseGraph([3, 6, 5, 2]);
  let seen = 0;
  const nodes = graph.nodes.map((node): GraphNode => {
    if (node.kind !== 'dense') return node;
    seen += 1;
    if (seen !== 2) return node;
    const data = node.weight.data.slice();
    data[0] = weight;
    const biases = node.bias!.data.slice();
    biases[0] = bias;
    const { shape } = node.weight;
    return { ...node, weight: { shape, data }, bias: { shape: node.bias!.shape, data: biases } };
  });
  return Network.fromGraph({ ...graph, nodes });
}

describe('a pre-flight', () => {
  it('of a network that fits has notes alone', () => {
    for (const backend of ['nest', 'pynn-nest', 'brian2', 'reference'] as const) {
      const { fits, exact, records, size } = preflight({ backend, network: smallNetwork() });
      expect({ fits, exact }).to.deep.equal({ fits: true, exact: true });
      expect(new Set(records.map(({ verdict }) => verdict))).to.deep.equal(new Set(['note']));
      expect(size).to.include({ neurons: 13, connections: 58 });
    }
  });

  it('tells what a chip changes, and refuses what it has not', () => {
    const network = networkWith(1e-7, -1.5);
    const backend = 'spinnaker-virtual';
    const { fits, exact, records } = preflight({ backend, network, reset: 'zero' });
    expect({ fits, exact }).to.deep.equal({ fits: true, exact: false });
    const changed = records.filter(({ verdict }) => verdict === 'changed');
    const aspects = changed.map(({ aspect }) => aspect);
    expect(aspects).to.include.members(['leak', 'rounding', 'bias']);
    expect(changed.map(({ text }) => text).join()).to.match(/1 of 30 become 0/);
    expect(changed.find(({ aspect }) => aspect === 'bias')!.text).to.contain('1 negative bias');
    const refused = preflight({ backend, network, semantics: 'dsqn' });
    expect(refused.fits).to.equal(false);
    const reasons = refused.records.filter(({ verdict }) => verdict === 'refused');
    expect(reasons.map(({ aspect }) => aspect)).to.deep.equal(['reset', 'semantics']);
  });

  it('names every neuron that no back end has', () => {
    const graph = denseGraph([3, 4, 4, 2]);
    const nodes = graph.nodes.map((node): GraphNode =>
      node.kind === 'neuron' ? { ...node, beta: 0.9, refractory: 1 } : node,
    );
    const network = Network.fromGraph({ ...graph, nodes });
    const { fits, records, size } = preflight({ backend: 'nest', network });
    expect({ fits, size }).to.deep.equal({ fits: false, size: undefined });
    expect(records.map(({ aspect, layer }) => `${aspect} ${layer!}`)).to.deep.equal([
      'neuron n0',
      'leak n0',
      'neuron n1',
      'leak n1',
    ]);
  });

  it('refuses numbers out of range and networks that are too large', () => {
    const huge = preflight({ backend: 'nest', network: networkWith(1e30, 0) });
    expect(huge.records.find(({ verdict }) => verdict === 'refused')).to.include({
      aspect: 'range',
    });
    const large = preflight({ backend: 'nest', network: smallNetwork(), mostConnections: 10 });
    expect(large.records).to.have.length(1);
    expect(large.records[0]).to.include({ aspect: 'size', verdict: 'refused' });
  });
});
