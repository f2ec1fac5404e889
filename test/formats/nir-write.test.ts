import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Graph, GraphNode, NeuronAttributes } from '../../ts/graph.js';
import {
  decodeNir,
  encodeNir,
  networkOf,
  nirProfiles,
  nirTree,
} from '../../ts/formats/nir/index.js';
import type { NirProfile, NirWriteOptions } from '../../ts/formats/nir/index.js';
import { group, isHdf5, readHdf5, text } from '../../ts/formats/nir/hdf5/index.js';
import type {
  Hdf5Group,
  Hdf5Numbers,
  Hdf5Text,
  Hdf5Value,
} from '../../ts/formats/nir/hdf5/index.js';
import { expectError, expectRejection } from './helpers/expect-error.js';
import { everyFloatKind, everySpikingKind } from './helpers/every-kind.js';
import { chain, floatGraph, spikingGraph, tensor } from './helpers/graphs.js';

const withNeuron = (neuron: NeuronAttributes, ...more: GraphNode[]): Graph =>
  chain(
    { kind: 'input', name: 'x', shape: [2] },
    { kind: 'dense', name: 'fc', weight: tensor([3, 2], 1), bias: tensor([3], 2) },
    { kind: 'neuron', name: 'unit', reset: 'zero', ...neuron },
    ...more,
  );

const withMean = (...behind: GraphNode[]): Graph =>
  chain(
    { kind: 'input', name: 'x', shape: [1, 4, 4] },
    { kind: 'conv', name: 'conv', weight: tensor([2, 1, 1, 1], 3) },
    { kind: 'neuron', name: 'unit', reset: 'zero' },
    { kind: 'pool', name: 'mean', mode: 'average', kernel: [2, 4] },
    ...behind,
  );
const flatDense: GraphNode[] = [
  { kind: 'flatten', name: 'flat' },
  { kind: 'dense', name: 'out', weight: tensor([2, 4], 4) },
];

/** Of the file's nodes, by their names there. */
function nodesOf(graph: Graph, options: NirWriteOptions = {}): Map<string, Hdf5Group> {
  const root = nirTree(graph, options).tree.members.get('node') as Hdf5Group;
  return (root.members.get('nodes') as Hdf5Group).members as Map<string, Hdf5Group>;
}

/** The first number or text of each field. */
function firsts(node: Hdf5Group | undefined): Record<string, unknown> {
  const first = (value: Hdf5Value) => ('data' in value ? value.data[0] : value.kind);
  return Object.fromEntries([...node!.members].map(([name, value]) => [name, first(value)]));
}

const unitOf = (neuron: NeuronAttributes, options: NirWriteOptions) =>
  firsts(nodesOf(withNeuron(neuron), options).get('unit'));

const reached = Math.fround(1 - 1e-5);
const belowReached = reached - 2 ** -24;

describe('NIR export', function () {
  // Each file is written and read by a thread that loads the library anew.
  this.timeout(60_000);
  it('writes units as each library reads them', () => {
    const of = (profile: NirProfile, neuron: NeuronAttributes) => unitOf(neuron, { profile });
    const plain = { v_threshold: belowReached, v_reset: 0 };
    expect(of('generic', {})).to.deep.equal({ type: 'IF', r: 1e4, ...plain });
    expect(of('norse', {})).to.deep.equal({ type: 'IF', r: 1, ...plain });
    expect(of('spikingjelly', {})).to.deep.equal({
      ...plain,
      type: 'IF',
      r: 1e4,
      v_threshold: reached,
    });
    const endless = Math.fround(1e-4 * 2 ** 60);
    expect(of('snntorch', {})).to.deep.equal({
      ...{ type: 'LIF', tau: endless, r: 2 ** 60, v_leak: 0 },
      ...plain,
    });
    expect(of('generic', { beta: 0.75 })).to.include({ type: 'LIF', tau: Math.fround(4e-4), r: 4 });
    expect(of('norse', { beta: 0.75 })).to.include({ type: 'LIF', r: 1, tau: Math.fround(4e-3) });
    expect(of('norse', { beta: 0.75 }).v_threshold).to.be.closeTo(0.25 * reached, 1e-7);
    expect(of('generic', { alpha: 0.5, beta: 0.75 })).to.include({
      ...{ type: 'CubaLIF', tau_syn: Math.fround(2e-4), w_in: 2, r: 4 },
    });
    const sinabs = unitOf({ reset: 'subtraction', burst: 100, beta: 0.5 }, { profile: 'sinabs' });
    expect(sinabs).to.include({
      type: 'LIF',
      tau: Math.fround(1 / Math.log(2)),
      v_threshold: reached,
    });
  });

  it('writes read-outs as integrators, or as units that never fire where there are none', () => {
    const readout = (beta: number): Graph =>
      withNeuron({}, { kind: 'accumulator', name: 'q', beta });
    expect(firsts(nodesOf(readout(1)).get('q'))).to.deep.equal({ type: 'I', r: 1e4 });
    expect(firsts(nodesOf(readout(0.5)).get('q'))).to.include({ type: 'LI', r: 2, v_leak: 0 });
    const norse = nirTree(readout(1), { profile: 'norse' });
    expect(norse.notes.join()).to.include("'q'").and.include('never fire');
    const spiking = nodesOf(readout(1), { profile: 'norse' }).get('q');
    expect(firsts(spiking)).to.include({ type: 'IF', v_threshold: Math.fround(1e30) });
  });

  it('writes averages as sums where the library has no averages, divisors going to the next layer', () => {
    const weights = (profile: NirProfile) =>
      (
        nodesOf(withMean(...flatDense), { profile })
          .get('out')!
          .members.get('weight') as Hdf5Numbers
      ).data;
    const type = (profile: NirProfile) =>
      firsts(nodesOf(withMean(...flatDense), { profile }).get('mean')).type;
    expect([type('generic'), type('snntorch'), type('norse')]).to.deep.equal([
      ...['AvgPool2d', 'AvgPool2d', 'SumPool2d'],
    ]);
    expect(weights('snntorch')).to.deep.equal(tensor([2, 4], 4).data);
    expect(weights('norse')).to.deep.equal(tensor([2, 4], 4).data.map((value) => value / 8));
    const bare = withMean({ kind: 'neuron', name: 'out', reset: 'zero' });
    expectError(() => nirTree(bare, { profile: 'norse' }), 'E_UNSUPPORTED', "'mean'", 'divisor');
  });

  it('writes sums as several edges and delays as nodes', () => {
    const graph: Graph = {
      nodes: [
        { kind: 'input', name: 'x', shape: [3] },
        { kind: 'dense', name: 'a', weight: tensor([3, 3], 1) },
        { kind: 'add', name: 'sum' },
        { kind: 'neuron', name: 'unit', reset: 'zero' },
      ],
      edges: [
        ['x', 'a'],
        ['a', 'sum'],
        ['x', 'sum'],
        ['unit', 'sum', 2],
        ['sum', 'unit'],
      ],
      outputs: ['unit'],
    };
    const root = nirTree(graph, {}).tree.members.get('node') as Hdf5Group;
    expect((root.members.get('edges') as { data: readonly string[] }).data).to.deep.equal(
      ['input a', 'a unit', 'input unit', 'unit unit_delay_2', 'unit_delay_2 unit', 'unit output']
        .join(' ')
        .split(' '),
    );
    expect(firsts(nodesOf(graph).get('unit_delay_2'))).to.deep.equal({
      type: 'Delay',
      delay: Math.fround(2e-4),
    });
    expectError(() => nirTree(graph, { profile: 'norse' }), 'E_UNSUPPORTED', "'unit'", 'delay');
  });

  it('gives names that Python can use, each once', () => {
    const graph = chain(
      { kind: 'input', name: 'obs', shape: [2] },
      { kind: 'dense', name: '/fc/Gemm', weight: tensor([2, 2], 1) },
      { kind: 'neuron', name: '_fc_Gemm', reset: 'zero' },
      { kind: 'dense', name: 'output', weight: tensor([2, 2], 2) },
      { kind: 'neuron', name: '0', reset: 'zero' },
    );
    expect([...nodesOf(graph).keys()]).to.deep.equal([
      ...['input', '_fc_Gemm', '_fc_Gemm_2', 'output_2', 'node_0', 'output'],
    ]);
  });

  it('refuses what the file cannot hold, or leaves it out and says so', () => {
    const cases: [NeuronAttributes, NirProfile, RegExp][] = [
      [{ reset: 'subtraction' }, 'generic', /reset 'subtraction'/],
      [{ reset: 'value', resetValue: -1 }, 'snntorch', /reset to -1/],
      [{ refractory: 2 }, 'generic', /refractory of 2/],
      [{ burst: 3 }, 'norse', /burst of 3/],
      [{ reset: 'subtraction', ternary: true }, 'generic', /ternary|subtraction/],
      [{ initial: 0.5 }, 'generic', /potential of 0.5/],
      [{ initials: tensor([3], 1) }, 'generic', /initials/],
      [{ reset: 'zero', burst: 100 }, 'sinabs', /reset 'zero'/],
      [{ reset: 'subtraction' }, 'sinabs', /burst of 1/],
      [{ reset: 'value', resetValue: -1 }, 'spikingjelly', /potential of 0 at/],
    ];
    for (const [neuron, profile, part] of cases) {
      const graph = withNeuron(neuron);
      expectError(() => nirTree(graph, { profile }), 'E_UNSUPPORTED', profile, "'unit'", 'lossy');
      expect(() => nirTree(graph, { profile }), profile).to.throw(part);
      const { notes } = nirTree(graph, { profile, lossy: true });
      expect(notes.join(), profile).to.match(part).and.include('lost');
    }
  });

  it('refuses by name what no file can hold, lossy or not', () => {
    const thresholds = { thresholds: tensor([3], 1) };
    thresholds.thresholds.data.set([1, 2, 3]);
    const cases: [Graph, NirProfile, ...string[]][] = [
      [floatGraph(), 'generic', "'active'", 'convert it first'],
      [everyFloatKind(), 'generic', "'conv'", 'padding before and behind'],
      [withNeuron(thresholds), 'snntorch', "'unit'", 'one threshold'],
      [withNeuron({ alpha: 0.5 }), 'sinabs', "'unit'", 'alpha of 0'],
      [withNeuron({ beta: 0 }), 'spikingjelly', "'unit'", 'beta above 0'],
      [withMean({ kind: 'upsample', name: 'up', scale: [2, 2] }), 'generic', "'up'", 'upsample'],
      [withMean({ kind: 'pool', name: 'max', mode: 'max' }), 'generic', "'max'"],
    ];
    for (const [graph, profile, ...parts] of cases) {
      const write = () => nirTree(graph, { profile, lossy: true });
      expectError(write, 'E_UNSUPPORTED', `NIR export (${profile})`, ...parts);
    }
    expectError(() => nirTree(withNeuron({}), { profile: 'x' as 'norse' }), 'E_ARGUMENT', "'x'");
    expectError(() => nirTree(withNeuron({}), { dt: -1 }), 'E_RANGE', 'dt');
  });

  for (const profile of nirProfiles) {
    it(`is read back as it was, resets and all: ${profile}`, async () => {
      const weighty = everySpikingKind();
      const graphs = [spikingGraph(), withMean(...flatDense), withNeuron({ beta: 0.3 })];
      if (profile === 'generic') graphs.push(weighty);
      const lossless: Graph[] = [];
      for (const graph of graphs) {
        const isBeyond = profile === 'sinabs' && JSON.stringify(graph).includes('"alpha":0.');
        if (isBeyond) continue;
        const { bytes } = await encodeNir(graph, { profile, lossy: true });
        expect(isHdf5(bytes)).to.equal(true);
        expect((await decodeNir(bytes, 'own.nir')).graph).to.deep.equal(graph);
        lossless.push(graph);
      }
      expect(lossless.length).to.be.greaterThan(1);
    });
  }

  it('makes equal files of equal networks', async () => {
    const write = async () => (await encodeNir(spikingGraph(), { lossy: true })).bytes;
    expect(await write()).to.deep.equal(await write());
  });

  it('notices files that were changed since, and versions to come', async () => {
    const { tree } = nirTree(withNeuron({ beta: 0.5 }), {});
    const root = tree.members.get('node') as Hdf5Group;
    const nodes = (root.members.get('nodes') as Hdf5Group).members as Map<string, Hdf5Group>;
    const tau = nodes.get('unit')!.members.get('tau') as Hdf5Numbers;
    tau.data[0]! *= 2;
    expectError(() => networkOf(tree, 'x', {}), 'E_FORMAT', "'unit' 'tau'", 'metadata');
    expectError(() => networkOf(tree, 'x', { profile: 'generic' }), 'E_UNSUPPORTED', "one 'tau'");
    tau.data[0]! /= 2;
    expect(networkOf(tree, 'x', {}).graph).to.deep.equal(withNeuron({ beta: 0.5 }));
    const metadata = (root.members.get('metadata') as Hdf5Group).members as Map<string, Hdf5Value>;
    const json = (metadata.get('spiq') as Hdf5Text).data[0]!;
    metadata.set('spiq', text(json.replace('"version":1', '"version":2')));
    expectError(() => networkOf(tree, 'x', {}), 'E_VERSION', 'at most 1');
    metadata.set('spiq', text('{'));
    expectError(() => networkOf(tree, 'x', {}), 'E_FORMAT', 'JSON');
  });

  it('takes weights that were trained elsewhere', () => {
    const { tree } = nirTree(withNeuron({}), {});
    const root = tree.members.get('node') as Hdf5Group;
    const nodes = (root.members.get('nodes') as Hdf5Group).members as Map<string, Hdf5Group>;
    const weight = nodes.get('fc')!.members.get('weight') as Hdf5Numbers;
    weight.data[0] = 7;
    const fc = networkOf(tree, 'x', {}).graph.nodes[1] as GraphNode & { kind: 'dense' };
    expect(fc.weight.data[0]).to.equal(7);
  });

  it('names the package that is missing', async () => {
    // A copy from where no packages can be found.
    const folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-bare-'));
    try {
      const source = fileURLToPath(new URL('../../ts/', import.meta.url));
      cpSync(source, folder, { recursive: true });
      writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
      const file = pathToFileURL(path.join(folder, 'formats', 'nir', 'index.js')).href;
      const bare = (await import(file)) as typeof import('../../ts/formats/nir/index.js');
      const error: unknown = await bare.encodeNir(withNeuron({})).catch((cause: unknown) => cause);
      expect(error).to.include({ name: 'SpiqError', code: 'E_ENVIRONMENT' });
      expect((error as Error).message).to.include('npm install h5wasm');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('refuses HDF5 that is damaged, endless or no NIR', async () => {
    const { bytes } = await encodeNir(withNeuron({}), {});
    await expectRejection(decodeNir(bytes.subarray(0, 500), 'cut.nir'), 'E_FORMAT', 'cut.nir');
    await expectRejection(readHdf5(bytes, 'slow.nir', 0), 'E_FORMAT', 'slow.nir', 'no end after');
    expectError(() => networkOf(group({ data: text('x') }), 'x.h5', {}), 'E_FORMAT', "'node'");
  });
});
