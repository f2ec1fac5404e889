import { expect } from 'chai';
import type { Npz } from '../../ts/formats/npz/index.js';
import type { Decoding, Encoding } from '../../ts/simulator.js';
import { referenceSimulate } from '../reference/simulate.js';
import { doubles, floats, json, largestDifference, needFixtures, npz } from './fixtures.js';
import { spikingChain } from './spiking-chain.js';

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

const rows = 3;

/** The spikes that were fed in the first rows, where they were drawn at random. */
function givenSpikes(file: Npz, test: Case): Int8Array | undefined {
  if (test.encoding !== 'poisson') return undefined;
  const { data, shape } = file.get(`${test.key.replace(/_T\d+$/, '')}.input_spikes`);
  const [, allRows, inputs] = shape as [number, number, number];
  const steps = Array.from({ length: test.T }, (_, step) => {
    const start = step * allRows * inputs;
    return Array.from((data as Uint8Array).subarray(start, start + rows * inputs));
  });
  return Int8Array.from(steps.flat());
}

function checkCase(file: Npz, test: Case): void {
  const allRows = file.get('obs').shape[0]!;
  const observations = floats(file, 'obs');
  const spikes = givenSpikes(file, test);
  const { out } = referenceSimulate(
    spikingChain(file),
    observations.subarray(0, (rows * observations.length) / allRows),
    {
      semantics: 'dsqn',
      precision: 'float64',
      steps: test.T,
      encoding: spikes ? 'spikes' : test.encoding,
      decoding: test.decoding,
      reset: test.reset,
      alpha: test.alpha,
      beta: test.beta,
      threshold: test.threshold,
      twoInputNeurons: test.two_input_neurons,
      biasAsObservation: test.add_bias_as_observation,
      ...(spikes ? { spikes } : {}),
    },
  );
  const truth = doubles(file, `${test.key}.out_f64`).subarray(0, out.length);
  expect(largestDifference(out, truth), test.key).to.be.at.most(1e-9);
}

describe('published: the reference simulator (fixtures/sqn)', () => {
  before(function () {
    needFixtures(this);
  });

  for (const name of ['cartpole_a_dqn__robust_p99', 'snn_cartpole_e']) {
    it(`the cases of ${name} to T = 100`, () => {
      const file = npz('sqn', `${name}.npz`);
      const cases = json<{ cases: Case[] }>('sqn', `${name}.json`).cases;
      const short = cases.filter(({ T }) => T <= 100);
      expect(short.length).to.be.at.least(2);
      for (const test of short) checkCase(file, test);
    });
  }
});
