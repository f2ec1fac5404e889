import { expect } from 'chai';
import { Simulator } from '../../ts/simulator.js';
import { randomNetwork, uniforms } from '../conformance/random-nets.js';
import { expectRefused } from './refused.js';

const network = randomNetwork([3, 20, 2]);
const rows = 5;
const observations = uniforms(3 * rows, 0, 1, 4);

describe('façade: runInto', () => {
  it('writes what run gives, for one row and for several, in both precisions', () => {
    for (const decoding of ['potential', 'spikes', 'first_spike', 'mean_potential'] as const) {
      const simulator = new Simulator(network, { steps: 40, decoding });
      const out = new Float32Array(2 * rows);
      simulator.runInto(observations, out);
      expect(out).to.deep.equal(simulator.runSync(observations).out);
      const one = new Float32Array(2);
      simulator.runInto(observations.subarray(3, 6), one);
      expect(one).to.deep.equal(out.slice(2, 4));
    }
    const doubles = new Simulator(network, { steps: 40, precision: 'float64' });
    const out = new Float64Array(2 * rows);
    doubles.runInto(Float64Array.from(observations), out);
    expect(out).to.deep.equal(doubles.runSync(Float64Array.from(observations)).out);
  });

  it('takes its place in the stream of random numbers', () => {
    const simulator = new Simulator(network, { steps: 40, encoding: 'poisson' });
    const position = { seed: 9, firstObservation: 1000 };
    const out = new Float32Array(2 * rows);
    simulator.runInto(observations, out, position);
    expect(out).to.deep.equal(simulator.runSync(observations, position).out);
    simulator.runInto(observations, out, { seed: 10 });
    expect(out).not.to.deep.equal(simulator.runSync(observations, position).out);
  });

  it('refuses other arrays, sizes and positions', () => {
    const simulator = new Simulator(network, { steps: 4 });
    const out = new Float32Array(2);
    const x = observations.subarray(0, 3);
    const call =
      (...args: unknown[]) =>
      () => {
        (simulator.runInto as (...given: unknown[]) => void).apply(simulator, args);
      };
    expectRefused(call(), 'E_ARGUMENT', 'observations');
    expectRefused(call(x), 'E_ARGUMENT', 'out');
    expectRefused(call([1, 2, 3], out), 'E_ARGUMENT', 'a Float32Array');
    expectRefused(call(Float64Array.from(x), out), 'E_ARGUMENT', 'a Float32Array');
    expectRefused(call(x, new Float64Array(2)), 'E_ARGUMENT', 'out');
    expectRefused(call(x, new Float32Array(3)), 'E_SHAPE', 'rows of 3 values and of 2');
    expectRefused(call(observations.subarray(0, 4), out), 'E_SHAPE', '4 values and 2');
    expectRefused(call(new Float32Array(0), new Float32Array(0)), 'E_SHAPE', 'at least one row');
    expectRefused(call(Float32Array.of(1, NaN, 1), out), 'E_NOT_FINITE', 'observations');
    expectRefused(call(x, out, { seed: -1 }), 'E_RANGE', 'seed');
    expectRefused(call(x, out, { firstObservation: 0.5 }), 'E_RANGE', 'firstObservation');
    expectRefused(call(x, out, { first: 0 }), 'E_ARGUMENT', 'first');
  });

  it('refuses an array that a running job writes', async () => {
    const simulator = new Simulator(network, { steps: 2_000_000 });
    const out = new Float32Array(2);
    const controller = new AbortController();
    const x = observations.subarray(0, 3);
    const job = simulator.run(x, { into: out, signal: controller.signal }).catch(() => undefined);
    const quick = new Simulator(network, { steps: 1 });
    expectRefused(() => quick.runInto(x, out), 'E_BUFFER_BUSY', 'running job');
    controller.abort();
    await job;
    quick.runInto(x, out);
  });
});
