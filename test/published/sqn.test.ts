import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { decodeBareWeights } from '../../ts/formats/bare-weights.js';
import type { Npz } from '../../ts/formats/npz/index.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { Decoding, Encoding, SimulationOptions } from '../../ts/simulator.js';
import {
  doubles,
  fixtures,
  floats,
  json,
  largestDifference,
  needFixtures,
  npz,
  tolerance,
  withPrefix,
} from './fixtures.js';

interface Case {
  readonly key: string;
  readonly encoding: Encoding;
  readonly decoding: Decoding;
  readonly reset: 'subtraction' | 'zero';
  readonly T: number;
  readonly alpha: number;
  readonly beta: number;
  readonly threshold: number;
  readonly two_input_neurons: boolean;
  readonly add_bias_as_observation: boolean;
}

/** Rows below this margin may legitimately flip a spike in float32 (MANIFEST.md). */
const safeMargin = 2e-6;

const tally = { cases: 0, rows: 0, compared: 0, loose: 0, firstSpikes: 0, encoded: 0 };

function optionsOf(test: Case, given: boolean): SimulationOptions {
  return {
    semantics: 'dsqn',
    steps: test.T,
    encoding: given ? 'spikes' : test.encoding,
    decoding: test.decoding,
    reset: test.reset,
    alpha: test.alpha,
    beta: test.beta,
    threshold: test.threshold,
    twoInputNeurons: test.two_input_neurons,
    biasAsObservation: test.add_bias_as_observation,
  };
}

function givenSpikes(file: Npz, test: Case, rows: number): Int8Array | undefined {
  const key = `${test.key.replace(/_T\d+$/, '')}.input_spikes`;
  if (!file.has(key)) return undefined;
  const { data, shape } = file.get(key);
  return Int8Array.from((data as Uint8Array).subarray(0, test.T * rows * shape[2]!));
}

function checkCase(file: Npz, network: Network, test: Case): void {
  const obs = floats(file, 'obs');
  const rows = file.get('obs').shape[0]!;
  const spikes = givenSpikes(file, test, rows);
  if (test.encoding !== 'constant')
    expect(spikes, `${test.key}: recorded input`).to.not.equal(undefined);
  const options = optionsOf(test, spikes !== undefined);
  const run = { record: { counts: true }, ...(spikes ? { spikes } : {}) };

  const truth = doubles(file, `${test.key}.out_f64`);
  const exact = new Simulator(network, { ...options, precision: 'float64' }).runSync(obs, run);
  expect(largestDifference(exact.out, truth), `${test.key}: float64`).to.be.at.most(1e-9);

  const single = new Simulator(network, options).runSync(obs, run);
  const golden = floats(file, `${test.key}.out`);
  const same = file.get(`${test.key}.same_train`).data;
  const margin = floats(file, `${test.key}.margin`);
  const width = golden.length / rows;
  for (let row = 0; row < rows; row += 1) {
    tally.rows += 1;
    if (Number(same[row]) === 0 || margin[row]! <= safeMargin) {
      tally.loose += 1;
      continue;
    }
    const [from, to] = [row * width, (row + 1) * width];
    const difference = largestDifference(single.out.slice(from, to), golden.slice(from, to));
    expect(difference, `${test.key}: row ${row}`).to.be.at.most(tolerance(golden));
    single.counts!.forEach((counts, layer) => {
      const units = counts.length / rows;
      const ours = counts.slice(row * units, (row + 1) * units);
      expect(
        ours,
        `${test.key}: counts of layer ${layer}, row ${row}, against float64`,
      ).to.deep.equal(exact.counts![layer]!.slice(row * units, (row + 1) * units));
      if (!file.has(`${test.key}.spikes${layer}`)) return;
      const theirs = file
        .get(`${test.key}.spikes${layer}`)
        .data.slice(row * units, (row + 1) * units);
      expect(Array.from(ours), `${test.key}: spikes${layer}, row ${row}`).to.deep.equal(
        Array.from(theirs, Number),
      );
    });
    tally.compared += 1;
  }
  if (test.encoding === 'equidistant') checkOwnEncoder(network, test, obs, exact.out);
  tally.cases += 1;
}

/** The equidistant encoder is deterministic, so encoding the observations must give what was recorded. */
function checkOwnEncoder(
  network: Network,
  test: Case,
  obs: Float32Array,
  out: ArrayLike<number>,
): void {
  const simulator = new Simulator(network, { ...optionsOf(test, false), precision: 'float64' });
  expect(simulator.runSync(obs).out, `${test.key}: own encoder`).to.deep.equal(out);
  tally.encoded += 1;
}

function checkFirstSpike(file: Npz, network: Network): void {
  if (!file.has('first_spike_T100.out')) return;
  const simulator = new Simulator(network, {
    semantics: 'dsqn',
    decoding: 'first_spike',
    steps: 100,
  });
  const { out, steps } = simulator.runSync(floats(file, 'obs'));
  const golden = floats(file, 'first_spike_T100.out');
  expect(Array.from(out)).to.deep.equal(Array.from(golden));
  expect(Array.from(steps)).to.deep.equal(
    Array.from(file.get('first_spike_T100.steps').data, Number),
  );
  tally.firstSpikes += steps.length;
}

describe('published: spiking Q-networks (fixtures/sqn)', () => {
  before(function () {
    needFixtures(this);
  });
  after(() => {
    console.log(
      `      ${tally.cases} cases, ${tally.rows} rows, each equal to the float64 truth within 1e-9; in float32 ` +
        `spike counts and outputs compared in ${tally.compared}, ${tally.loose} too near a threshold; ` +
        `${tally.firstSpikes} first spikes; ${tally.encoded} cases also through spiq's own encoder`,
    );
  });

  it('every case of every network', function () {
    this.timeout(120_000);
    const files = readdirSync(path.join(fixtures, 'sqn')).filter(
      (name) => name.endsWith('.json') && name !== 'trace_cartpole.json',
    );
    expect(files.length).to.be.at.least(11);
    for (const name of files) {
      const file = npz('sqn', name.replace('.json', '.npz'));
      const network = Network.fromGraph(decodeBareWeights(file, { layout: 'in-out' }).graph);
      for (const test of json<{ cases: Case[] }>('sqn', name).cases) checkCase(file, network, test);
      checkFirstSpike(file, network);
    }
  });

  it('the equidistant encoder alone, its jam above 1 included', () => {
    const file = npz('sqn', 'encoder_equidistant.npz');
    const [x, expected] = [floats(file, 'x'), file.get('spikes').data as Uint8Array];
    const inputs = x.length;
    const eye = Float32Array.from({ length: inputs * inputs }, (_, i) =>
      i % (inputs + 1) === 0 ? 1 : 0,
    );
    const network = Network.fromGraph({
      nodes: [
        { kind: 'input', name: 'x', shape: [inputs] },
        { kind: 'dense', name: 'copy', weight: { shape: [inputs, inputs], data: eye } },
      ],
      edges: [['x', 'copy']],
      outputs: ['copy'],
    });
    const simulator = new Simulator(network, {
      semantics: 'dsqn',
      encoding: 'equidistant',
      steps: 200,
    });
    // The output potential sees an input's spike one step later.
    const trace = simulator.runSync(x, { record: { trace: true } }).traces![0]!;
    const seen = Uint8Array.from(trace.current);
    expect(seen).to.deep.equal(expected);
  });

  it('trace_cartpole step by step', () => {
    const file = npz('sqn', 'trace_cartpole.npz');
    const settings = json<(Omit<Case, 'key'> & { prefix: string })[]>('sqn', 'trace_cartpole.json');
    expect(settings).to.have.length(7);
    for (const setting of settings) {
      const own = withPrefix(file, `${setting.prefix}.`);
      const network = Network.fromGraph(decodeBareWeights(own, { layout: 'in-out' }).graph);
      const options = optionsOf(
        { ...setting, key: setting.prefix, two_input_neurons: false },
        false,
      );
      const { traces, out } = new Simulator(network, options).runSync(
        floats(file, `${setting.prefix}.obs`),
        { record: { trace: true } },
      );
      expect(largestDifference(out, floats(file, `${setting.prefix}.out`))).to.be.at.most(1e-4);
      traces!.forEach((trace, layer) => {
        const label = `${setting.prefix}, layer ${layer}`;
        const [mem, syn] = [
          floats(file, `${setting.prefix}.mem${layer}`),
          floats(file, `${setting.prefix}.syn${layer}`),
        ];
        expect(largestDifference(trace.potential, mem), `${label}: potential`).to.be.at.most(
          tolerance(mem),
        );
        expect(largestDifference(trace.current, syn), `${label}: current`).to.be.at.most(
          tolerance(syn),
        );
        if (!file.has(`${setting.prefix}.spk${layer}`)) return;
        const fired = file.get(`${setting.prefix}.spk${layer}`).data;
        expect(Array.from(trace.spikes), `${label}: spikes`).to.deep.equal(
          Array.from(fired, Number),
        );
      });
    }
  });
});
