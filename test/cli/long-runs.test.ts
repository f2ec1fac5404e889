import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { skipUnless } from '../support/skips.js';
import { dqn, observations, runProgram, spiq, spiqProgram, stackTrace } from './spiq.js';
import type { Ended } from './spiq.js';
import { Workspace } from './workspace.js';

/** 2,000 rows by ten million steps: half an hour on any machine, so the run is sure to be interrupted in the middle. */
const endless = ['--obs', observations, '-T', '10000000'];

function expectInterrupted({ code, stdout, stderr }: Ended): void {
  expect(code, stderr).to.equal(130);
  expect(stdout).to.equal('');
  expect(stderr).to.match(/\[E_CANCELLED\]\n$/);
  expect(stderr).to.not.match(stackTrace);
}

/** A command under a pseudo terminal of its own, whose keyboard is this process's pipe. */
function onTerminal(words: readonly string[]): [program: string, args: string[]] | undefined {
  const found = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
  const { status: version, stdout: text } = spawnSync('script', ['--version'], {
    encoding: 'utf8',
  });
  if (version === 0 && text.includes('util-linux')) {
    const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    return ['script', ['--quiet', '--return', '--command', quoted, '/dev/null']];
  }
  if (!found('python3')) return undefined;
  const program =
    'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
  return ['python3', ['-c', program, ...words]];
}

describe('command line: long runs', function () {
  this.timeout(60_000);
  const work = new Workspace();
  let snn = '';
  before(async () => {
    snn = await work.convertExample();
  });

  it('simulate tells its progress line by line and stops at Ctrl-C without a file', async () => {
    const ended = await spiq(['simulate', snn, ...endless, '-o', work.path('result.npz')], {
      interruptAt: /^simulating: \d+ %, \d+ s left$/m,
    });
    expectInterrupted(ended);
    expect(ended.stderr).to.not.include('\x1b').and.not.include('\r');
    expect(work.names).to.deep.equal(['snn.npz']);
  });

  it('says in --json that it was interrupted, and with --quiet no more than that', async () => {
    const line = ['simulate', dqn, ...endless, '--json', '-o', work.path('result.npz')];
    const { code, stdout } = await spiq(line, { interruptAt: /not converted/ });
    expect(code).to.equal(130);
    const { error } = JSON.parse(stdout) as { error: { code: string } };
    expect(error.code).to.equal('E_CANCELLED');
    // A quiet run shows nothing to wait for: the interrupt comes from a timer of the shell.
    const shell = '"$NODE" "$SPIQ" "$@" & spiq=$!; sleep 3; kill -INT $spiq; wait $spiq';
    const env = { NODE: process.execPath, SPIQ: spiqProgram };
    const words = ['simulate', snn, ...endless, '--quiet'];
    // Shells without job control start `&` with SIGINT ignored; node sets its own handler all the same.
    const quiet = await runProgram('/bin/sh', ['-c', shell, 'sh', ...words], { env });
    expectInterrupted(quiet);
    expect(quiet.stderr).to.match(/^spiq: .*\n$/);
  });

  it('test and demo stop at Ctrl-C, demo without a report', async () => {
    const play = ['test', snn, '--compare', dqn, '--episodes', '500', '-T', '5000'];
    expectInterrupted(await spiq(play, { interruptAt: /equals onnxruntime/ }));
    const demo = ['demo', '--episodes', '100', '-T', '20000', '--report', work.path('page.html')];
    // It prints nothing while both networks play, which takes minutes; it has long begun after two seconds.
    const shell = '"$NODE" "$SPIQ" "$@" & spiq=$!; sleep 2.5; kill -INT $spiq; wait $spiq';
    const env = { NODE: process.execPath, SPIQ: spiqProgram };
    expectInterrupted(await runProgram('/bin/sh', ['-c', shell, 'sh', ...demo], { env }));
    // A network that was already trained stays, whole, beside where the page would have been.
    const trained = ['cartpole-dqn.calibration.npz', 'cartpole-dqn.onnx'];
    expect(work.names.filter((name) => !trained.includes(name))).to.deep.equal(['snn.npz']);
  });

  it('draws a bar on a terminal and clears it when Ctrl-C is typed', async function () {
    const line = [process.execPath, spiqProgram, 'simulate', snn, ...endless];
    const program = onTerminal(line);
    skipUnless(
      this,
      program !== undefined,
      'nothing here makes a pseudo terminal: script of util-linux, or python3',
    );
    const { code, stdout } = await runProgram(...program!, {
      type: { at: /simulating .* %/, text: '\x03' },
    });
    expect(stdout).to.match(/\r\x1b\[Ksimulating [█░]{24} +\d+ % \d+ s left/);
    // The typed ^C may be echoed; what follows the last bar starts on a cleared line.
    const [, after = ''] = /.*simulating[^\r]*(\r[^]*)$/.exec(stdout) ?? [];
    expect(after).to.match(/\r\x1b\[Kspiq: .* \[E_CANCELLED\]\r\n/);
    expect(code).to.equal(130);
  });

  it('leaves no bar before the table of a run that ends', async function () {
    const line = [
      process.execPath,
      spiqProgram,
      'simulate',
      snn,
      '--obs',
      observations,
      '-T',
      '4000',
    ];
    const program = onTerminal(line);
    skipUnless(
      this,
      program !== undefined,
      'nothing here makes a pseudo terminal: script of util-linux, or python3',
    );
    const { code, stdout } = await runProgram(...program!, {});
    expect(stdout).to.match(/(^|\r\x1b\[K)row +out0 +out1 /);
    expect(code).to.equal(0);
  });
});
