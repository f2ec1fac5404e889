import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { MethodComparison } from '../../ts/analysis/comparison.js';
import { analyse } from '../../ts/analysis/analyse.js';
import { conversionMethods } from '../../ts/convert/index.js';
import { readNpzFile, selectArray, toFloat32, writeNpz } from '../../ts/formats/npz/index.js';
import { Network } from '../../ts/network.js';
import { dqn, fail, observations, spiq, succeed, succeedJson } from './spiq.js';
import { Workspace, bareWeights, f4 } from './workspace.js';

interface All extends MethodComparison {
  readonly method: string;
  readonly output?: string;
  readonly report?: string;
}

const calibration = ['--calibration', observations];
const base = ['convert', dqn, '--method', 'all'];
const quick = ['-T', '5,20', '--calibration-rows', '300'];

describe('command line: convert --method all', function () {
  this.timeout(60_000);
  const work = new Workspace();

  it('ranks the methods, and writes the network of the best and the page', async () => {
    const [snn, page] = [work.path('best.npz'), work.path('report.html')];
    const line = [...base, ...calibration, '--steps', '10,50,100', '-o', snn, '--report', page];
    const { stdout, stderr } = await succeed(line);
    const [first = '', ...rows] = stdout.split('\n');
    expect(first).to.match(/^agreement +T = 10 +T = 50 +T = 100 +error +spikes +nJ +suggested T$/);
    const names = rows.slice(0, conversionMethods.length).map((row) => row.split(' ')[0]!);
    expect([...names].sort()).to.deep.equal([...conversionMethods].sort());
    expect(rows[conversionMethods.length]).to.match(/^float network +– /);
    expect(stdout).to.include('calibrated on 1,800 rows, scored on 200 held back from them');
    expect(stdout).to.include(`layers of ${names[0]!} `);
    expect(stdout.endsWith(`written to ${snn} and ${page}\n`)).to.equal(true);
    expect(stderr).to.include('equals onnxruntime');
    const best = await Network.load(snn);
    expect(best.graph.conversion).to.include({ method: names[0], calibrationRows: 1800 });
    const html = readFileSync(page, 'utf8');
    expect(html).to.match(/^<!doctype html>/);
    for (const name of conversionMethods) expect(html).to.include(name);
  });

  it('prints everything with --json, the same twice, and writes nothing it is not told to', async () => {
    const before = work.names;
    const line = [...base, ...calibration, ...quick, '--rank-at', '5'];
    const one = await succeedJson<All>(line);
    expect(one).to.include({ steps: 5, testRows: 30, calibrationRows: 270, heldBack: true });
    expect(one.times).to.deep.equal([5, 20]);
    expect(one.methods[0]!.scores).to.have.length(2);
    expect(one.methods[0]!.layers).to.have.length(3);
    expect(one.method).to.equal(one.methods[0]!.method);
    expect(one).to.not.have.any.keys('output', 'report');
    expect(await succeedJson<All>(line)).to.deep.equal(one);
    expect(work.names).to.deep.equal(before);
    expect(await succeed([...line, '--quiet'])).to.include({ stdout: '', stderr: '' });
  });

  it('scores test rows by labels, and names the methods that an option does not fit', async () => {
    const rows = toFloat32(selectArray(readNpzFile(observations))).data.slice(0, 4 * 50);
    const labels = new Float32Array(50).fill(1);
    const test = work.write('test.npz', {
      obs: f4([50, 4], Array.from(rows)),
      labels: f4([50], Array.from(labels)),
    });
    const line = [...base, ...calibration, ...quick, '--test', `${test}:obs`];
    const options = ['--labels', `${test}:labels`, '--granularity', 'channel', '--burst', '2'];
    const network = await Network.load(dqn);
    const q = network.forwardSync(rows);
    const ones = Array.from({ length: 50 }, (_, k) => q[2 * k + 1]! > q[2 * k]!).filter(Boolean);
    const { float, testRows, heldBack, skipped } = await succeedJson<All>([...line, ...options]);
    expect({ testRows, heldBack }).to.deep.equal({ testRows: 50, heldBack: false });
    expect(float.accuracy).to.equal(ones.length / 50);
    expect(skipped.map(({ method }) => method)).to.include.members(['robust', 'model']);
    const { stdout, stderr } = await succeed([...line, ...options]);
    expect(stderr).to.include("note: method 'robust' does not apply: granularity of method");
    expect(stdout)
      .to.match(/^accuracy /)
      .and.to.include('scored on 50 of their own');
  });

  it('writes the page of a single method, with the network that it tells of', async () => {
    const [snn, page] = [work.path('one.npz'), work.path('one.html')];
    const line = ['convert', dqn, '--method', 'percentile', ...calibration, '-T', '30'];
    const told = await succeedJson<All>([...line, '-o', snn, '--report', page]);
    expect(told.methods.map(({ method }) => method)).to.deep.equal(['percentile']);
    expect(readFileSync(page, 'utf8')).to.include('the method percentile');
    const [network, spiking] = [await Network.load(dqn), await Network.load(snn)];
    const all = toFloat32(selectArray(readNpzFile(observations))).data;
    const held = Array.from({ length: 200 }, (_, k) => k * 10 + 9).flatMap((row) =>
      Array.from(all.subarray(4 * row, 4 * row + 4)),
    );
    const { layers } = await analyse(network, spiking, Float32Array.from(held), { steps: 30 });
    layers.forEach(({ name, correlation }, k) => {
      expect(told.methods[0]!.layers[k]).to.include({ name });
      expect(told.methods[0]!.layers[k]!.correlation).to.be.closeTo(correlation!, 1e-6);
    });
  });

  it('refuses what it cannot compare, and leaves nothing behind', async () => {
    const before = work.names;
    const output = ['-o', work.path('x.npz'), '--report', work.path('x.html')];
    const line = [...base, ...quick, ...output];
    expect(await fail(line, 'E_USAGE')).to.include('--calibration');
    const own = [...line, ...calibration];
    expect(await fail([...own, '--rank-at', '7'], 'E_ARGUMENT')).to.include('5, 20');
    expect(await fail([...base, ...calibration, '-T', '20,5'], 'E_RANGE')).to.include('behind');
    expect(await fail([...base, ...calibration, '-T', '5,x'], 'E_USAGE')).to.include('--steps');
    expect(await fail([...own, '--test', `${observations}:b`], 'E_ARGUMENT')).to.include("'b'");
    const badLabels = work.write('labels.npz', { x: f4([2], [0, 0.5]) });
    expect(await fail([...own, '--labels', badLabels], 'E_RANGE')).to.include('element 1');
    const report = [...base, ...calibration, ...quick, '--report', work.path('x.txt')];
    expect(await fail(report, 'E_ARGUMENT')).to.include('.html');
    const single = ['convert', dqn, ...calibration, '-o', work.path('x.npz')];
    expect(await fail([...single, '--test', observations], 'E_USAGE')).to.include('--test');
    expect(await fail([...single, '--rank-at', '5'], 'E_USAGE')).to.include('--rank-at');
    expect(await fail([...single, '-T', '5,20'], 'E_USAGE')).to.include('--steps');
    expect(await fail([...single, '--input-range', '1'], 'E_USAGE')).to.include('low,high');
    expect(work.names).to.deep.equal([...before, 'labels.npz'].sort());
  });

  it('shows which method is at work, and stops at Ctrl-C without a file', async () => {
    const before = work.names;
    const large = work.write('large.npz', bareWeights([4, 600, 600, 2]));
    const { code, stderr, stdout } = await spiq(
      [
        ...['convert', large, '--net-layout', 'out-in', '--method', 'all', ...calibration],
        ...['-T', '100,200000', '-o', work.path('x.npz'), '--report', work.path('x.html')],
      ],
      { interruptAt: /^robust, simulation: \d+ %, \d+ s left$/m, timeoutMilliseconds: 50_000 },
    );
    expect(code, stderr).to.equal(130);
    expect(stderr).to.match(/\[E_CANCELLED\]\n$/);
    expect(stdout).to.equal('');
    expect(work.names).to.deep.equal([...before, 'large.npz'].sort());
  });
});

describe('command line: sources of calibration', function () {
  this.timeout(60_000);
  const work = new Workspace();
  const scalesOf = async (...source: string[]): Promise<readonly number[]> => {
    const line = ['convert', dqn, '-o', work.path('out.npz'), '--calibration', ...source];
    return (await succeedJson<{ scale: readonly number[] }>(line)).scale;
  };

  it('are the same from npz, npy and a replay folder, deflated or not', async () => {
    const array = selectArray(readNpzFile(observations));
    const wanted = await scalesOf(observations);
    expect(await scalesOf(work.writeNpy('rows.npy', array))).to.deep.equal(wanted);
    const packed = work.path('packed.npz');
    writeFileSync(packed, writeNpz({ states: array }, { compress: true }));
    expect(await scalesOf(`${packed}:states`)).to.deep.equal(wanted);
    mkdirSync(work.path('replay'));
    writeFileSync(path.join(work.path('replay'), 'memory_inputs.npz'), writeNpz({ arr_0: array }));
    expect(await scalesOf(work.path('replay'))).to.deep.equal(wanted);
    expect(await scalesOf(observations, '--calibration-rows', 'all')).to.deep.equal(wanted);
  });

  it('can be play, which a seed decides', async () => {
    const play = (...more: string[]) => scalesOf('env:cart-pole:5', ...more);
    const [one, again, other] = [
      await play(),
      await play('--seed', '0'),
      await play('--seed', '9'),
    ];
    expect(one).to.deep.equal(again).and.to.not.deep.equal(other);
    const line = ['convert', dqn, '-o', work.path('out.npz'), '--calibration', 'env:cart-pole'];
    const told = await succeedJson<{ calibrationRows: number }>([
      ...line,
      '--calibration-rows',
      '700',
    ]);
    expect(told.calibrationRows).to.equal(700);
  });

  it('are refused by name where there are none', async () => {
    const refuse = async (source: string, code: 'E_FILE' | 'E_ARGUMENT' | 'E_SHAPE') =>
      fail(['convert', dqn, '-o', work.path('x.npz'), '--calibration', source], code);
    expect(await refuse('env:Pong', 'E_ARGUMENT')).to.match(/cart-pole.*received 'env:Pong'/);
    expect(await refuse('env:cart-pole:many', 'E_ARGUMENT')).to.include('env:NAME:EPISODES');
    expect(await refuse('env:cart-pole:1:2', 'E_ARGUMENT')).to.include('env:NAME:EPISODES');
    expect(await refuse(work.folder, 'E_FILE')).to.include('memory_inputs.npz');
    expect(await refuse(work.path('none'), 'E_FILE')).to.include('none');
    const wide = work.write('wide.npz', { obs: f4([2, 5], new Array<number>(10).fill(1)) });
    expect(await refuse(wide, 'E_SHAPE')).to.include('[rows, 4]');
    expect(work.names).to.not.include('x.npz');
  });
});
