import path from 'node:path';
import { expect } from 'chai';
import { argmaxRows } from '../../ts/agent/argmax.js';
import { convert } from '../../ts/convert/index.js';
import { ChipEmulation } from '../../ts/fixed.js';
import type { ChipLayer, ChipPrediction, ChipRounding } from '../../ts/fixed.js';
import { toFloat64 } from '../../ts/formats/npz/index.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { fixtures, needFixtures, npz } from './fixtures.js';

/** As the tool chain chose them for this network, and as its largest summed weights choose them. */
const shiftsOfToolChain = [undefined, [6, 8], [4, 4]] as const;

/** Percent of equal actions, with the time constant of the original and with powers of two. */
const published: readonly (readonly [tauM: number, percent: number])[] = [
  [100, 73],
  [1024, 92],
  [2048, 95],
  [4096, 97],
  [8192, 94],
  [Infinity, 99],
];

describe('published: agreement of an emulated SpiNNaker board', function () {
  this.timeout(120_000);
  const inputs = 4;
  let layers: ChipLayer[];
  let observations: Float64Array;
  let actions: Int32Array;

  before(async function () {
    needFixtures(this);
    const network = await Network.load(path.join(fixtures, 'nets', 'cartpole_a_dqn.onnx'));
    const replay = npz('replay', 'cartpole_a_dqn', 'memory_inputs.npz').get('arr_0');
    const calibration = toFloat64(replay).data;
    const spiking = await convert(network, { method: 'robust', percentile: 0.99, calibration });
    layers = spiking.graph.nodes
      .filter((node) => node.kind === 'dense')
      .map(({ weight, bias }) => ({
        units: weight.shape[0]!,
        weight: weight.data,
        bias: bias!.data,
      }));
    // A thousand of the 20,000, evenly.
    observations = calibration.filter((_, i) => Math.floor(i / inputs) % 20 === 0);
    const exact = new Simulator(spiking, { reset: 'zero', precision: 'float64' });
    actions = argmaxRows((await exact.run(observations)).out, 1000);
  });

  const percent = ({ potentials }: ChipPrediction): number => {
    const ours = argmaxRows(potentials, 1000);
    return (100 * ours.filter((action, row) => action === actions[row]).length) / actions.length;
  };

  const chip = (shifts: readonly (readonly [number, number] | undefined)[]): ChipEmulation =>
    new ChipEmulation({
      inputs,
      layers: layers.map((layer, l) => ({ ...layer, ...(shifts[l] ? { shift: shifts[l] } : {}) })),
    });

  for (const rounding of ['truncate', 'nearest'] satisfies ChipRounding[]) {
    it(`with the weights of the tool chain, rounding '${rounding}'`, async () => {
      const emulation = chip(shiftsOfToolChain);
      for (const [tauM, expected] of published) {
        const result = await emulation.run(observations, { tauM, rounding });
        expect(result.rows).to.equal(1000);
        expect(percent(result), `tauM ${tauM}`).to.be.closeTo(expected, 2);
        if (tauM === 8192) {
          if (rounding === 'truncate') expect(result.overflows).to.equal(1547);
          else expect(result.overflows).to.be.closeTo(1547, 30);
        } else expect(result.overflows, `tauM ${tauM}`).to.equal(0);
      }
    });
  }

  it('with finer weights: the shifts of the largest sums, and the time constant chosen', async () => {
    const result = await chip([]).run(observations);
    expect(result.effective.layers.map(({ weightShift }) => weightShift)).to.deep.equal([
      undefined,
      [4, 6],
      result.effective.layers[2]!.weightShift,
    ]);
    expect(result.effective.tauM).to.equal(4096);
    expect(result).to.include({ clipped: 0, overflows: 0 });
    expect(percent(result)).to.be.closeTo(97, 2);
  });

  it('without the biases lined up it is worse', async () => {
    const late = layers.map((layer) => ({ ...layer, initial: new Float64Array(layer.units) }));
    const result = await new ChipEmulation({ inputs, layers: late }).run(observations);
    expect(percent(result)).to.be.closeTo(85, 2);
    expect(result.effective.layers.map(({ unaligned }) => unaligned)).to.deep.equal([0, 16, 2]);
  });
});
