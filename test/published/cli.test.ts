import path from 'node:path';
import { expect } from 'chai';
import type { Npz } from '../../ts/formats/npz/index.js';
import { succeed } from '../cli/spiq.js';
import { Workspace } from '../cli/workspace.js';
import {
  doubles,
  fixtures,
  floats,
  json,
  largest,
  largestDifference,
  needFixtures,
  npz,
  tolerance,
} from './fixtures.js';

interface Case {
  readonly key: string;
  readonly decoding: string;
  readonly reset: string;
  readonly T: number;
  readonly alpha: number;
  readonly beta: number;
  readonly threshold: number;
  readonly two_input_neurons: boolean;
  readonly add_bias_as_observation: boolean;
}

/** Rows below this margin may legitimately flip a spike in float32 (MANIFEST.md). */
const safeMargin = 2e-6;

const cases: readonly (readonly [net: string, ...keys: string[]])[] = [
  [
    'cartpole_a_dqn__robust_p99',
    'const_potential_subtraction_T100',
    'const_potential_subtraction_T500',
    'const_spikes_subtraction_T500',
    'const_potential_zero_T100',
    'const_spikes_zero_T50',
    'const_potential_subtraction_thr0.5_T100',
    'const_potential_subtraction_a0.5_b0.9_T100',
    'poisson2_potential_subtraction_T100',
    'equidistant2_potential_subtraction_T100',
    'poisson1_potential_subtraction_T100',
  ],
  [
    'mountaincar_b_dqn__robust_p99',
    'const_potential_subtraction_T500',
    'poisson2_potential_zero_T100',
    'equidistant2_spikes_subtraction_T100',
  ],
  ['cartpole_a_dqn__model', 'const_potential_subtraction_T100'],
  [
    'snn_cartpole_e',
    'const_potential_subtraction_T20',
    'const_potential_subtraction_T100',
    'const_spikes_subtraction_T20',
    'const_potential_subtraction_a0.5_b0.9_T20',
  ],
];

/** Words of `spiq simulate` that state the case outright. */
function wordsOf(file: string, golden: Npz, test: Case): string[] {
  const spikes = `${test.key.replace(/_T\d+$/, '')}.input_spikes`;
  return [
    ...['simulate', file, '--layout', 'in-out', '--obs', `${file}:obs`, '--semantics', 'dsqn'],
    ...['-T', String(test.T), '--decoding', test.decoding, '--reset', test.reset],
    ...[
      '--threshold',
      String(test.threshold),
      '--alpha',
      String(test.alpha),
      '--beta',
      String(test.beta),
    ],
    ...(golden.has(spikes) ? ['--input-spikes', `${file}:${spikes}`] : ['--encoding', 'constant']),
    ...(test.two_input_neurons ? ['--two-input-neurons'] : []),
    ...(test.add_bias_as_observation ? ['--bias-as-observation'] : []),
  ];
}

function rowOf(values: ArrayLike<number>, row: number, rows: number): number[] {
  const width = values.length / rows;
  return Array.from({ length: width }, (_, at) => Number(values[row * width + at]));
}

describe('published: through the command line', function () {
  this.timeout(120_000);
  const work = new Workspace();
  before(function () {
    needFixtures(this);
  });

  it('convert: robust .99 on the recorded replay', async () => {
    const replay = path.join(fixtures, 'replay', 'cartpole_a_dqn', 'memory_inputs.npz');
    await succeed([
      ...['convert', path.join(fixtures, 'nets', 'cartpole_a_dqn.onnx'), '--method', 'robust'],
      ...['--percentile', '0.99', '--calibration', replay, '-o', work.path('snn.npz')],
    ]);
    const [ours, golden] = [work.read('snn.npz'), npz('convert', 'cartpole_a_dqn.npz')];
    for (const key of ['w0', 'b0', 'w1', 'b1', 'w2', 'b2', 'scale']) {
      const expected = floats(golden, `robust_p99.${key}`);
      expect(ours.get(key).shape, key).to.deep.equal(golden.get(`robust_p99.${key}`).shape);
      const difference = largestDifference(floats(ours, key), expected) / largest(expected);
      expect(difference, key).to.be.at.most(1e-6);
    }
  });

  /** Outputs and spike counts in float32, where float32 can be held to them; counts the layers with spikes. */
  function checkSingle(result: Npz, golden: Npz, key: string): number {
    const [out, expected] = [floats(result, 'out'), floats(golden, `${key}.out`)];
    const same = golden.get(`${key}.same_train`).data;
    const margin = floats(golden, `${key}.margin`);
    const rows = same.length;
    const layers = result.keys.filter(
      (name) => /^spikes\d$/.test(name) && golden.has(`${key}.${name}`),
    );
    let compared = 0;
    for (let row = 0; row < rows; row += 1) {
      if (Number(same[row]) === 0 || margin[row]! <= safeMargin) continue;
      compared += 1;
      const difference = largestDifference(rowOf(out, row, rows), rowOf(expected, row, rows));
      expect(difference, `${key}: row ${row}`).to.be.at.most(tolerance(expected));
      for (const layer of layers) {
        const [ours, theirs] = [floats(result, layer), floats(golden, `${key}.${layer}`)];
        expect(rowOf(ours, row, rows), `${key}.${layer}: row ${row}`).to.deep.equal(
          rowOf(theirs, row, rows),
        );
      }
    }
    expect(compared, key).to.be.above(rows / 2);
    return layers.length;
  }

  for (const [net, ...keys] of cases) {
    it(`simulate: ${keys.length} case(s) of ${net}`, async () => {
      const file = path.join(fixtures, 'sqn', `${net}.npz`);
      const golden = npz('sqn', `${net}.npz`);
      const known = json<{ cases: Case[] }>('sqn', `${net}.json`).cases;
      let layers = 0;
      for (const key of keys) {
        const words = wordsOf(
          file,
          golden,
          known.find((test) => test.key === key)!,
        );
        await succeed([...words, '--record', '--quiet', '-o', work.path('single.npz')]);
        layers += checkSingle(work.read('single.npz'), golden, key);
        await succeed([
          ...words,
          '--precision',
          'float64',
          '--quiet',
          '-o',
          work.path('double.npz'),
        ]);
        const exact = doubles(work.read('double.npz'), 'out');
        expect(largestDifference(exact, doubles(golden, `${key}.out_f64`)), key).to.be.at.most(
          1e-9,
        );
      }
      expect(layers, 'layers whose spikes were recorded').to.be.at.least(2);
    });
  }

  it('simulate: first spike', async () => {
    const file = path.join(fixtures, 'sqn', 'cartpole_a_dqn__robust_p99.npz');
    await succeed([
      ...[
        'simulate',
        file,
        '--layout',
        'in-out',
        '--obs',
        file,
        '--semantics',
        'dsqn',
        '-T',
        '100',
      ],
      ...['--decoding', 'first_spike', '--quiet', '-o', work.path('first.npz')],
    ]);
    const [ours, golden] = [work.read('first.npz'), npz('sqn', 'cartpole_a_dqn__robust_p99.npz')];
    expect(floats(ours, 'out')).to.deep.equal(floats(golden, 'first_spike_T100.out'));
    expect(floats(ours, 'steps')).to.deep.equal(floats(golden, 'first_spike_T100.steps'));
  });
});
