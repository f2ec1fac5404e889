import { expect } from 'chai';
import { toFloat64 } from '../../ts/formats/npz/index.js';
import type { Npz } from '../../ts/formats/npz/index.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { SimulationOptions } from '../../ts/simulator.js';
import { dqn, observations, succeed, succeedJson } from './spiq.js';
import { Workspace, bareWeights, f4, transposed } from './workspace.js';

interface Simulated {
  readonly options: Readonly<Record<string, unknown>>;
  readonly rows: number;
  readonly spikesPerObservation: number;
  readonly out: readonly (readonly (number | null)[])[];
  readonly q?: readonly (readonly number[])[];
  readonly steps: readonly number[];
  readonly output?: string;
}

const always = ['out', 'steps', 'total_spikes'];

function values(file: Npz, key: string): number[] {
  return Array.from(toFloat64(file.get(key)).data);
}

function totalOf(file: Npz, keys: readonly string[]): number {
  return keys.flatMap((key) => values(file, key)).reduce((sum, value) => sum + value, 0);
}

describe('command line: simulate', function () {
  this.timeout(60_000);
  const work = new Workspace();
  let snn = '';
  before(async () => {
    snn = await work.convertExample();
    await succeed([
      'convert',
      dqn,
      '--calibration',
      observations,
      '-o',
      work.path('snn.onnx'),
      '--quiet',
    ]);
    work.write('bare.npz', bareWeights([4, 8, 6, 3]));
    work.write('bare-in-out.npz', transposed(bareWeights([4, 8, 6, 3])));
    work.write('few.npz', {
      obs: f4([3, 4], [0.1, -0.5, 0.02, 0.4, -1, 2, -0.1, -1.5, 0, 0.3, 0.1, -0.2]),
    });
  });
  /** Simulates few.npz into result.npz. */
  const simulate = async (network: string, ...more: string[]): Promise<Simulated> =>
    succeedJson<Simulated>([
      ...['simulate', network, '--obs', work.path('few.npz'), '-o', work.path('result.npz')],
      ...more,
    ]);

  it('gives the same for a converted network as .npz and as .onnx', async () => {
    const npz = await simulate(snn);
    const result = work.read('result.npz');
    expect(result.keys).to.deep.equal(['out', 'q', 'steps', 'total_spikes']);
    expect(result.get('out')).to.deep.include({ shape: [3, 2], dtype: 'f4' });
    expect(result.get('steps')).to.deep.equal({
      shape: [3],
      dtype: 'i4',
      data: Int32Array.of(100, 100, 100),
    });
    const onnx = await simulate(work.path('snn.onnx'));
    expect(onnx.out).to.deep.equal(npz.out);
    expect(onnx.q).to.deep.equal(npz.q);
  });

  it('tells out and q of the result file in --json as well', async () => {
    const told = await simulate(snn, '-T', '50');
    const result = work.read('result.npz');
    expect(told.rows).to.equal(3);
    expect(told.out.flat()).to.deep.equal(values(result, 'out'));
    expect(told.q!.flat()).to.deep.equal(values(result, 'q'));
    expect(told.spikesPerObservation).to.be.closeTo(totalOf(result, ['total_spikes']) / 3, 1e-9);
    expect(told.options).to.deep.equal({
      ...{ steps: 50, semantics: 'direct', encoding: 'constant', decoding: 'potential', seed: 0 },
    });
  });

  it('comes close to the float network in q as T grows', async () => {
    const network = await Network.load(dqn);
    const float = network.forwardSync(Float32Array.from(values(work.read('few.npz'), 'obs')));
    const deviation = async (steps: string): Promise<number> => {
      const { q } = await simulate(snn, '-T', steps);
      return Math.max(...q!.flat().map((value, at) => Math.abs(value - float[at]!)));
    };
    const [short, long] = [await deviation('100'), await deviation('20000')];
    expect(long).to.be.below(short / 10);
  });

  it('gives no q where the scales are unknown or do not hold', async () => {
    for (const more of [
      ['--threshold', '0.5'],
      ['--alpha', '0.1'],
      ['--beta', '0.9'],
      ['--decoding', 'first_spike'],
    ]) {
      expect((await simulate(snn, ...more)).q, more.join(' ')).to.equal(undefined);
      expect(work.read('result.npz').keys).to.deep.equal(always);
    }
    const { stderr } = await succeed([
      'simulate',
      snn,
      '--obs',
      work.path('few.npz'),
      '--beta',
      '0.9',
    ]);
    expect(stderr).to.match(/^note: no q: the scales hold for threshold 1/m);
    expect((await simulate(dqn)).q).to.equal(undefined);
  });

  it('says that a network was not converted', async () => {
    const line = ['simulate', dqn, '--obs', work.path('few.npz')];
    expect((await succeed(line)).stderr).to.match(/^note: .* was not converted: it runs as given/m);
    expect((await succeed([...line, '--quiet'])).stderr).to.equal('');
    const { stderr } = await succeed(['simulate', snn, '--obs', work.path('few.npz')]);
    expect(stderr).to.equal('');
  });

  it('reads bare weights in either layout', async () => {
    const rows = await simulate(work.path('bare.npz'), '--layout', 'out-in');
    expect(rows.out[0]).to.have.length(3);
    expect((await simulate(work.path('bare-in-out.npz'), '--layout', 'in-out')).out).to.deep.equal(
      rows.out,
    );
  });

  it('hands every option to the engine', async () => {
    const lines: [words: string[], options: SimulationOptions][] = [
      [['-T', '37'], { steps: 37 }],
      [['--steps', '37', '--semantics', 'dsqn'], { steps: 37, semantics: 'dsqn' }],
      [['--encoding', 'equidistant'], { encoding: 'equidistant' }],
      [['--encoding', 'latency'], { encoding: 'latency' }],
      [['--decoding', 'spikes'], { decoding: 'spikes' }],
      [['--decoding', 'mean_potential'], { decoding: 'mean_potential' }],
      [['--decoding', 'max_potential'], { decoding: 'max_potential' }],
      [['--reset', 'zero'], { reset: 'zero' }],
      [
        ['--reset', 'subtraction', '--semantics', 'direct'],
        { reset: 'subtraction', semantics: 'direct' },
      ],
      [['--threshold', '0.5'], { threshold: 0.5 }],
      [['--alpha', '0.5', '--beta', '0.9'], { alpha: 0.5, beta: 0.9 }],
      [['--alpha', '0', '--beta', '1', '--threshold', '1'], { alpha: 0, beta: 1, threshold: 1 }],
      [['--epsilon', '0.01'], { epsilon: 0.01 }],
      [
        ['--two-input-neurons', '--encoding', 'equidistant'],
        { twoInputNeurons: true, encoding: 'equidistant' },
      ],
      [['--precision', 'float64'], { precision: 'float64' }],
    ];
    const network = await Network.load(work.path('bare.npz'), { layout: 'out-in' });
    const few = Float32Array.from(values(work.read('few.npz'), 'obs'));
    const seen = new Set<string>();
    for (const [words, options] of lines) {
      const { out } = await simulate(work.path('bare.npz'), '--layout', 'out-in', ...words);
      const rows = options.precision === 'float64' ? Float64Array.from(few) : few;
      expect(out.flat(), words.join(' ')).to.deep.equal(
        Array.from(new Simulator(network, options).runSync(rows).out),
      );
      seen.add(JSON.stringify(out));
    }
    // Two lines spell out defaults; of the others each has to change the result.
    expect(seen.size).to.equal(lines.length - 1);
  });

  it('appends the constant 1 with --bias-as-observation', async () => {
    const three = f4([1, 3], [0.2, -0.4, 0.6]);
    const four = f4([1, 4], [0.2, -0.4, 0.6, 1]);
    const line = ['simulate', work.path('bare.npz'), '--layout', 'out-in', '--obs'];
    const appended = await succeedJson<Simulated>([
      ...line,
      work.write('3.npz', { obs: three }),
      '--bias-as-observation',
    ]);
    const whole = await succeedJson<Simulated>([...line, work.write('4.npz', { obs: four })]);
    expect(appended.out).to.deep.equal(whole.out);
  });

  it('records the spikes of each firing layer', async () => {
    await simulate(snn, '--record');
    const potential = work.read('result.npz');
    expect(potential.keys).to.include.members(['spikes0', 'spikes1']).and.not.include('spikes2');
    expect(potential.get('spikes0')).to.deep.include({ shape: [3, 16], dtype: 'i4' });
    expect(totalOf(potential, ['spikes0', 'spikes1'])).to.equal(
      totalOf(potential, ['total_spikes']),
    );
    await simulate(snn, '--record', '--decoding', 'spikes');
    const counted = work.read('result.npz');
    expect(counted.get('spikes2').shape).to.deep.equal([3, 2]);
    expect(values(counted, 'spikes2')).to.deep.equal(values(counted, 'out'));
    expect(totalOf(counted, ['spikes0', 'spikes1', 'spikes2'])).to.equal(
      totalOf(counted, ['total_spikes']),
    );
  });

  it('stops a row at its first spike', async () => {
    const { out, steps } = await simulate(snn, '--decoding', 'first_spike', '-T', '60');
    for (const count of steps) expect(count).to.be.within(1, 59);
    expect(new Set(out.flat())).to.deep.equal(new Set([0, 1]));
    const none = await simulate(snn, '--decoding', 'first_spike', '-T', '1');
    expect(none.out.flat(), 'NaN, which JSON writes as null').to.deep.equal(
      new Array(6).fill(null),
    );
    expect(values(work.read('result.npz'), 'out')).to.deep.equal(new Array(6).fill(NaN));
  });

  it('prints a table, or nothing with --quiet', async () => {
    const line = ['simulate', snn, '--obs', observations];
    const { stdout, stderr } = await succeed(line);
    expect(stdout).to.match(/^row +out0 +out1 +q0 +q1 +action +spikes\n0 /);
    expect(stdout).to.match(
      /\n7 .*\n… and 1,992 more rows\n2,000 observations in [\d.]+ s, [\d.]+ spikes each\n$/,
    );
    expect(stderr).to.equal('');
    expect(await succeed([...line, '--quiet'])).to.include({ stdout: '', stderr: '' });
  });

  it('leaves large outputs to the result file', async () => {
    const many = f4([10_001, 4], new Array<number>(40_004).fill(0.25));
    const told = await succeedJson<{ out: null; outOmitted: string }>([
      ...['simulate', snn, '--obs', work.write('many.npz', { obs: many }), '-T', '5'],
    ]);
    expect(told.out).to.equal(null);
    expect(told.outOmitted).to.include('--output');
  });

  it('gives the same on one thread and two, on any instruction set', async () => {
    const line = ['simulate', snn, '--obs', observations, '-o'];
    const outs = [];
    for (const [index, more] of [
      ['--threads', '1'],
      ['--threads', '2'],
      ['--isa', 'baseline'],
      [],
    ].entries()) {
      const file = `same${index}.npz`;
      const env = more.length === 0 ? { SPIQ_ISA: 'baseline' } : {};
      await succeed([...line, work.path(file), '--record', ...more, '--quiet'], { env });
      const result = work.read(file);
      outs.push(['out', 'spikes0', 'spikes1'].map((key) => result.get(key).data));
    }
    for (const other of outs.slice(1)) expect(other).to.deep.equal(outs[0]);
  });

  it('draws the same Poisson spikes for the same seed alone', async () => {
    const draw = async (...more: string[]) =>
      (await simulate(snn, '--encoding', 'poisson', ...more)).out;
    const seventh = await draw('--seed', '7');
    expect(await draw('--seed', '7', '--threads', '1')).to.deep.equal(seventh);
    expect(await draw('--seed', '8')).to.not.deep.equal(seventh);
    expect(await draw()).to.deep.equal(await draw('--seed', '0'));
  });
});
