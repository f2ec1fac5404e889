import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import type { DemoResult } from '../../ts/demo/result.js';
import { dqn, fail, observations, succeed, succeedJson } from './spiq.js';
import { Workspace } from './workspace.js';

interface Doctored {
  readonly engine: {
    readonly version: string;
    readonly threads: number;
    readonly isas: readonly string[];
    readonly semantics: readonly string[];
  };
  readonly findings: readonly {
    readonly what: string;
    readonly usable: boolean;
    readonly detail: string;
  }[];
}

describe('command line: doctor', function () {
  this.timeout(60_000);

  it('tells what the machine and the installation can do', async () => {
    const { engine, findings } = await succeedJson<Doctored>(['doctor']);
    expect(engine.threads).to.be.at.least(1);
    expect(engine.isas[0]).to.equal('baseline');
    expect(engine.semantics).to.have.members(['direct', 'dsqn']);
    const line = (what: string) => findings.find((candidate) => candidate.what === what);
    expect(line('spiq')!.detail).to.include(engine.version);
    expect(line('Node.js')!.detail).to.include(process.version);
    expect(line('back end cpu')!.usable).to.equal(true);
    expect(line('onnxruntime')).to.include({ usable: true });
    expect(line('HDF5')).to.include({ usable: true });
    const { stdout } = await succeed(['doctor']);
    const rows = stdout.split('\n').slice(1);
    findings.forEach(({ what, usable, detail }, index) => {
      expect(rows[index]!.replace(/ +/g, ' ')).to.equal(
        `${what} ${usable ? 'yes' : 'no'} ${detail}`,
      );
    });
  });

  it('names the instruction set in use, and refuses one that is not there', async () => {
    const forced = await succeed(['doctor'], { env: { SPIQ_ISA: 'baseline' } });
    expect(forced.stdout).to.match(/^instruction sets +yes .*in use: baseline$/m);
    const message = await fail(['doctor'], 'E_ARGUMENT', { env: { SPIQ_ISA: 'sse9' } });
    expect(message).to.match(/SPIQ_ISA: expected one of auto, baseline.*, received 'sse9'/);
    expect(await succeed(['doctor', '--quiet'])).to.include({ stdout: '', stderr: '' });
  });
});

describe('command line: demo', function () {
  this.timeout(160_000);
  const work = new Workspace();

  it('writes the report and prints every figure', async () => {
    const report = work.path('some/folder/page.html');
    const line = ['demo', '--episodes', '2', '-T', '40', '--seed', '5', '--report', report];
    const { stdout } = await succeed(line, { timeoutMilliseconds: 150_000 });
    expect(stdout).to.match(
      /^return, mean of 2 episodes ± standard error +[\d.]+ ± [\d.]+ +[\d.]+ ± [\d.]+$/m,
    );
    expect(stdout).to.match(/^same action as the float network +– +[\d.]+ %$/m);
    expect(stdout).to.match(/^observations per second +[\d,]+ +[\d,]+$/m);
    expect(stdout).to.match(/^simulation steps per observation +– +40$/m);
    expect(stdout).to.match(/^spikes per observation +– +[\d.]+$/m);
    const times = [...stdout.matchAll(/^simulation time T = ([\d,]+) +[\d.]+ % +[\d.]+ %$/gm)];
    expect(times.map(([, time]) => time)).to.include.members(['1', '10', '100', '1,000']);
    expect(stdout.endsWith(`\nReport: ${report}\n`)).to.equal(true);
    expect(readFileSync(report, 'utf8')).to.match(
      /^<!doctype html>[^]*CartPole-v1[^]*<\/html>\s*$/i,
    );
  });

  it('trains a network that plays to the end, and shows how it learnt', async function () {
    // Seconds on a machine of its own; others may share it.
    this.timeout(160_000);
    const report = work.path('trained/page.html');
    const line = ['demo', '--episodes', '20', '--seed', '1', '--report', report];
    const told = await succeedJson<DemoResult>(line, { timeoutMilliseconds: 150_000 });
    const { returns, validations, updates } = told.training!;
    expect(returns.length).to.be.greaterThan(20);
    expect(updates).to.be.greaterThan(1000);
    expect(validations.at(-1)!.mean).to.equal(500);
    expect(told.play.float.mean).to.be.greaterThan(490);
    expect(told.network.check.largestDeviation).to.be.lessThan(1e-3);
    expect(existsSync(work.path('trained/cartpole-dqn.onnx'))).to.equal(true);
    expect(readFileSync(report, 'utf8')).to.include('Learning curve of the float network');
  });

  it('tells all in --json', async () => {
    const report = work.path('json.html');
    const given = ['--network', dqn, '--calibration', observations];
    const told = await succeedJson<DemoResult & { report: string }>([
      ...[
        'demo',
        '--episodes',
        '3',
        '-T',
        '30',
        '--seed',
        '5',
        '--threads',
        '1',
        '--report',
        report,
        ...given,
      ],
    ]);
    expect(told.training).to.equal(undefined);
    expect(told.report).to.equal(report);
    expect(existsSync(report)).to.equal(true);
    expect(told.network.units).to.deep.equal([4, 16, 16, 2]);
    expect(told.network.check.observations).to.be.above(0);
    expect(told.conversion).to.include({
      method: 'channel-percentile',
      percentile: 0.999,
      calibrationRows: 2000,
    });
    expect(told.simulation).to.include({ semantics: 'direct', steps: 30 });
    expect(told.play).to.include({ seed: 5, maxSteps: 500 });
    expect(told.play.float.returns).to.have.length(3);
    expect(told.play.spiking.similarity).to.be.within(0.3, 1);
    expect(told.agreement.curves.map(({ semantics }) => semantics)).to.deep.equal([
      'direct',
      'dsqn',
    ]);
    for (const { points } of told.agreement.curves) expect(points.at(-1)!.share).to.be.above(0.9);
    expect(told.activity.layers).to.have.length(2);
    expect(told.raster.layers.map(({ neurons }) => neurons)).to.deep.equal([16, 16]);
    expect(told.machine.threads).to.equal(1);
  });

  it('refuses a report that cannot be written and numbers out of range', async () => {
    writeFileSync(work.path('file'), '');
    const given = ['--network', dqn, '--calibration', observations];
    const line = ['demo', '--episodes', '1', '-T', '2', ...given, '--report'];
    expect(await fail([...line, work.path('file/page.html')], 'E_FILE')).to.include(
      'make the folder',
    );
    expect(await fail([...line, work.folder], 'E_FILE')).to.include('cannot write');
    const page = work.path('never.html');
    await fail(['demo', '--episodes', '0', ...given, '--report', page], 'E_RANGE');
    await fail(['demo', '-T', '0', ...given, '--report', page], 'E_RANGE');
    await fail(['demo', '--network', dqn, '--report', page], 'E_USAGE');
    expect(existsSync(page)).to.equal(false);
  });
});
