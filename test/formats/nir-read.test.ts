import { expect } from 'chai';
import type { Graph, GraphNode } from '../../ts/graph.js';
import { networkOf } from '../../ts/formats/nir/index.js';
import type { NirReadOptions } from '../../ts/formats/nir/index.js';
import { double, group } from '../../ts/formats/nir/hdf5/index.js';
import type { Hdf5Group } from '../../ts/formats/nir/hdf5/index.js';
import { expectError } from './helpers/expect-error.js';
import { tensor } from './helpers/graphs.js';
import { between, nirFile, nirGraph, node } from './helpers/nir-trees.js';

const read = (file: Hdf5Group, options: NirReadOptions = {}) => networkOf(file, 'a.nir', options);
const graphOf = (file: Hdf5Group, options?: NirReadOptions): Graph => read(file, options).graph;
const kindsOf = ({ nodes }: Graph) => nodes.map(({ kind, name }) => `${kind} ${name}`);
const find = (graph: Graph, name: string) => graph.nodes.find((one) => one.name === name)!;

const weight = tensor([3, 2], 1);
const affine = node('Affine', { weight, bias: tensor([3], 2) });
const three = (value: number) => ({ shape: [3], data: new Float32Array(3).fill(value) });
/** What LIF has in common, three units. */
const lif = (fields: object = {}) =>
  node('LIF', {
    tau: three(1e-3),
    r: three(1),
    v_leak: three(0),
    v_threshold: three(0.5),
    v_reset: three(0),
    ...fields,
  });
const oneNeuron = (unit: Hdf5Group) => nirFile(between([2], { fc: affine, unit }));
const neuronOf = (unit: Hdf5Group, options?: NirReadOptions) =>
  find(graphOf(oneNeuron(unit), options), 'unit');

/** The least float32 above a half: units fire above their threshold, ours at it. */
const aboveHalf = 0.5 + 2 ** -24;

describe('NIR files', () => {
  it('give leaky units, their input weighted by what a step takes of it', () => {
    const graph = graphOf(oneNeuron(lif({ r: three(3) })));
    expect(kindsOf(graph)).to.deep.equal(['input input', 'dense fc', 'neuron unit']);
    expect(find(graph, 'unit')).to.deep.equal({
      kind: 'neuron',
      name: 'unit',
      threshold: aboveHalf,
      beta: 1 - 1e-4 / Math.fround(1e-3),
      reset: 'zero',
    });
    const share = (1e-4 / Math.fround(1e-3)) * 3;
    const { data } = (find(graph, 'fc') as GraphNode & { kind: 'dense' }).weight;
    expect(data).to.deep.equal(weight.data.map((value) => value * share));
    expect(graph).to.deep.include({ epsilon: 0, outputs: ['unit'] });
  });

  it('take dt from the caller, else from metadata, else from the profile', () => {
    const betaOf = (file: Hdf5Group, options?: NirReadOptions) =>
      (find(graphOf(file, options), 'unit') as { beta?: number }).beta;
    const nodes = between([2], { fc: affine, unit: lif() });
    const told = nirFile(nodes, undefined, group({ dt: double(2e-4) }));
    const left = (dt: number) => 1 - dt / Math.fround(1e-3);
    expect(betaOf(nirFile(nodes))).to.equal(left(1e-4));
    expect(betaOf(told)).to.equal(left(2e-4));
    expect(betaOf(told, { dt: 5e-4 })).to.equal(left(5e-4));
    expect(betaOf(nirFile(nodes), { profile: 'norse' })).to.equal(left(1e-6));
    expectError(() => read(told, { dt: 0 }), 'E_RANGE', 'dt');
    expectError(() => read(told, { dt: 2e-3 }), 'E_UNSUPPORTED', "'unit'", 'tau', '0.002');
  });

  it('fire as the libraries do: at the threshold or above it', () => {
    expect(neuronOf(lif(), { profile: 'spikingjelly' })).to.include({ threshold: 0.5 });
    expect(neuronOf(lif(), { profile: 'snntorch' })).to.include({ threshold: aboveHalf });
    const threshold = { shape: [3], data: Float32Array.of(0.5, 1, 2) };
    const several = neuronOf(lif({ v_threshold: threshold }), { profile: 'spikingjelly' });
    expect(several).to.deep.include({ thresholds: threshold });
  });

  it('reset as the libraries do', () => {
    const low = lif({ v_reset: three(-0.25) });
    expect(neuronOf(low))
      .to.include({ reset: 'value', resetValue: -0.25 })
      .and.not.have.property('initial');
    expect(neuronOf(low, { profile: 'spikingjelly' })).to.include({
      resetValue: -0.25,
      initial: -0.25,
    });
    expect(neuronOf(low, { profile: 'norse', dt: 1e-4 })).to.include({ reset: 'zero' });
    expect(read(oneNeuron(low), { profile: 'norse', dt: 1e-4 }).notes.join()).to.include('v_reset');
    const subtracted = neuronOf(lif({ tau: three(10) }), { profile: 'sinabs' });
    expect(subtracted).to.include({
      reset: 'subtraction',
      burst: 100,
      beta: 1 - (1 - Math.exp(-0.1)),
    });
  });

  it('give integrators, currents that decay and bare thresholds', () => {
    const plain = node('IF', { r: three(1), v_threshold: three(0.5) });
    expect(neuronOf(plain)).to.deep.equal({
      kind: 'neuron',
      name: 'unit',
      threshold: aboveHalf,
      reset: 'zero',
    });
    expect(read(oneNeuron(plain)).notes.join()).to.include('one unit a step');
    expect(find(graphOf(oneNeuron(plain), { dt: 0.5 }), 'fc')).to.deep.include({
      weight: { shape: [3, 2], data: weight.data.map((value) => value * 0.5) },
    });
    expect(neuronOf(node('I', { r: three(1e4) }))).to.deep.equal({
      kind: 'accumulator',
      name: 'unit',
    });
    const leaky = neuronOf(node('LI', { tau: three(4), r: three(1), v_leak: three(0) }), { dt: 1 });
    expect(leaky).to.deep.equal({ kind: 'accumulator', name: 'unit', beta: 0.75 });
    const cuba = {
      tau_mem: three(4),
      tau_syn: three(2),
      r: three(4),
      v_leak: three(0),
      w_in: three(2),
    };
    expect(neuronOf(node('CubaLI', cuba), { dt: 1 })).to.include({ alpha: 0.5, beta: 0.75 });
    expect(neuronOf(node('CubaLIF', { ...cuba, v_threshold: three(1) }), { dt: 1 })).to.include({
      kind: 'neuron',
      alpha: 0.5,
      beta: 0.75,
    });
    expect(neuronOf(node('Threshold', { threshold: three(0.5) }))).to.include({
      threshold: aboveHalf,
      beta: 0,
      reset: 'zero',
    });
  });

  it('leak towards v_leak by way of the bias before', () => {
    const { bias } = find(
      graphOf(oneNeuron(lif({ v_leak: three(2), tau: three(4) })), { dt: 1 }),
      'fc',
    ) as {
      bias?: { data: Float32Array };
    };
    const before = tensor([3], 2).data;
    expect(bias!.data).to.deep.equal(before.map((value) => 0.25 * value + 0.5));
  });

  it('weigh input by a scale where no layer of its own stands before', () => {
    const file = nirFile(between([3], { unit: lif({ tau: three(4) }) }));
    expect(kindsOf(graphOf(file, { dt: 1 }))).to.deep.equal([
      'input input',
      'scale unit_gain',
      'neuron unit',
    ]);
  });

  it('give layers of one and two dimensions', () => {
    const conv = (fields: object) =>
      node('Conv2d', {
        weight: tensor([2, 1, 3, 3], 3),
        bias: [0, 0],
        stride: [1, 1],
        padding: [0, 0],
        dilation: 1,
        groups: 1,
        ...fields,
      });
    const padded = graphOf(
      nirFile(between([1, 6, 6], { conv: conv({ padding: 'same', dilation: [1, 2] }) })),
    );
    expect(find(padded, 'conv')).to.deep.equal({
      kind: 'conv',
      name: 'conv',
      weight: tensor([2, 1, 3, 3], 3),
      dilation: [1, 2],
      padding: [1, 2, 1, 2],
    });
    const pooled = graphOf(
      nirFile(
        between([1, 6, 6], {
          conv: conv({ padding: 'valid', bias: [0.5, 0], stride: 1 }),
          sum: node('SumPool2d', { kernel_size: [2, 2], stride: [2, 2], padding: [0, 0] }),
          mean: node('AvgPool2d', { kernel_size: 2, stride: 1, padding: 1 }),
          flat: node('Flatten', { start_dim: 0, end_dim: -1 }),
        }),
      ),
    );
    expect(pooled.nodes.slice(2)).to.deep.equal([
      { kind: 'pool', name: 'sum', mode: 'sum', kernel: [2, 2] },
      {
        kind: 'pool',
        name: 'mean',
        mode: 'average',
        kernel: [2, 2],
        stride: [1, 1],
        padding: [1, 1, 1, 1],
        countPadding: true,
      },
      { kind: 'flatten', name: 'flat' },
    ]);
    const wave = node('Conv1d', {
      weight: tensor([2, 1, 3], 4),
      ...{ bias: [0, 0], stride: 2, padding: 1, dilation: 1, groups: 1 },
    });
    const partly = node('Flatten', { start_dim: 0, end_dim: 0 });
    const row = graphOf(
      nirFile(between([1, 8], { wave, partly, scale: node('Scale', { scale: 2 }) })),
    );
    expect(row.nodes.slice(1)).to.deep.include.members([
      { kind: 'reshape', name: 'partly', shape: [2, 4] },
      { kind: 'scale', name: 'scale', factor: { shape: [2], data: Float32Array.of(2, 2) } },
    ]);
  });

  it('sum several edges, delay by whole steps, and close cycles with the step before', () => {
    const square = node('Linear', { weight: tensor([3, 3], 5) });
    const nodes = {
      input: node('Input', { shape: [3] }),
      unit: node('Threshold', { threshold: three(1) }),
      back: square,
      late: node('Delay', { delay: three(3e-4) }),
      output: node('Output', { shape: [3] }),
    };
    const graph = graphOf(
      nirFile(nodes, [
        ['input', 'unit'],
        ['back', 'unit'],
        ['unit', 'back'],
        ['unit', 'late'],
        ['unit', 'output'],
        ['late', 'output'],
      ]),
    );
    expect(graph.edges).to.deep.include.members([
      ['input', 'unit_sum'],
      ['back', 'unit_sum', 1],
      ['unit_sum', 'unit'],
      ['unit', 'back'],
      ['unit', 'output_sum'],
    ]);
    // A second edge between the same two goes by way of a sum of one.
    expect(graph.edges).to.deep.include.members([
      ['unit', 'unit_copy'],
      ['unit_copy', 'output_sum', 3],
    ]);
    expect(graph.outputs).to.deep.equal(['output_sum']);
    const halves = nirFile({ ...nodes, late: node('Delay', { delay: three(2.5e-4) }) }, [
      ['input', 'unit'],
      ['unit', 'late'],
      ['late', 'back'],
      ['back', 'output'],
    ]);
    expectError(() => read(halves), 'E_UNSUPPORTED', "'late'", 'whole steps');
  });

  it('lay nested graphs open', () => {
    const inner = nirGraph(
      {
        input: node('Input', { shape: [3] }),
        unit: node('Threshold', { threshold: three(1) }),
        output: node('Output', { shape: [3] }),
      },
      [
        ['input', 'unit'],
        ['unit', 'output'],
      ],
    );
    const graph = graphOf(nirFile(between([2], { fc: affine, block: inner })));
    expect(kindsOf(graph)).to.deep.equal(['input input', 'dense fc', 'neuron block.unit']);
    expect(graph.outputs).to.deep.equal(['block.unit']);
  });

  it('drop the batch of one that some exporters leave in', () => {
    const { graph, notes } = read(nirFile(between([1, 2], { fc: affine })));
    expect(graph.nodes[0]).to.deep.include({ shape: [2] });
    expect(notes.join()).to.include('batch');
  });

  it('refuse by name what spiq cannot do', () => {
    const differing = { shape: [3], data: Float32Array.of(1, 2, 3) };
    const units: [Hdf5Group, NirReadOptions, ...string[]][] = [
      [lif({ tau: differing }), {}, "one 'tau' for all units"],
      [lif({ v_reset: differing }), {}, "'v_reset'"],
      [lif({ v_leak: three(1), tau: three(9) }), { profile: 'sinabs' }, 'v_leak of 0'],
      [lif({ v_threshold: three(-1) }), {}, 'at least 0'],
      [lif({ r: { shape: [2], data: Float32Array.of(1, 1) } }), {}, "'r' of one value"],
      [node('Hodgkin'), {}, 'one of Affine', "'Hodgkin'"],
    ];
    for (const [unit, options, ...parts] of units) {
      expectError(() => read(oneNeuron(unit), options), 'E_UNSUPPORTED', "'unit'", ...parts);
    }
    const inputs = nirFile(
      { a: node('Input', { shape: [2] }), b: node('Input', { shape: [2] }) },
      [],
    );
    expectError(() => read(inputs), 'E_UNSUPPORTED', 'one Input', 'a', 'b');
    expectError(() => read(oneNeuron(lif()), { profile: 'lava' as 'norse' }), 'E_ARGUMENT', 'lava');
  });

  it('refuse what is no sound NIR', () => {
    const faults: [Hdf5Group, string, ...string[]][] = [
      [group({}), 'E_FORMAT', "a group 'node'"],
      [group({ node: node('LIF') }), 'E_FORMAT', 'NIRGraph'],
      [group({ node: node('NIRGraph') }), 'E_FORMAT', "'nodes'"],
      [nirFile(between([2], { fc: affine }), [['input', 'x']]), 'E_FORMAT', "'x'"],
      [nirFile(between([2], { fc: affine }), [['input', 'fc']]), 'E_GRAPH', "'output'"],
      [nirFile({ input: node('Input', { shape: [2] }) }), 'E_GRAPH', 'an Output node'],
      [oneNeuron(node('LIF', { tau: three(1) })), 'E_FORMAT', "'r'", 'none'],
      [oneNeuron(lif({ tau: three(NaN) })), 'E_NOT_FINITE', "'tau'"],
      [oneNeuron(lif({ tau: 'long' })), 'E_FORMAT', "'tau'", "'long'"],
      [nirFile(between([0], { fc: affine })), 'E_UNSUPPORTED', "'input'", '[0]'],
      [nirFile(between([5], { fc: affine })), 'E_SHAPE', "'fc'", '[2]'],
    ];
    for (const [file, code, ...parts] of faults) {
      expectError(() => read(file), code as 'E_FORMAT', 'a.nir', ...parts);
    }
  });
});
