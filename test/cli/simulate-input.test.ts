import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import type { ErrorCode } from '../../ts/errors.js';
import type { NpyArray } from '../../ts/formats/npz/index.js';
import { dqn, fail, observations, succeed, succeedJson } from './spiq.js';
import { Workspace, bareWeights, f4 } from './workspace.js';

interface Simulated {
  readonly rows: number;
  readonly out: readonly (readonly number[])[];
}

const four = [0.25, -0.5, 1, 2];

describe('command line: what simulate reads', function () {
  this.timeout(60_000);
  const work = new Workspace();
  let snn = '';
  before(async () => {
    snn = await work.convertExample();
  });
  const simulate = async (obs: string, ...more: string[]): Promise<Simulated> =>
    succeedJson<Simulated>(['simulate', snn, '--obs', obs, ...more]);

  it('one observation of one dimension, .npy, float64, whole numbers and a named key', async () => {
    const { out } = await simulate(work.write('plain.npz', { arr_0: f4([1, 4], four) }));
    const files = [
      work.write('flat.npz', { x: f4([4], four) }),
      work.writeNpy('flat.npy', f4([4], four)),
      work.write('double.npz', {
        x: { shape: [1, 4], dtype: 'f8', data: Float64Array.from(four) },
      }),
      `${work.write('two.npz', { obs: f4([1, 4], [9, 9, 9, 9]), b: f4([1, 4], four) })}:b`,
      work.write('usual.npz', { other: f4([2, 2], four), obs: f4([1, 4], four) }),
      work.write('block.npz', { x: f4([1, 2, 2], four) }),
      work.writeNpy('with:colon.npy', f4([1, 4], four)),
    ];
    for (const file of files) expect(await simulate(file), file).to.deep.include({ rows: 1, out });
    const bytes: NpyArray = {
      shape: [2, 4],
      dtype: 'u1',
      data: Uint8Array.of(0, 1, 2, 3, 255, 4, 0, 1),
    };
    const whole = await simulate(work.write('bytes.npz', { x: bytes }));
    const same = await simulate(
      work.write('same.npz', { x: f4([2, 4], [0, 1, 2, 3, 255, 4, 0, 1]) }),
    );
    expect(whole.out).to.deep.equal(same.out);
  });

  it('float64 as it is, or rounded with a note', async () => {
    const data = Float64Array.of(0.1, 0.2, 0.3, 0.4);
    const file = work.write('fine.npz', { x: { shape: [1, 4], dtype: 'f8', data } });
    const line = ['simulate', snn, '--obs', file];
    expect((await succeed(line)).stderr).to.match(
      /^note: observations in .* were rounded to float32/m,
    );
    expect((await succeed([...line, '--precision', 'float64'])).stderr).to.equal('');
  });

  it('input spikes in place of encoded observations', async () => {
    const ones = { shape: [5, 1, 4], dtype: 'u1', data: new Uint8Array(20).fill(1) } as const;
    const twice = { shape: [5, 2, 8], dtype: 'i1', data: new Int8Array(80).fill(1) } as const;
    const file = work.write('spikes.npz', { ones, flat: { ...ones, shape: [5, 4] }, twice });
    const feed = async (...words: string[]) => succeedJson<Simulated>(['simulate', snn, ...words]);
    // A spike on every input in every step is the constant observation 1.
    const constant = await simulate(
      work.write('ones.npz', { x: f4([4], [1, 1, 1, 1]) }),
      '-T',
      '5',
    );
    for (const key of ['ones', 'flat']) {
      const fed = await feed('--input-spikes', `${file}:${key}`, '-T', '5');
      expect(fed, key).to.deep.include({ rows: 1, out: constant.out });
    }
    const split = await feed('--input-spikes', `${file}:twice`, '-T', '5', '--two-input-neurons');
    expect(split.rows).to.equal(2);
    const line = [
      'simulate',
      snn,
      '--input-spikes',
      `${file}:ones`,
      '-T',
      '3',
      '--encoding',
      'poisson',
    ];
    expect((await succeed(line)).stderr).to.match(/^note: .*encoding 'poisson' is not applied/m);
    const few = [...line.slice(0, 4), '-T', '6'];
    expect(await fail(few, 'E_SHAPE')).to.include('at least T = 6 steps, received 5');
    const narrow = [...line.slice(0, 6), '--two-input-neurons'];
    expect(await fail(narrow, 'E_SHAPE')).to.include('rows of 8 values');
    const halves = work.write('halves.npz', { x: f4([1, 1, 4], [1, 0.5, 0, 0]) });
    expect(
      await fail(['simulate', snn, '--input-spikes', halves, '-T', '1'], 'E_RANGE'),
    ).to.include('0.5');
    expect(
      await fail(
        ['simulate', snn, '--obs', observations, '--input-spikes', `${file}:ones`, '-T', '1'],
        'E_SHAPE',
      ),
    ).to.include('2000');
    expect(
      await fail(['simulate', snn, '--obs', observations, '--encoding', 'spikes'], 'E_USAGE'),
    ).to.include('spikes');
  });
});

describe('command line: simulate refuses', function () {
  this.timeout(60_000);
  const work = new Workspace();
  let snn = '';
  before(async () => {
    snn = await work.convertExample();
  });

  /** Fails with `code`, leaves an existing output as it was, and nothing beside it. */
  async function refuse(code: ErrorCode, network: string, ...more: string[]): Promise<string> {
    const output = work.path('result.npz');
    writeFileSync(output, 'old');
    const before = work.names;
    const message = await fail(['simulate', network, '-o', output, ...more], code);
    expect(work.names).to.deep.equal(before);
    expect(readFileSync(output, 'utf8')).to.equal('old');
    return message;
  }
  const refuseArray = async (code: ErrorCode, array: NpyArray): Promise<string> =>
    refuse(code, snn, '--obs', work.write('wrong.npz', { obs: array }));

  it('a simulation time below 1, above ten million or not whole', async () => {
    for (const steps of ['0', '-5', '10000001']) {
      expect(await refuse('E_RANGE', snn, '--obs', observations, '-T', steps)).to.include(
        '1 to 10000000',
      );
    }
    for (const steps of ['1.5', 'abc', '', '1e400', 'NaN']) {
      expect(await refuse('E_USAGE', snn, '--obs', observations, '-T', steps)).to.include(
        'a whole number',
      );
    }
  });

  it('observations that are not finite, of another width, empty or of no number', async () => {
    for (const wrong of [NaN, Infinity, -Infinity]) {
      expect(await refuseArray('E_NOT_FINITE', f4([1, 4], [1, 2, 3, wrong]))).to.include(
        'element 3',
      );
    }
    expect(await refuseArray('E_SHAPE', f4([2, 5], new Array<number>(10).fill(1)))).to.include(
      '[rows, 4]',
    );
    expect(await refuseArray('E_SHAPE', f4([2, 2], four))).to.include('[2, 2]');
    expect(await refuseArray('E_SHAPE', f4([8], new Array<number>(8).fill(1)))).to.include('[8]');
    expect(await refuseArray('E_SHAPE', f4([0, 4], []))).to.include('at least one row');
  });

  it('files and keys that are not there, and files that hold no arrays', async () => {
    expect(await refuse('E_FILE', snn, '--obs', work.path('none.npz'))).to.include('ENOENT');
    expect(await refuse('E_ARGUMENT', snn, '--obs', `${observations}:none`)).to.include(
      "'none', received arr_0",
    );
    const two = work.write('two.npz', { a: f4([1, 4], four), b: f4([1, 4], four) });
    expect(await refuse('E_ARGUMENT', snn, '--obs', two)).to.include('received a, b');
    expect(await refuse('E_FORMAT', snn, '--obs', dqn)).to.include('cartpole-dqn.onnx');
    expect(await refuse('E_FILE', work.path('none.npz'), '--obs', observations)).to.include(
      'none.npz',
    );
    expect(await refuse('E_FORMAT', observations, '--obs', observations)).to.include('w0');
  });

  it('neurons and settings out of range', async () => {
    for (const [option, value] of [
      ...[
        ['--threshold', '0'],
        ['--threshold', '-1'],
        ['--alpha', '-0.1'],
        ['--beta', '1.1'],
      ],
      ...[
        ['--epsilon', '-1'],
        ['--seed', '-1'],
        ['--threads', '0'],
        ['--threads', '100000'],
      ],
    ] as [string, string][]) {
      const message = await refuse('E_RANGE', snn, '--obs', observations, option, value);
      expect(message, option).to.include(option.slice(2)).and.include(value);
    }
  });

  it('an instruction set that this machine has not, by option or environment', async () => {
    expect(await refuse('E_ARGUMENT', snn, '--obs', observations, '--isa', 'mmx')).to.include(
      'baseline',
    );
    const line = ['simulate', snn, '--obs', observations];
    expect(await fail(line, 'E_ARGUMENT', { env: { SPIQ_ISA: 'mmx' } })).to.include("'mmx'");
  });

  it('bare weights without --layout, and an output that is no .npz', async () => {
    const bare = work.write('bare.npz', bareWeights([4, 3, 2]));
    expect(await refuse('E_ARGUMENT', bare, '--obs', observations)).to.include('--layout');
    expect(await refuse('E_SHAPE', bare, '--obs', observations, '--layout', 'in-out')).to.include(
      "as 'out-in'",
    );
    const line = ['simulate', snn, '--obs', observations, '-o', work.path('result.csv')];
    expect(await fail(line, 'E_ARGUMENT')).to.include('.npz');
    expect(work.names).to.not.include('result.csv');
  });
});
