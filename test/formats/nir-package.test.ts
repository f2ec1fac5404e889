import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Graph } from '../../ts/graph.js';
import { loadGraph } from '../../ts/formats/load.js';
import { encodeNir, nirProfiles } from '../../ts/formats/nir/index.js';
import { importScript, repositoryRoot } from '../scripts/repository.js';
import { chain, tensor } from './helpers/graphs.js';

interface Described {
  readonly version: string;
  readonly nodes: Readonly<Record<string, { type: string; input: unknown; output: unknown }>>;
  readonly edges: readonly (readonly string[])[];
  readonly metadata: readonly string[];
  readonly spiq: string;
}

interface Answer {
  readonly read: readonly Described[];
  readonly written: Readonly<Record<string, string>>;
}

interface PythonEnvironments {
  readonly ensurePython: (root: string, profile: string) => Promise<string>;
}

const noForward = async (): Promise<Float32Array> => new Float32Array();

const network: Graph = chain(
  { kind: 'input', name: 'x', shape: [1, 6, 6] },
  { kind: 'conv', name: 'conv', weight: tensor([2, 1, 3, 3], 1), stride: [1, 1] },
  { kind: 'neuron', name: 'unit', beta: 0.5, reset: 'zero' },
  { kind: 'pool', name: 'mean', mode: 'average', kernel: [2, 2] },
  { kind: 'flatten', name: 'flat' },
  { kind: 'dense', name: 'fc', weight: tensor([3, 8], 2), bias: tensor([3], 3) },
  { kind: 'neuron', name: 'out', beta: 0.25, reset: 'zero' },
);

describe('NIR and its Python package', function () {
  // Each file is read by a thread that loads the library anew.
  this.timeout(60_000);
  let folder: string;
  let answer: Answer;

  before(async function () {
    // The first run makes the environment.
    this.timeout(600_000);
    const scripts = await importScript<PythonEnvironments>('lib/python-env.mjs');
    const python = await scripts.ensurePython(repositoryRoot, 'nir');
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-nir-'));
    const read: string[] = [];
    for (const profile of nirProfiles) {
      const file = path.join(folder, `${profile}.ours`);
      writeFileSync(file, (await encodeNir(network, { profile, lossy: true })).bytes);
      read.push(file);
    }
    const script = path.join(repositoryRoot, 'test', 'formats', 'nir_check.py');
    const { status, stdout, stderr } = spawnSync(python, [script], {
      input: JSON.stringify({ read, write: folder }),
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`nir_check.py: ${stderr}`);
    answer = JSON.parse(stdout) as Answer;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [index, profile] of nirProfiles.entries()) {
    it(`reads our files, their types and shapes fitting: ${profile}`, () => {
      const { version, nodes, edges, metadata, spiq } = answer.read[index]!;
      expect(version).to.equal('1.0.8');
      const names = ['input', 'conv', 'unit', 'mean', 'flat', 'fc', 'out', 'output'];
      expect(Object.keys(nodes)).to.have.members(names);
      const chained = names.slice(1).map((name, at) => [names[at]!, name]);
      expect(edges).to.have.deep.members(chained);
      expect(nodes.conv).to.deep.equal({ type: 'Conv2d', input: [1, 6, 6], output: [2, 4, 4] });
      expect(nodes.unit).to.deep.equal({ type: 'LIF', input: [2, 4, 4], output: [2, 4, 4] });
      const asSum = profile === 'norse' || profile === 'sinabs';
      expect(nodes.mean!.type).to.equal(asSum ? 'SumPool2d' : 'AvgPool2d');
      expect(nodes.flat).to.deep.equal({ type: 'Flatten', input: [2, 2, 2], output: [8] });
      expect(nodes.fc).to.deep.equal({ type: 'Affine', input: [8], output: [3] });
      expect(nodes.output!.input).to.deep.equal([3]);
      expect([metadata, spiq]).to.deep.equal([['dt', 'spiq'], 'spiq-nir']);
    });
  }

  const load = async (name: string) => {
    const { graph, source } = await loadGraph(answer.written[name]!, { forward: noForward });
    expect(source).to.equal('nir');
    return graph;
  };

  it('writes every kind of unit as we read it', async () => {
    const expected = {
      I: { kind: 'accumulator', name: 'unit' },
      IF: { kind: 'neuron', reset: 'zero' },
      LI: { kind: 'accumulator' },
      LIF: { kind: 'neuron', reset: 'value', resetValue: -0.5 },
      CubaLI: { kind: 'accumulator' },
      CubaLIF: { kind: 'neuron', reset: 'zero' },
      Threshold: { kind: 'neuron', beta: 0 },
      Scale: { kind: 'scale', factor: { shape: [3], data: Float32Array.of(2, 2, 2) } },
      Linear: { kind: 'dense' },
    };
    for (const [name, node] of Object.entries(expected)) {
      expect((await load(name)).nodes.at(-1), name).to.deep.include(node);
    }
    const { nodes } = await load('CubaLIF');
    const [, fc, unit] = nodes;
    const share = 1e-4 / Math.fround(1e-3);
    expect(unit).to.include({ alpha: 1 - share, beta: 1 - share });
    expect((fc as { weight: { data: Float32Array } }).weight.data[0]).to.equal(
      Math.fround(share * share),
    );
  });

  it('writes layers, cycles, delays and nested graphs as we read them', async () => {
    const image = await load('image');
    expect(image.nodes.map(({ kind }) => kind)).to.deep.equal([
      ...['input', 'conv', 'pool', 'pool', 'flatten'],
    ]);
    expect(image.nodes[1]).to.deep.include({ padding: [1, 1, 1, 1] });
    expect((await load('wave')).nodes[1]).to.deep.include({ stride: [2], padding: [1, 1] });
    const { edges } = await load('loop');
    expect(edges).to.deep.include.members([
      ['input', 'unit_sum'],
      ['back', 'unit_sum', 1],
    ]);
    expect(edges.filter(([, , delay]) => delay === 2)).to.have.length(1);
    expect((await load('nested')).nodes.at(-1)).to.include({ name: 'block.unit' });
  });
});
