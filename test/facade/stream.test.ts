import { expect } from 'chai';
import type { SpiqError } from '../../ts/errors.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { SimulationOptions } from '../../ts/simulator.js';
import type { Stream } from '../../ts/simulator/stream.js';
import { randomGraph, randomNetwork, uniforms } from '../conformance/random-nets.js';

const sizes = [5, 33, 3];
const network = randomNetwork(sizes, { neurons: {} });
const rows = 9;
const observations = uniforms(rows * sizes[0]!, 0, 1, 3);

function stream(options: SimulationOptions = {}, seed = 0): Stream {
  return new Simulator(network, { steps: 40, ...options }).stream({ rows, seed });
}

describe('stream', () => {
  it('counts its steps, holds its observations and starts anew', () => {
    const ours = stream();
    const first = ours.step(observations, 7);
    ours.step();
    expect(ours.steps).to.equal(8);
    const { out, q, steps } = ours.decode();
    expect(steps).to.equal(8);
    expect(q).to.equal(undefined);
    const run = new Simulator(network, { steps: 8 }).runSync(observations);
    expect(out).to.deep.equal(run.out);
    ours.reset();
    expect(ours.steps).to.equal(0);
    expect(ours.step(observations, 7)).to.deep.equal(first);
  });

  it('gives q in the units of the steps so far', () => {
    const conversion = { method: 'model', scale: [2, 3] } as const;
    const graph = { ...randomGraph(sizes, { neurons: {} }), conversion };
    const simulator = new Simulator(Network.fromGraph(graph));
    const ours = simulator.stream({ rows });
    ours.step(observations, 12);
    const { q } = new Simulator(Network.fromGraph(graph), { steps: 12 }).runSync(observations);
    expect(ours.decode().q).to.deep.equal(q);
    const { anytime } = simulator.runSync(observations, { anytime: { steps: [12] } });
    expect(anytime!.q).to.deep.equal(q);
  });

  it('records rasters and potentials of the layers named', () => {
    const ours = stream({ decoding: 'spikes' });
    ours.step(observations, 3);
    const record = { raster: ['n1'], potentials: ['n2'] };
    const { rasters, potentials, potential } = ours.step(undefined, 4, { record });
    expect(Object.keys(rasters!)).to.deep.equal(['n1']);
    expect(Object.keys(potentials!)).to.deep.equal(['n2']);
    expect(potentials!.n2).to.deep.equal(potential);
    expect(Math.min(...rasters!.n1!.step)).to.be.at.least(3);
    expect(Math.max(...rasters!.n1!.step)).to.be.below(7);
  });

  it('goes on off this thread, alone, and undoes what was cancelled', async () => {
    const ours = stream();
    ours.step(observations, 5);
    const before = ours.save();
    const controller = new AbortController();
    const job = ours.advance(undefined, 5_000_000, { signal: controller.signal });
    expect(() => ours.step()).to.throw(/stream: expected one that no running job uses/);
    expect(() => ours.save()).to.throw(/stream: expected one that no running job uses/);
    controller.abort();
    const error: unknown = await job.catch((reason: unknown) => reason);
    expect((error as SpiqError).code).to.equal('E_CANCELLED');
    expect(ours.save()).to.deep.equal(before);
    await ours.advance(undefined, 35);
    const run = new Simulator(network, { steps: 40 }).runSync(observations);
    expect(ours.decode().out).to.deep.equal(run.out);
  });

  it('carries the remainders of neurons into the next decision, and nothing else', () => {
    const bare = randomNetwork(sizes, { neurons: {}, bias: false });
    const ours = new Simulator(bare, { steps: 40 }).stream({ rows });
    const record = { potentials: ['n1', 'n2'] };
    const units = rows * sizes[1]!;
    const ended = ours.step(observations, 41, { record }).potentials!.n1!.slice(-units);
    ours.carry();
    expect(ours.steps).to.equal(0);
    // Without input a step shows what the potentials began with.
    const silence = new Float32Array(observations.length);
    const { potentials } = ours.step(silence, 1, { record });
    const isRemainder = (value: number) => value >= 0 && value < 1 - 1e-5;
    expect(potentials!.n1).to.deep.equal(ended.map((value) => (isRemainder(value) ? value : 0)));
    expect(ended.filter(isRemainder).length).to.be.within(1, units - 1);
    expect(potentials!.n2!.every((value) => value === 0)).to.equal(true);
    ours.reset();
    ours.step(observations, 7);
    const run = new Simulator(bare, { steps: 7 }).runSync(observations);
    expect(ours.decode().out).to.deep.equal(run.out);
  });

  it('counts the observations of carried decisions for random input', () => {
    const bare = randomNetwork(sizes, { neurons: {}, bias: false });
    const simulator = new Simulator(bare, { encoding: 'poisson' });
    const ours = simulator.stream({ rows });
    // Nothing spikes for zeros, so no remainder is left.
    ours.step(new Float32Array(observations.length), 5);
    ours.carry();
    const record = { raster: ['n1'] };
    const second = ours.step(observations, 40, { record });
    const later = simulator.stream({ rows, firstObservation: rows });
    expect(second).to.deep.equal(later.step(observations, 40, { record }));
    ours.reset();
    const first = ours.step(observations, 40, { record });
    expect(first).to.deep.equal(simulator.stream({ rows }).step(observations, 40, { record }));
    expect(first).to.not.deep.equal(second);
  });

  it('takes seed and place with the state', () => {
    const one = stream({ encoding: 'poisson' }, 1);
    one.step(observations, 5);
    const other = stream({ encoding: 'poisson' }, 2);
    other.restore(one.save());
    expect(other.step(undefined, 30)).to.deep.equal(one.step(undefined, 30));
  });

  it('refuses what it cannot do', () => {
    const simulator = new Simulator(network, { steps: 40, encoding: 'latency' });
    const cases: [() => unknown, RegExp][] = [
      [() => stream().step(), /^step: expected observations, which hold until others come/],
      [() => stream().decode(), /^decode: expected a stream that has made a step/],
      [() => stream().step(observations.subarray(1)), /^observations: expected 9 rows of 5 values/],
      [() => stream().step(observations, 0), /^step option 'steps': expected a whole number/],
      [() => stream().step({ spikes: new Int8Array(45) }), /^input spikes: expected with encoding/],
      [
        () => simulator.stream({ rows }).step(observations, 41),
        /expected 1 to 40 in all, the T of encoding 'latency', received 41 after 0/,
      ],
      [
        () => stream({ encoding: 'spikes' }).step({ spikes: new Int8Array(44) }),
        /^input spikes: expected 1 steps of 9 rows of 5 inputs/,
      ],
      [
        () => stream().step(observations, 1, { record: { raster: ['n2'] } }),
        /'raster': expected names of layers that fire \(n1\), received 'n2'/,
      ],
      [() => simulator.stream({ rows: 0 }), /^stream option 'rows': expected a whole number/],
      [() => simulator.stream({ rows: 2 ** 30 }), /^state of a stream: expected at most 2 GiB/],
      [() => simulator.stream({ row: 1 } as object), /^stream option: expected only the names/],
    ];
    for (const [call, message] of cases) expect(call).to.throw(message);
    const closed = stream();
    closed.close();
    closed.close();
    expect(() => closed.step(observations)).to.throw(/^stream: expected an open one/);
  });
});
