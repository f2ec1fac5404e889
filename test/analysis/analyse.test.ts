import { expect } from 'chai';
import { analyse } from '../../ts/analysis/analyse.js';
import type { LayerAnalysis } from '../../ts/analysis/layer.js';
import { Calibration, convert } from '../../ts/convert/index.js';
import type { MethodOptions } from '../../ts/convert/index.js';
import type { Graph, GraphNode } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { chainOf, randomGraph, randomNetwork, uniforms } from '../conformance/random-nets.js';
import { expectRejected } from '../facade/refused.js';

const rows = 300;
const observations = uniforms(4 * rows, 0, 1, 3);

/** What the float network gives at one of its nodes: it, cut off there. */
function activationsAt(graph: Graph, name: string, x: Float32Array): Float32Array {
  const end = graph.nodes.findIndex((node) => node.name === name);
  const nodes = graph.nodes.slice(0, end + 1);
  return Network.fromGraph(chainOf(nodes)).forwardSync(x);
}

function correlationOf(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b) / x.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let k = 0; k < x.length; k += 1) {
    xy += (x[k]! - mx) * (y[k]! - my);
    xx += (x[k]! - mx) ** 2;
    yy += (y[k]! - my) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

async function convertBy(network: Network, options: MethodOptions): Promise<Network> {
  return convert(network, { ...options, calibration: observations });
}

describe('analysis: of a network', () => {
  const graph = randomGraph([4, 16, 12, 3]);
  const network = Network.fromGraph(graph);

  for (const options of [
    { method: 'robust' },
    { method: 'channel-percentile' },
    { method: 'channel-maximum', burst: 3 },
  ] as const) {
    it(`tells of each layer what its counts and activations say: ${options.method}`, async () => {
      const spiking = await convertBy(network, options);
      const steps = 40;
      const { layers, uncompared, cost } = await analyse(network, spiking, observations, { steps });
      expect(uncompared).to.deep.equal([]);
      expect(layers.map(({ name }) => name)).to.deep.equal(['relu1', 'relu2', 'fc3']);
      const simulator = new Simulator(spiking, { steps });
      const ran = simulator.runSync(observations, { record: { counts: true, operations: true } });
      const { scale, channelScales } = spiking.graph.conversion!;
      layers.slice(0, 2).forEach((layer, index) => {
        const counts = ran.counts![index]!;
        const { units } = layer;
        const scaleOf = (k: number): number => channelScales?.[index]?.[k % units] ?? scale[index]!;
        const rates = Array.from(counts, (count, k) => (count * scaleOf(k)) / steps);
        const activations = activationsAt(graph, layer.name, observations);
        expect(layer.correlation).to.be.closeTo(correlationOf(rates, activations), 1e-6);
        const error = rates.reduce((sum, rate, k) => sum + rate - activations[k]!, 0);
        expect(layer.meanError).to.be.closeTo(error / rates.length, 1e-6);
        const total = counts.reduce((sum, count) => sum + count, 0);
        expect(layer.spikes).to.be.closeTo(total / rows, 1e-9);
        const burst = 'burst' in options ? options.burst : 1;
        // The two passes round differently: what lies at the scale itself may count either way.
        const [most, least] = [1 - 1e-5, 1 + 1e-5].map(
          (near) => activations.filter((value, k) => value > scaleOf(k) * burst * near).length,
        );
        expect(Math.round(layer.clippedShare! * rates.length)).to.be.within(least!, most!);
      });
      const last = activationsAt(graph, 'fc3', observations);
      expect(layers[2]!.correlation).to.be.closeTo(correlationOf(ran.q!, last), 1e-6);
      expect(layers[2]).to.include({ readout: true, spikes: null, clippedShare: null });
      const mean = (values: Float64Array) => values.reduce((a, b) => a + b) / rows;
      expect(cost.spikes).to.be.closeTo(mean(ran.totalSpikes), 1e-9);
      expect(cost.energy.spiking).to.be.closeTo(mean(ran.operations!.energy.spiking), 1e-6);
      expect(cost.energy.float).to.equal(ran.operations!.energy.float);
      expect(cost.membraneUpdates).to.equal(31 * steps);
    });
  }

  it('finds channels that are dead, inactive and saturated', async () => {
    // Units: 0 active and fine, 1 never active, 2 active but far below its share of the scale, 3 beyond it.
    const nodes: GraphNode[] = [
      { kind: 'input', name: 'x', shape: [1] },
      {
        kind: 'dense',
        name: 'w',
        weight: { shape: [4, 1], data: Float32Array.of(0.5, -1, 1e-4, 1) },
      },
      { kind: 'relu', name: 'hidden' },
      { kind: 'dense', name: 'v', weight: { shape: [1, 4], data: Float32Array.of(1, 1, 1, 1) } },
    ];
    const small = Network.fromGraph(chainOf(nodes));
    const calibration = Float32Array.from({ length: 100 }, (_, k) => (k + 1) / 100);
    const spiking = await convert(small, { method: 'robust', percentile: 0.5, calibration });
    const test = calibration.map((value) => 3 * value);
    const { layers } = await analyse(small, spiking, test, { steps: 50 });
    const [hidden] = layers as [LayerAnalysis];
    expect(hidden).to.include({ deadChannels: 1, inactiveChannels: 1, saturatedChannels: 2 });
    // Scale 1, as the largest weight is: above it are units 0 from 2 on and 3 from 1 on, of 0.03 to 3.
    expect(hidden.scale).to.equal(1);
    expect(hidden.clippedShare).to.be.closeTo((34 + 67) / 400, 0.005);
    expect(hidden.meanError).to.be.below(0);
  });

  it('holds for a convolution, channel by channel, and for leaky ReLUs', async () => {
    const nodes: GraphNode[] = [
      { kind: 'input', name: 'x', shape: [1, 4, 4] },
      {
        kind: 'conv',
        name: 'conv',
        weight: { shape: [3, 1, 3, 3], data: uniforms(27, -0.4, 0.6, 4) },
        padding: [1, 1, 1, 1],
      },
      { kind: 'relu', name: 'leaky', slope: 0.1 },
      { kind: 'flatten', name: 'flat' },
      { kind: 'dense', name: 'out', weight: { shape: [2, 48], data: uniforms(96, -0.2, 0.3, 5) } },
    ];
    const conv = Network.fromGraph(chainOf(nodes));
    const x = uniforms(16 * 200, 0, 1, 6);
    for (const method of ['percentile', 'channel-maximum'] as const) {
      const spiking = await convert(conv, { method, calibration: x });
      const { layers } = await analyse(conv, spiking, x, { steps: 200 });
      expect(layers[0]).to.include({ name: 'leaky', units: 48, channels: 3, deadChannels: 0 });
      for (const { correlation } of layers) expect(correlation).to.be.above(0.99);
    }
  });

  it('finds out by itself what runs between layers without a ReLU', async () => {
    const nodes: GraphNode[] = [
      ...randomGraph([4, 8, 6]).nodes,
      { kind: 'reshape', name: 'square', shape: [1, 2, 3] },
      {
        kind: 'conv',
        name: 'last',
        weight: { shape: [2, 1, 2, 3], data: uniforms(12, -0.5, 0.6, 8) },
      },
    ];
    const two = Network.fromGraph(chainOf(nodes));
    for (const linearLayers of ['spikes', 'values'] as const) {
      const spiking = await convert(two, { calibration: observations, linearLayers });
      const { layers } = await analyse(two, spiking, observations, { steps: 300 });
      expect(layers).to.have.length(linearLayers === 'spikes' ? 3 : 2);
      for (const { correlation, name } of layers) expect(correlation, name).to.be.above(0.98);
    }
  });

  it('gives the same in pieces: activations of rows are those of all', async () => {
    const calibration = new Calibration(network);
    const whole = await calibration.activations(observations);
    const part = await calibration.activations(observations.subarray(40, 80));
    expect(whole.map(({ length }) => length)).to.deep.equal([16 * rows, 12 * rows, 3 * rows]);
    part.forEach((values, site) => {
      const units = calibration.sites[site]!.units;
      expect(values).to.deep.equal(whole[site]!.slice(10 * units, 20 * units));
    });
    expect(calibration.rows).to.equal(0);
  });

  it('survives being saved: scales of channels are in the file', async () => {
    const { decodeNetwork, encodeNetwork } = await import('../../ts/formats/spiq-npz.js');
    const { readNpz } = await import('../../ts/formats/npz/index.js');
    const spiking = await convertBy(network, { method: 'channel-percentile' });
    const read = decodeNetwork(readNpz(encodeNetwork(spiking.graph), 'own'));
    expect(read.conversion).to.deep.equal(spiking.graph.conversion);
    const [one, other] = await Promise.all(
      [spiking, Network.fromGraph(read)].map(async (each) => analyse(network, each, observations)),
    );
    expect(one).to.deep.equal(other);
  });

  it('is refused of networks that do not belong together, and of wrong options', async () => {
    const spiking = await convertBy(network, {});
    const other = randomNetwork([4, 16, 3]);
    const call = async (a: Network, b: Network, x = observations, more = {}): Promise<unknown> =>
      analyse(a, b, x, more);
    await expectRejected(async () => call(other, spiking), 'E_ARGUMENT', 'spiking network');
    await expectRejected(async () => call(network, network), 'E_ARGUMENT', 'spiking network');
    await expectRejected(async () => call(spiking, spiking), 'E_ARGUMENT', 'a float network');
    const half = observations.subarray(2);
    await expectRejected(async () => call(network, spiking, half), 'E_SHAPE', 'rows of 4');
    const wrong = async () => call(network, spiking, observations, { step: 1 });
    await expectRejected(wrong, 'E_ARGUMENT', "'step'");
    const none = async () => call(network, spiking, observations, { steps: 0 });
    await expectRejected(none, 'E_RANGE', 'steps');
  });
});
