import { expect } from 'chai';
import { convert } from '../../ts/convert/index.js';
import type { Network } from '../../ts/network.js';
import { readoutUnit } from '../../ts/readout.js';
import { Simulator } from '../../ts/simulator.js';
import type { SimulationOptions } from '../../ts/simulator.js';
import { randomNetwork, uniforms } from '../conformance/random-nets.js';

const steps = 2000;
const rows = 50;
const observations = uniforms(4 * rows, 0, 1, 9);

describe("façade: results in the float network's units", () => {
  const network = randomNetwork([4, 16, 16, 3], { seed: 4 });
  const truth = network.forwardSync(observations, { precision: 'float64' });
  const largest = Math.max(...truth.map(Math.abs));
  let spiking: Network;
  before(async () => {
    spiking = await convert(network, { method: 'data', calibration: observations });
  });

  /** Largest |q − Q| over the largest |Q|; `least` is what the decoding can give at all. */
  function error(options: SimulationOptions, least = -Infinity): number {
    const simulator = new Simulator(spiking, { steps, ...options });
    expect(simulator.unitsNote).to.equal(undefined);
    const { q } = simulator.runSync(observations);
    return (
      Math.max(...Array.from(truth, (value, i) => Math.abs(q![i]! - Math.max(value, least)))) /
      largest
    );
  }

  it('has outputs worth comparing', () => {
    expect(largest).to.be.greaterThan(0.5);
    expect(truth.filter((value) => value > 0).length).to.be.greaterThan(rows);
  });

  // What remains are the layers' remainders, of the order of layers over steps.
  for (const options of [
    { decoding: 'potential' },
    { decoding: 'mean_potential' },
    { semantics: 'dsqn', decoding: 'potential' },
  ] as const) {
    it(`q is near Q: ${JSON.stringify(options)}`, () => {
      expect(error(options)).to.be.lessThan(0.02);
    });
  }

  it('q is near Q for spikes, which can say nothing below 0', () => {
    expect(error({ decoding: 'spikes' }, 0)).to.be.lessThan(0.02);
  });

  it('the error shrinks with the steps', () => {
    expect(error({ decoding: 'potential', steps: 50 })).to.be.greaterThan(
      4 * error({ decoding: 'potential' }),
    );
  });

  it('gives the reason where there is none', () => {
    const cases: readonly (readonly [Network, SimulationOptions, RegExp])[] = [
      [network, {}, /no scales of a conversion/],
      [spiking, { threshold: 2 }, /threshold 1/],
      [spiking, { alpha: 0.1 }, /alpha 0/],
      [spiking, { beta: 0.9 }, /beta 1/],
      [spiking, { decoding: 'first_spike' }, /first spike/],
      [spiking, { semantics: 'dsqn', steps: 1 }, /so few steps/],
    ];
    for (const [net, options, reason] of cases) {
      const simulator = new Simulator(net, options);
      expect(simulator.unitsNote).to.match(reason);
      expect(simulator.runSync(observations)).to.not.have.property('q');
      expect(readoutUnit(net.graph, options)).to.deep.equal({ reason: simulator.unitsNote });
    }
  });

  it('the unit by hand', () => {
    const graph = { ...spiking.graph, conversion: { method: 'data', scale: [3, 8] } };
    expect(readoutUnit(graph, { steps: 100 })).to.equal(8 / 100);
    expect(readoutUnit(graph, { steps: 100, decoding: 'spikes' })).to.equal(8 / 100);
    expect(readoutUnit(graph, { steps: 100, semantics: 'dsqn' })).to.equal(8 / 99);
    expect(readoutUnit(graph, { steps: 99, decoding: 'mean_potential' })).to.equal(16 / 100);
  });
});
