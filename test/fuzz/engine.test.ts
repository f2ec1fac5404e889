import { expect } from 'chai';
import { convert } from '../../ts/convert/index.js';
import { SpiqError, isErrorCode } from '../../ts/errors.js';
import type { Graph } from '../../ts/graph.js';
import { addon } from '../../ts/native.js';
import { Network } from '../../ts/network.js';
import { Simulator, decodings, encodings, resets, semanticsNames } from '../../ts/simulator.js';
import type { AsyncRunOptions, SimulationOptions } from '../../ts/simulator.js';
import { Wild } from './wild-input.js';
import { damaged, mostlySound } from './wild-graph.js';

const cases = 2500;
/** Milliseconds for one case; the largest takes about ten. */
const slowest = 3000;

const tally = { ran: 0, refused: 0, codes: new Map<string, number>() };

function options(wild: Wild): SimulationOptions {
  const all: Record<string, unknown> = {
    steps: 1 + wild.below(60),
    semantics: wild.pick(semanticsNames),
    encoding: wild.pick(encodings),
    decoding: wild.pick(decodings),
    threshold: wild.pick([1, 0.2, 5, 1e-60, 1e60]),
    alpha: wild.uniform(0, 1),
    beta: wild.uniform(0, 1),
    reset: wild.pick(resets),
    epsilon: wild.uniform(0, 0.4),
    twoInputNeurons: wild.chance(0.5),
    biasAsObservation: wild.chance(0.5),
    precision: wild.pick(['float32', 'float64']),
    threads: 1 + wild.below(4),
    isa: wild.pick(addon().info().isas),
  };
  const chosen = Object.entries(all).filter(([name]) => name === 'steps' || wild.chance(0.3));
  const result: Record<string, unknown> = Object.fromEntries(chosen);
  if (wild.chance(0.15)) result[wild.pick([...Object.keys(all), 'stranger'])] = wild.thing();
  return result;
}

function layersOf(wild: Wild, simulator: Simulator): unknown {
  if (wild.chance(0.1)) return wild.thing();
  return (
    wild.chance(0.5) || simulator.layers.map(({ name }) => name).filter(() => wild.chance(0.5))
  );
}

function record(wild: Wild, simulator: Simulator): Record<string, unknown> {
  const all: Record<string, unknown> = {
    counts: true,
    trace: true,
    raster: layersOf(wild, simulator),
    potentials: layersOf(wild, simulator),
    activity: true,
    operations: true,
  };
  return Object.fromEntries(Object.entries(all).filter(() => wild.chance(0.25)));
}

function anytime(wild: Wild, steps: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  if (wild.chance(0.5)) result.steps = [1 + wild.below(steps), wild.below(2 * steps)];
  if (wild.chance(0.5)) {
    const exit: Record<string, unknown> = {
      patience: wild.chance(0.9) ? 1 + wild.below(4) : 0,
      least: 1 + wild.below(steps + 1),
      verify: wild.chance(0.5),
    };
    const chosen = Object.fromEntries(Object.entries(exit).filter(() => wild.chance(0.5)));
    result.exit = { margin: wild.uniform(-0.05, 1), ...chosen };
  }
  if (wild.chance(0.1)) result[wild.pick(['steps', 'exit', 'stranger'])] = wild.thing();
  return result;
}

function runOptions(
  wild: Wild,
  simulator: Simulator,
  encoding: unknown,
  rows: number,
  steps: number,
): AsyncRunOptions {
  const result: Record<string, unknown> = {};
  if (encoding === 'spikes') {
    const spikes = Int8Array.from(
      { length: rows * steps * simulator.encodedSize },
      () => wild.below(5) - 1,
    );
    result.spikes = wild.chance(0.9) ? spikes : wild.thing();
  }
  if (wild.chance(0.5)) result.record = record(wild, simulator);
  if (wild.chance(0.2)) result.anytime = anytime(wild, steps);
  if (wild.chance(0.3)) result.seed = wild.below(2 ** 32);
  const names = [
    'seed',
    'firstObservation',
    'rows',
    'record',
    'spikes',
    'anytime',
    'borrow',
    'into',
    'signal',
    'stranger',
  ];
  if (wild.chance(0.1)) result[wild.pick(names)] = wild.thing();
  return result;
}

async function simulate(wild: Wild, network: Network): Promise<void> {
  const chosen = options(wild);
  const simulator = new Simulator(network, chosen);
  const rows = 1 + wild.below(4);
  const count = rows * simulator.observationSize;
  const observations = wild.weights(wild.chance(0.95) ? count : count + 1, wild.chance(0.95));
  const run = runOptions(wild, simulator, chosen.encoding, rows, chosen.steps!);
  const result = wild.chance(0.5)
    ? await simulator.run(observations, run)
    : simulator.runSync(observations, run);
  // A value too many is a row more where a row has one value.
  expect(result.rows).to.equal(observations.length / simulator.observationSize);
  expect(result.out).to.have.length(result.rows * simulator.outputSize);
  if (chosen.decoding !== 'first_spike') {
    expect(
      result.out.every((value) => Number.isFinite(value)),
      'finite outputs',
    ).to.equal(true);
  }
  for (const spikes of result.totalSpikes) expect(spikes).to.be.at.least(0);
}

async function forwardOrConvert(wild: Wild, network: Network): Promise<void> {
  const rows = 1 + wild.below(4);
  const calibration = wild.weights(rows * network.inputSize, true);
  if (wild.chance(0.5)) {
    const q = await network.forward(calibration);
    expect(q).to.have.length(rows * network.outputSize);
    expect(
      q.every((value) => Number.isFinite(value)),
      'finite outputs',
    ).to.equal(true);
  } else {
    const method = wild.pick(['robust', 'data', 'model'] as const);
    const percentile = wild.chance(0.9) ? wild.uniform(0.01, 1) : (wild.thing() as number);
    const spiking = await convert(network, { method, percentile, calibration });
    expect(spiking.graph.conversion!.scale.every((scale) => scale > 0)).to.equal(true);
  }
}

async function attempt(seed: number): Promise<string> {
  const wild = new Wild(seed);
  const sound = mostlySound(wild);
  const { graph, story }: { graph: Graph; story: string } = wild.chance(0.3)
    ? damaged(wild, sound)
    : { graph: sound, story: 'sound' };
  const before = performance.now();
  try {
    const network = Network.fromGraph(graph);
    await (network.spiking || wild.chance(0.7)
      ? simulate(wild, network)
      : forwardOrConvert(wild, network));
    tally.ran += 1;
  } catch (error) {
    const what = `seed ${seed} (${story})`;
    if (!(error instanceof SpiqError))
      throw new Error(`${what}: ${String(error)}`, { cause: error });
    expect(isErrorCode(error.code), what).to.equal(true);
    expect(error.code, `${what}: ${error.message}`).to.not.equal('E_INTERNAL');
    expect(error.message.length, what).to.be.lessThan(1000);
    tally.refused += 1;
    tally.codes.set(error.code, (tally.codes.get(error.code) ?? 0) + 1);
  }
  expect(performance.now() - before, `seed ${seed} (${story}): milliseconds`).to.be.lessThan(
    slowest,
  );
  return story;
}

describe('fuzz: the engine through its façade', () => {
  after(() => {
    const codes = [...tally.codes].sort().map(([code, count]) => `${code} ${count}`);
    console.log(`      ${tally.ran} ran, ${tally.refused} refused: ${codes.join(', ')}`);
  });

  it(`${cases} graphs, options and inputs run or are refused with a known code`, async function () {
    this.timeout(120_000);
    for (let seed = 0; seed < cases; seed += 1) await attempt(seed);
  });

  it('a good share ran, and refusals were of many kinds', () => {
    expect(tally.ran).to.be.greaterThan(cases / 5);
    expect(tally.refused).to.be.greaterThan(cases / 5);
    expect([...tally.codes.keys()]).to.include.members([
      'E_ARGUMENT',
      'E_RANGE',
      'E_SHAPE',
      'E_NOT_FINITE',
      'E_GRAPH',
      'E_UNSUPPORTED',
    ]);
  });

  it('the same seed gives the same story', async () => {
    const stories = async (): Promise<string[]> => Promise.all([1, 2, 3, 4, 5, 6].map(attempt));
    expect(await stories()).to.deep.equal(await stories());
  });
});
