import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { exportPynn } from '../../ts/bridge/export-pynn.js';
import type { BridgeModelOptions } from '../../ts/bridge/options.js';
import { runOwn } from '../../ts/bridge/own-engine.js';
import { readNpzFile, toFloat64, writeNpy } from '../../ts/formats/npz/index.js';
import type { GraphNode } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { engineSuite } from './engines.js';
import { denseGraph, randomRows } from './support.js';

const rows = 10;

describe('the exported PyNN program', function () {
  this.timeout(120_000);
  const suite = engineSuite('pynn-nest');

  /** Runs it in a process that has PyNN, and nothing of spiq's. */
  const expectSame = async (network: Network, options: BridgeModelOptions): Promise<void> => {
    const folder = path.join(suite.folder, 'program');
    const { files } = exportPynn({ network, ...options }, folder);
    expect(files).to.deep.equal(['run_network.py', 'network.json', 'network.npz']);
    const x = randomRows(rows, network.inputSize);
    const observations = path.join(suite.folder, 'x.npy');
    const array = { shape: [rows, network.inputSize], dtype: 'f8', data: x } as const;
    writeFileSync(observations, writeNpy(array, 'x'));
    const result = path.join(suite.folder, 'result.npz');
    const args = [files[0]!, '--obs', observations, '--out', result, '--copies', '4'];
    const { status, stderr } = spawnSync(suite.python, args, { cwd: folder, encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
    const own = await runOwn(network, options, x);
    const npz = readNpzFile(result);
    own.counts.forEach((counts, l) => {
      const there = toFloat64(npz.get(`spikes${l}`)).data;
      expect([...there], `layer ${l}`).to.deep.equal([...Array.from(counts)]);
    });
    const potentials = toFloat64(npz.get('potentials')).data;
    const largest = Math.max(...potentials.map((v, k) => Math.abs(v - own.potentials[k]!)));
    expect(largest).to.be.lessThan(1e-9);
  };

  for (const semantics of ['direct', 'dsqn'] as const) {
    for (const reset of ['subtraction', 'zero'] as const) {
      it(`gives the spikes of spiq in NEST, ${semantics}, reset ${reset}`, async () => {
        const network = Network.fromGraph(denseGraph([4, 12, 8, 2], 1, 1.5));
        await expectSame(network, { semantics, reset, steps: 40 });
      });
    }
  }

  it('gives those of an output layer that fires', async () => {
    const graph = denseGraph([4, 8, 3], 5, 1.5);
    const firing = (threshold: number): Network => {
      const nodes = graph.nodes.map((node): GraphNode =>
        node.kind === 'accumulator' ? { kind: 'neuron', name: node.name, threshold } : node,
      );
      return Network.fromGraph({ ...graph, nodes });
    };
    await expectSame(firing(0.8), { decoding: 'spikes', steps: 40 });
    await expectSame(firing(1), { semantics: 'dsqn', decoding: 'spikes', steps: 40 });
  });
});
