import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadGraph } from '../../ts/formats/load.js';
import { readNpz, writeNpz } from '../../ts/formats/npz/index.js';
import { exportOnnx } from '../../ts/formats/onnx/index.js';
import { encodeNetwork } from '../../ts/formats/spiq-npz.js';
import { expectRejection } from './helpers/expect-error.js';
import { referenceForward as forward } from './helpers/forward.js';
import { floatGraph, spikingGraph } from './helpers/graphs.js';

describe('loadGraph', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'spiq-load-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  function save(name: string, bytes: Uint8Array): string {
    const path = join(directory, name);
    writeFileSync(path, bytes);
    return path;
  }

  it('tells the formats apart by content, whatever the name', async () => {
    const onnx = await loadGraph(save('a.npz', exportOnnx(spikingGraph())), { forward });
    expect(onnx).to.deep.include({ source: 'onnx', graph: spikingGraph(), notes: [] });
    expect(onnx.check?.status).to.equal('verified');

    const own = await loadGraph(save('b.onnx', encodeNetwork(spikingGraph())), { forward });
    expect(own).to.deep.equal({ source: 'spiq-npz', graph: spikingGraph(), notes: [] });

    const npz = readNpz(encodeNetwork(floatGraph()), 'own');
    const entries = new Map(['w0', 'b0', 'w1'].map((key) => [key, npz.get(key)]));
    const bare = await loadGraph(save('c', writeNpz(entries)), { forward, layout: 'out-in' });
    expect(bare.source).to.equal('bare-npz');
    expect(bare.graph.nodes).to.have.length(4);
  });

  it('notes a layout that the file makes needless, and demands one where it does not', async () => {
    const path = save('own.npz', encodeNetwork(floatGraph(), { layout: 'in-out' }));
    const { graph, notes } = await loadGraph(path, { forward, layout: 'out-in' });
    expect(graph).to.deep.equal(floatGraph());
    expect(notes).to.have.length(1);
    const w0 = { shape: [1, 1], dtype: 'f4', data: Float32Array.of(1) } as const;
    const bare = save('bare.npz', writeNpz({ w0 }));
    await expectRejection(loadGraph(bare, { forward }), 'E_ARGUMENT', bare, '--layout');
  });

  it('names a file that is missing or no network', async () => {
    const missing = join(directory, 'none.onnx');
    await expectRejection(loadGraph(missing, { forward }), 'E_FILE', missing);
    const text = save('text.onnx', Buffer.from('not a network'));
    await expectRejection(loadGraph(text, { forward }), 'E_FORMAT', text);
  });
});
