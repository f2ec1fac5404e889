import { expect } from 'chai';
import type { Graph, GraphNode, Tensor } from '../../ts/graph.js';
import { energyPerAccumulate, energyPerMultiplyAccumulate } from '../../ts/index.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { SimulationResult } from '../../ts/simulator.js';
import { chainOf, randomNetwork, uniforms } from '../conformance/random-nets.js';
import { expectRefused } from './refused.js';

const rows = 4;
const steps = 37;

function tensor(shape: readonly number[], seed: number): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: uniforms(length, -0.4, 0.7, seed) };
}

/** Edges, strides, groups, a transposed convolution, an average pool and a fully connected end. */
const layers: readonly GraphNode[] = [
  { kind: 'input', name: 'x', shape: [2, 5, 4] },
  {
    kind: 'conv',
    name: 'c1',
    weight: tensor([4, 1, 3, 3], 1),
    stride: [2, 1],
    padding: [1, 0, 1, 2],
    groups: 2,
  },
  { kind: 'neuron', name: 'n1', burst: 2 },
  {
    kind: 'conv_transpose',
    name: 'c2',
    weight: tensor([4, 2, 2, 3], 2),
    stride: [2, 2],
    padding: [0, 1, 0, 1],
  },
  { kind: 'neuron', name: 'n2', ternary: true },
  { kind: 'pool', name: 'p', mode: 'average', kernel: [2, 2] },
  { kind: 'flatten', name: 'f' },
];

const ending: GraphNode = { kind: 'neuron', name: 'n3' };
const pooled = new Simulator(Network.fromGraph(chainOf([...layers, ending]))).outputSize;

function network(): Network {
  const dense: GraphNode = { kind: 'dense', name: 'd', weight: tensor([3, pooled], 3) };
  return Network.fromGraph(chainOf([...layers, dense, { kind: 'accumulator', name: 'out' }]));
}

/** How many outputs each input of a layer reaches: what a one there adds up to where all weights are one. */
function fanOut(node: GraphNode, shape: readonly number[]): number[] {
  const { weight } = node as { weight: Tensor };
  const ones = { ...node, weight: { shape: weight.shape, data: weight.data.map(() => 1) } };
  const graph: Graph = chainOf([{ kind: 'input', name: 'x', shape }, ones]);
  const single = Network.fromGraph(graph);
  const size = shape.reduce((product, length) => product * length, 1);
  return Array.from({ length: size }, (_, unit) => {
    const hot = new Float32Array(size);
    hot[unit] = 1;
    return single.forwardSync(hot).reduce((sum, value) => sum + value, 0);
  });
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

describe('records', () => {
  const simulator = new Simulator(network(), { steps, encoding: 'poisson' });
  const observations = uniforms(rows * simulator.observationSize, 0, 1, 4);
  const record = {
    counts: true,
    trace: true,
    raster: true,
    potentials: ['n2', 'out'],
    activity: true,
    operations: true,
  };
  let result: SimulationResult<'float32'>;
  before(() => {
    result = simulator.runSync(observations, { record });
  });

  it('list in rasters the spikes that traces have, in order', () => {
    expect(Object.keys(result.rasters!)).to.deep.equal(['n1', 'n2']);
    let negative = 0;
    simulator.layers.slice(0, 2).forEach(({ name, units }, l) => {
      const { row, step, unit, count } = result.rasters![name]!;
      const spikes = new Int8Array(steps * rows * units);
      row.forEach((r, i) => {
        spikes[(step[i]! * rows + r) * units + unit[i]!] = count[i]!;
      });
      expect(spikes).to.deep.equal(result.traces![l]!.spikes);
      const keys = Array.from(row, (r, i) => (r * steps + step[i]!) * units + unit[i]!);
      expect(keys).to.deep.equal([...keys].sort((a, b) => a - b));
      negative += count.filter((value) => value < 0).length;
    });
    expect(negative).to.be.greaterThan(0);
  });

  it('keep the potentials of the layers named alone', () => {
    expect(Object.keys(result.potentials!)).to.deep.equal(['n2', 'out']);
    expect(result.potentials!.n2).to.deep.equal(result.traces![1]!.potential);
    expect(result.potentials!.out).to.deep.equal(result.traces![2]!.potential);
    const alone = simulator.runSync(observations, { record: { potentials: ['out'] } });
    expect(alone.potentials!.out).to.deep.equal(result.potentials!.out);
    expect(alone.out).to.deep.equal(result.out);
    expect(alone).to.not.have.any.keys('rasters', 'traces', 'activity', 'operations');
  });

  it('give the activity as spikes per unit and step', () => {
    simulator.layers.slice(0, 2).forEach(({ name, units }, l) => {
      const { spikes } = result.traces![l]!;
      const ours = Array.from(result.activity![name]!);
      const expected = ours.map((_, row) => {
        const mine = spikes.filter((__, i) => Math.floor(i / units) % rows === row);
        return total(Array.from(mine, Math.abs)) / (units * steps);
      });
      expect(ours).to.deep.equal(expected);
    });
  });

  it('count an accumulate for every connection of every spike', () => {
    const { layers: counted, floatMultiplyAccumulates, energy } = result.operations!;
    expect(counted.map(({ name }) => name)).to.deep.equal(['c1', 'c2', 'd']);
    // The input's spikes are not in a trace: those of a pixel that always spikes are known.
    const ones = new Float32Array(rows * simulator.observationSize).fill(2);
    const full = simulator.runSync(ones, { record: { operations: true } });
    const connections = [fanOut(layers[1]!, [2, 5, 4]), fanOut(layers[3]!, [4, 3, 4])];
    expect(Array.from(full.operations!.layers[0]!.accumulates)).to.deep.equal(
      Array(rows).fill(steps * total(connections[0]!)),
    );
    const { spikes } = result.traces![0]!;
    const { units } = simulator.layers[0]!;
    const expected = new Float64Array(rows);
    spikes.forEach((count, i) => {
      expected[Math.floor(i / units) % rows]! += Math.abs(count) * connections[1]![i % units]!;
    });
    expect(counted[1]!.accumulates).to.deep.equal(expected);
    expect(total(Array.from(expected))).to.be.greaterThan(0);
    // Three outputs of a fully connected layer behind the pool, which every step gives real values to.
    const macs = 3 * pooled;
    expect(counted[2]!.multiplyAccumulates[0]).to.equal(steps * macs);
    expect(floatMultiplyAccumulates).to.equal(
      total(connections[0]!) + total(connections[1]!) + macs,
    );
    expect(energy.float).to.equal(floatMultiplyAccumulates * energyPerMultiplyAccumulate);
    const additions = counted[0]!.accumulates[0]! + counted[1]!.accumulates[0]!;
    const spent = additions * energyPerAccumulate + macs * steps * energyPerMultiplyAccumulate;
    expect(energy.spiking[0]).to.be.closeTo(spent, 1e-6 * spent);
  });

  it('count constant input once, and the float network without the split', () => {
    const plain = randomNetwork([4, 6, 2], { neurons: {} });
    const run = (options: object) =>
      new Simulator(plain, { steps: 20, ...options }).runSync(uniforms(8, 0, 1, 2), {
        record: { operations: true },
      }).operations!;
    const constant = run({});
    expect(Array.from(constant.layers[0]!.multiplyAccumulates)).to.deep.equal([24, 24]);
    expect(Array.from(constant.layers[0]!.accumulates)).to.deep.equal([0, 0]);
    expect(constant.floatMultiplyAccumulates).to.equal(36);
    const split = run({ twoInputNeurons: true });
    expect(split.layers[0]!.multiplyAccumulates[0]).to.equal(48);
    expect(split.floatMultiplyAccumulates).to.equal(36);
  });

  it('do not depend on threads, batches or early ends', async () => {
    const options = { steps, encoding: 'poisson', threads: 3 } as const;
    const other = await new Simulator(network(), options).run(observations, { record });
    for (const key of ['rasters', 'potentials', 'activity', 'operations'] as const)
      expect(other[key], key).to.deep.equal(result[key]);
    const first = new Simulator(randomNetwork([4, 9, 2], { neurons: {} }), {
      decoding: 'first_spike',
      steps,
    });
    const all = { counts: true, raster: true, activity: true };
    const {
      counts,
      rasters,
      activity,
      steps: used,
    } = first.runSync(uniforms(8, 0, 1, 5), {
      record: all,
    });
    expect(total(Array.from(rasters!.n1!.count))).to.equal(total(Array.from(counts![0]!)));
    const mine = total(Array.from(counts![0]!.subarray(0, 9)));
    expect(activity!.n1![0]).to.equal(mine / (9 * used[0]!));
  });

  it('refuse layers that are not there, and more than fits', () => {
    const run = (what: object) => () => simulator.runSync(observations, { record: what });
    expectRefused(run({ raster: ['out'] }), 'E_ARGUMENT', /layers that fire \(n1, n2\)/);
    expectRefused(run({ potentials: ['n9'] }), 'E_ARGUMENT', /names of layers/);
    expectRefused(run({ potentials: 'n1' }), 'E_ARGUMENT', /'potentials'/);
    expectRefused(run({ rasters: true }), 'E_ARGUMENT', /only the names counts, trace, raster/);
    const long = new Simulator(network(), { steps: 10_000_000 });
    const wanted = { record: { potentials: true } };
    expectRefused(() => long.runSync(observations, wanted), 'E_MEMORY', /potentials of every step/);
  });
});

describe('anytime', () => {
  const plain = randomNetwork([4, 6, 2], { neurons: {} });
  const x = uniforms(8, 0, 1, 2);
  const run =
    (anytime: object, options: object = {}) =>
    () =>
      new Simulator(plain, { steps: 20, ...options }).runSync(x, { anytime });

  it('refuses what has no meaning', () => {
    const exit = { margin: 0.1 };
    expectRefused(run({}, { encoding: 'latency' }), 'E_UNSUPPORTED', /does not depend on T/);
    expectRefused(run({ exit }, { decoding: 'first_spike' }), 'E_UNSUPPORTED', /early exit/);
    expectRefused(run({ steps: [3, 3] }), 'E_RANGE', /ascending/);
    expectRefused(run({ steps: [21] }), 'E_RANGE', /1 to T = 20/);
    expectRefused(run({ steps: [] }), 'E_ARGUMENT', /a list of steps/);
    expectRefused(run({ steps: [3], exit }), 'E_ARGUMENT', /without 'verify'/);
    expectRefused(run({ exit: { margin: NaN } }), 'E_RANGE', /'margin'/);
    expectRefused(run({ exit: { margin: 0, patience: 0 } }), 'E_RANGE', /'patience'/);
    expectRefused(run({ exits: 1 }), 'E_ARGUMENT', /only the names steps, exit/);
    const one = new Simulator(randomNetwork([4, 1], { neurons: {} }));
    const alone = () => one.runSync(x, { anytime: { exit } });
    expectRefused(alone, 'E_UNSUPPORTED', /at least two outputs/);
    const long = new Simulator(plain, { steps: 10_000_000 });
    const many = () => long.runSync(uniforms(120, 0, 1, 2), { anytime: {} });
    expectRefused(many, 'E_MEMORY', /fewer rows or steps/);
  });

  it('says what an early exit saves and how often it is wrong', () => {
    const { exit, steps } = run({ exit: { margin: 0, least: 5, verify: true } })();
    expect(Array.from(exit!.steps)).to.deep.equal([5, 5]);
    expect(exit!.saving).to.equal(0.75);
    expect(exit!.disagreement).to.be.within(0, 1);
    expect(Array.from(steps)).to.deep.equal([20, 20]);
    expect(run({ exit: { margin: 1e9 } })().exit).to.include({ saving: 0 });
  });
});
