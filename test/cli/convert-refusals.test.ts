import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import type { ErrorCode } from '../../ts/errors.js';
import { dqn, fail, observations, spiq } from './spiq.js';
import { Workspace, bareWeights, f4 } from './workspace.js';

const calibration = ['--calibration', observations];

describe('command line: convert refuses', function () {
  this.timeout(60_000);
  const work = new Workspace();
  const old = 'the file that was there before';

  /** Fails with `code`, leaves an existing output as it was, and nothing beside it. */
  async function refuse(code: ErrorCode, ...args: string[]): Promise<string> {
    const output = work.path('out.npz');
    writeFileSync(output, old);
    const before = work.names;
    const message = await fail(['convert', '-o', output, ...args], code);
    expect(work.names).to.deep.equal(before);
    expect(readFileSync(output, 'utf8')).to.equal(old);
    return message;
  }

  it('a file that is missing, a folder, or no network', async () => {
    expect(await refuse('E_FILE', work.path('none.onnx'), ...calibration)).to.include('ENOENT');
    expect(await refuse('E_FILE', work.folder, ...calibration)).to.include('EISDIR');
    writeFileSync(work.path('words.onnx'), 'no network');
    expect(await refuse('E_FORMAT', work.path('words.onnx'), ...calibration)).to.include('ONNX');
    expect(await refuse('E_FORMAT', observations, ...calibration)).to.include('w0');
  });

  it('a network that spikes already', async () => {
    const snn = await work.convertExample();
    expect(await refuse('E_ARGUMENT', snn, ...calibration)).to.include('a float network');
  });

  it('calibration that is missing, of another width, not finite or absent under its key', async () => {
    expect(await refuse('E_ARGUMENT', dqn)).to.include("calibration for method 'robust'");
    expect(await refuse('E_ARGUMENT', dqn, '--method', 'data')).to.include("method 'data'");
    expect(await refuse('E_FILE', dqn, '--calibration', work.path('none.npz'))).to.include(
      'none.npz',
    );
    const wide = work.write('wide.npz', { obs: f4([2, 5], new Array<number>(10).fill(1)) });
    expect(await refuse('E_SHAPE', dqn, '--calibration', wide)).to.include('[rows, 4]');
    const square = work.write('square.npz', { obs: f4([2, 2], [1, 2, 3, 4]) });
    expect(await refuse('E_SHAPE', dqn, '--calibration', square)).to.include('[2, 2]');
    const empty = work.write('empty.npz', { obs: f4([0, 4], []) });
    expect(await refuse('E_SHAPE', dqn, '--calibration', empty)).to.include('at least one row');
    const nan = work.write('nan.npz', { obs: f4([1, 4], [1, NaN, 3, 4]) });
    expect(await refuse('E_NOT_FINITE', dqn, '--calibration', nan)).to.include('element 1');
    expect(await refuse('E_ARGUMENT', dqn, '--calibration', `${observations}:b`)).to.include("'b'");
  });

  it('numbers out of range', async () => {
    for (const percentile of ['0', '-0.5', '1.01', '99']) {
      await refuse('E_RANGE', dqn, '--percentile', percentile, ...calibration);
    }
    await refuse('E_RANGE', dqn, '--calibration-rows', '0', ...calibration);
    await refuse('E_RANGE', dqn, '--threads', '0', ...calibration);
  });

  it('an output of another ending, or in no folder', async () => {
    const line = ['convert', dqn, ...calibration, '-o'];
    expect(await fail([...line, work.path('out.txt')], 'E_ARGUMENT')).to.include('.npz or .onnx');
    expect(await fail([...line, work.path('none/out.npz')], 'E_FILE')).to.include('ENOENT');
    expect(work.names).to.not.include('out.txt').and.not.include('none');
    writeFileSync(work.path('file'), old);
    expect(await fail([...line, work.path('file/out.npz')], 'E_FILE')).to.include('ENOTDIR');
  });

  it('to go on when interrupted, and leaves the old file', async () => {
    // 800,000 rows by two million weights are more than 3 × 10¹² operations: minutes on any machine.
    const large = work.write('large.npz', bareWeights([4, 2000, 1000, 2]));
    const rows = 800_000;
    const many = work.writeNpy('many.npy', {
      shape: [rows, 4],
      dtype: 'f4',
      data: new Float32Array(rows * 4).fill(0.5),
    });
    const output = work.path('out.npz');
    writeFileSync(output, old);
    const before = work.names;
    const { code, stdout, stderr } = await spiq(
      [
        'convert',
        large,
        '--net-layout',
        'out-in',
        '--calibration',
        many,
        '--calibration-rows',
        String(rows),
        '-o',
        output,
      ],
      { interruptAt: /^activations: \d+ %, \d+ s left$/m, timeoutMilliseconds: 50_000 },
    );
    expect(code, stderr).to.equal(130);
    expect(stderr).to.match(/\[E_CANCELLED\]\n$/);
    expect(stdout).to.equal('');
    expect(work.names).to.deep.equal(before);
    expect(readFileSync(output, 'utf8')).to.equal(old);
  });
});
