import { expect } from 'chai';
import { ChipEmulation, chipRoundings, emulateChip } from '../../ts/fixed.js';
import type { ChipLayer, ChipNetwork, ChipOptions, ChipPrediction } from '../../ts/fixed.js';
import { randomChip, randomRows } from '../conformance/random-chips.js';
import type { RandomChipOptions } from '../conformance/random-chips.js';
import { referenceChip, roundHalfEven, synapsesOf } from '../reference/chip.js';
import { Wild } from '../fuzz/wild-input.js';
import { expectRefused, expectRejected } from './refused.js';

const tally = { spikes: 0, clipped: 0, overflows: 0, cases: 0 };

function plain({ counts, potentials, clipped, overflows }: ChipPrediction): unknown {
  return { counts: [...counts], potentials: [...potentials], clipped, overflows };
}

/** The addon beside the plain program in big integers. */
async function hold(
  network: ChipNetwork,
  rows: readonly (readonly number[])[],
  options: Required<Pick<ChipOptions, 'steps' | 'tauM' | 'rounding'>>,
): Promise<ChipPrediction> {
  const truncate = options.rounding === 'truncate';
  const expected = referenceChip(network, rows, { ...options, truncate });
  const ours = await emulateChip(network, Float64Array.from(rows.flat()), options);
  expect(plain(ours)).to.deep.equal({
    counts: expected.counts.flat(),
    potentials: expected.potentials.flat(),
    clipped: expected.clipped,
    overflows: expected.overflows,
  });
  const largest = Math.max(...ours.effective.layers.map(({ largestCurrent }) => largestCurrent));
  expect(largest).to.equal(expected.largestCurrent);
  tally.spikes += ours.counts.reduce((sum, count) => sum + count, 0);
  tally.clipped += ours.clipped;
  tally.overflows += ours.overflows;
  tally.cases += 1;
  return ours;
}

const shapes = [
  [1, 1],
  [3, 2, 2],
  [4, 8, 8, 2],
  [2, 5, 4, 3, 3],
];

async function holdRandom(
  seed: number,
  options: Omit<RandomChipOptions, 'seed'>,
  tauM: number,
): Promise<ChipPrediction> {
  const sizes = shapes[seed % shapes.length]!;
  const network = randomChip(sizes, { ...options, seed });
  const rounding = chipRoundings[seed % 2]!;
  return hold(network, randomRows(4, sizes[0]!, seed), { steps: 40, tauM, rounding });
}

describe('façade: a SpiNNaker board emulated, beside plain big integers', function () {
  this.timeout(60_000);

  it('random networks', async () => {
    const taus = [100, 1024, 4096, 777.5, 3, 32768];
    for (let seed = 0; seed < 36; seed += 1) await holdRandom(seed, {}, taus[seed % taus.length]!);
    expect(tally.spikes).to.be.above(5000);
  });

  it('ties: weights and thresholds that meet exactly', async () => {
    for (let seed = 0; seed < 16; seed += 1) await holdRandom(seed, { grid: 0.125 }, 1024);
  });

  it('overflows: currents that wrap', async () => {
    for (let seed = 0; seed < 16; seed += 1) await holdRandom(seed, { spread: 9 }, 16384);
    expect(tally.overflows).to.be.above(500);
  });

  it('saturation: buffers that are cut', async () => {
    const layer = { shift: [0, 0] as const };
    for (let seed = 1; seed < 16; seed += 1) await holdRandom(seed, { spread: 1.6, layer }, 2048);
    expect(tally.clipped).to.be.above(500);
  });

  it('given starts, and an output layer that fires', async () => {
    const network = randomChip([3, 4, 2], { seed: 5 });
    const initial = Float64Array.of(0.75, -1.5);
    const layers = [network.layers[0]!, { ...network.layers[1]!, initial, fires: true }];
    const result = await hold({ inputs: 3, layers }, randomRows(6, 3, 5), {
      ...{ steps: 30, tauM: 512, rounding: 'nearest' },
    });
    expect(result.counts).to.have.length(6 * 6);
    expect(result.effective.layers[1]!.unaligned).to.equal(2);
  });

  after(() => {
    expect(tally.cases).to.equal(84);
  });
});

/** The same synapses as a list, in an order drawn by chance. */
function asList(network: ChipNetwork): ChipNetwork {
  const wild = new Wild(9);
  const layers = network.layers.map((layer, l): ChipLayer => {
    const list = wild.shuffled(synapsesOf(network, l));
    const weight = {
      pre: Uint32Array.from(list, ({ pre }) => pre),
      post: Uint32Array.from(list, ({ post }) => post),
      value: Float64Array.from(list, ({ value }) => value),
    };
    return { ...layer, weight };
  });
  return { ...network, layers };
}

describe('façade: emulateChip', () => {
  const network = randomChip([4, 12, 12, 3], { seed: 3 });
  const rows = Float64Array.from(randomRows(50, 4, 3).flat());

  it('gives the same for a matrix and for a list of connections', async () => {
    const [dense, sparse] = [new ChipEmulation(network), new ChipEmulation(asList(network))];
    const [first, second] = [await dense.run(rows), await sparse.run(rows)];
    expect(second).to.deep.equal(first);
    expect(first.predicted).to.equal(true);
  });

  it('gives the same in any batches and on any number of threads', async () => {
    const emulation = new ChipEmulation(network);
    const whole = await emulation.run(rows, { tauM: 1024 });
    for (const threads of [1, 2, 7])
      expect(await emulation.run(rows, { tauM: 1024, threads })).to.deep.equal(whole);
    const parts: ChipPrediction[] = [];
    for (const [from, to] of [
      [0, 1],
      [1, 20],
      [20, 50],
    ] as const)
      parts.push(await emulation.run(rows.subarray(4 * from, 4 * to), { tauM: 1024 }));
    expect(parts.flatMap(({ counts }) => [...counts])).to.deep.equal([...whole.counts]);
    expect(parts.flatMap(({ potentials }) => [...potentials])).to.deep.equal([...whole.potentials]);
    expect(parts.reduce((sum, { overflows }) => sum + overflows, 0)).to.equal(whole.overflows);
  });

  it('takes observations in float32 as well', async () => {
    const single = await emulateChip(network, Float32Array.from(rows));
    expect(single).to.deep.equal(await emulateChip(network, rows));
  });

  it('chooses the largest time constant that keeps the currents of ideal neurons in the range', async () => {
    const ideal = await emulateChip(network, rows, { tauM: Infinity });
    const largest = Math.max(...ideal.effective.layers.map(({ largestCurrent }) => largestCurrent));
    const tauM = 2 ** Math.floor(Math.log2(65535 / largest));
    const chosen = await emulateChip(network, rows);
    expect(chosen.effective).to.include({ tauM, decay: 1 - 1 / tauM, gain: 1 });
    expect(chosen).to.deep.equal(await emulateChip(network, rows, { tauM }));
    expect(ideal.effective).to.include({ tauM: Infinity, decay: 1, gain: 1 });
    const original = await emulateChip(network, rows, { tauM: 100 });
    expect(original.effective.gain).to.be.closeTo(0.99487, 1e-5);
  });

  it('leaves weights that were read back as they are', async () => {
    const { effective } = await emulateChip(network, rows);
    const layers = network.layers.map((layer, l): ChipLayer => {
      const shift = effective.layers[l]!.weightShift;
      if (shift === undefined) return layer;
      const weight = Float64Array.from(layer.weight as Float64Array, (value) => {
        const quantum = 2 ** (shift[value < 0 ? 1 : 0] - 15);
        return Math.sign(value) * Number(roundHalfEven(Math.abs(value) / quantum)) * quantum;
      });
      return { ...layer, weight, shift };
    });
    const again = await emulateChip({ ...network, layers }, rows);
    const errors = again.effective.layers.map(
      ({ weightError, vanished }) => weightError + vanished,
    );
    expect(errors).to.deep.equal([0, 0, 0]);
    expect(plain(again)).to.deep.equal(plain(await emulateChip(network, rows)));
    expect(effective.layers[1]!.weightError).to.be.within(2 ** -18, 2 ** -12);
  });

  it('reports what is lost of weights, and biases that cannot be lined up', async () => {
    const first = { units: 2, weight: Float64Array.of(1, 1) };
    const second = {
      units: 2,
      weight: Float64Array.of(20, 2 ** -12, -0.25, 0),
      bias: Float64Array.of(-1, 0.5),
      fires: true,
    };
    const result = await emulateChip({ inputs: 1, layers: [first, second] }, Float64Array.of(0.5));
    const [input, layer] = result.effective.layers;
    expect(input).to.not.have.any.keys('weightShift', 'weightQuantum');
    expect(layer).to.deep.include({ weightShift: [5, 0], weightQuantum: [2 ** -10, 2 ** -15] });
    expect(layer).to.include({ connections: 3, vanished: 1, weightError: 2 ** -12, unaligned: 1 });
  });

  it('traces one observation, each layer in its own steps', async () => {
    const emulation = new ChipEmulation(network);
    const [row, options] = [rows.subarray(0, 4), { steps: 60, tauM: 2048 }];
    const { layers, predicted } = await emulation.trace(row, options);
    const { counts, potentials } = await emulation.run(row, options);
    expect(predicted).to.equal(true);
    const counted = layers.slice(0, 2).flatMap(({ spikes }) => {
      const fired = new Array<number>(12).fill(0);
      spikes.forEach((unit, i) => {
        if (i % 2 === 1) fired[unit]! += 1;
        else expect(unit).to.be.within(spikes[i - 2] ?? 0, 59);
      });
      return fired;
    });
    expect(counted).to.deep.equal([...counts]);
    expect(layers.map((layer) => layer.potentials.length)).to.deep.equal([720, 720, 180]);
    expect(layers[2]!.potentials.slice(-3)).to.deep.equal(potentials);
    expect(layers[2]!.spikes).to.have.length(0);
    const two = async (): Promise<unknown> => emulation.trace(rows.subarray(0, 8), options);
    await expectRejected(two, 'E_SHAPE', 'observation');
    const long = async (): Promise<unknown> => emulation.trace(row, { steps: 10_000_000 });
    await expectRejected(long, 'E_MEMORY', 'trace of every step');
  });

  it('refuses networks by layer and by name', () => {
    const layer = { units: 1, weight: Float64Array.of(1) };
    const make = (second: object) => () =>
      new ChipEmulation({ inputs: 1, layers: [layer, { ...layer, ...second }] });
    expectRefused(make({ weigth: 1 }), 'E_ARGUMENT', 'layer 1');
    expectRefused(make({ units: 1.5 }), 'E_RANGE', "layer 1 'units'");
    expectRefused(make({ weight: [1] }), 'E_ARGUMENT', "layer 1 'weight'");
    expectRefused(make({ weight: 1 }), 'E_ARGUMENT', "layer 1 'weight'");
    expectRefused(make({ weight: Float64Array.of(1, 2) }), 'E_SHAPE', 'layer 1, weights');
    expectRefused(make({ weight: Float64Array.of(NaN) }), 'E_NOT_FINITE', 'layer 1, weights');
    expectRefused(make({ weight: Float64Array.of(4e4) }), 'E_RANGE', 'less than 32768');
    expectRefused(make({ bias: Float64Array.of(1e5) }), 'E_RANGE', 'layer 1, bias of unit 0');
    expectRefused(make({ bias: Float64Array.of(1, 1) }), 'E_SHAPE', 'layer 1, bias');
    expectRefused(make({ threshold: 0, fires: true }), 'E_RANGE', 'threshold of unit 0');
    expectRefused(make({ threshold: '1' }), 'E_ARGUMENT', "layer 1 'threshold'");
    expectRefused(make({ shift: [1] }), 'E_ARGUMENT', "layer 1 'shift'");
    expectRefused(make({ shift: [16, 0] }), 'E_RANGE', "layer 1 'shifts'");
    expectRefused(make({ fires: 1 }), 'E_ARGUMENT', "layer 1 'fires'");
    const list = { pre: Uint32Array.of(0), post: Uint32Array.of(1), value: Float64Array.of(1) };
    expectRefused(make({ weight: list }), 'E_RANGE', "layer 1, 'post'");
    const wrong = { ...list, post: Int32Array.of(0) };
    expectRefused(make({ weight: wrong }), 'E_ARGUMENT', "layer 1 'weight' 'post'");
    const silent = { ...layer, fires: false };
    const early = { inputs: 1, layers: [silent, layer] };
    expectRefused(() => new ChipEmulation(early), 'E_UNSUPPORTED', 'layer 0');
    const none = { inputs: 1, layers: [] };
    expectRefused(() => new ChipEmulation(none), 'E_ARGUMENT', "network 'layers'");
  });

  it('refuses observations and options', async () => {
    const run = (values: Float64Array, options: object) => async () =>
      emulateChip(network, values, options);
    await expectRejected(run(rows.subarray(1), {}), 'E_SHAPE', 'observations');
    await expectRejected(run(Float64Array.of(1, NaN, 0, 0), {}), 'E_NOT_FINITE', 'observations');
    await expectRejected(run(Float64Array.of(1e7, 0, 0, 0), {}), 'E_RANGE', 'row 0, current');
    await expectRejected(run(rows, { tau: 1 }), 'E_ARGUMENT', 'emulation option');
    await expectRejected(run(rows, { tauM: 0 }), 'E_RANGE', "option 'tauM'");
    await expectRejected(run(rows, { tauM: NaN }), 'E_RANGE', "option 'tauM'");
    await expectRejected(run(rows, { tauM: '1' }), 'E_ARGUMENT', "option 'tauM'");
    await expectRejected(run(rows, { steps: 0 }), 'E_RANGE', "option 'steps'");
    await expectRejected(run(rows, { rounding: 'up' }), 'E_ARGUMENT', "option 'rounding'");
  });

  it('ends when its signal is aborted, and reports progress', async () => {
    const controller = new AbortController();
    const endless = emulateChip(network, rows, { steps: 10_000_000, signal: controller.signal });
    setTimeout(() => controller.abort('enough'), 30);
    const error = (await endless.catch((reason: unknown) => reason)) as Record<string, unknown>;
    expect(error).to.include({ code: 'E_CANCELLED', cause: 'enough' });
    const seen: [number, number][] = [];
    await emulateChip(network, rows, { onProgress: (...pair) => seen.push(pair) });
    expect(seen.at(-1)).to.deep.equal([2 * 50 * 100, 2 * 50 * 100]);
  });
});
