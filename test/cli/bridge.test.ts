import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { readNpzFile, selectArray, toFloat64 } from '../../ts/formats/npz/index.js';
import { gymPython } from '../support/python.js';
import { enginePython } from '../bridge/python-engines.js';
import { dqn, fail, observations, spiq, succeed, succeedJson } from './spiq.js';
import { Workspace, f4 } from './workspace.js';

/** Of the observations that come with the example network. */
function firstRows(rows: number): number[] {
  const { data } = toFloat64(selectArray(readNpzFile(observations)));
  return [...data.slice(0, 4 * rows)];
}

describe('spiq bridge', function () {
  this.timeout(120_000);
  const workspace = new Workspace();
  let snn: string;
  let python: string;
  before(async function () {
    this.timeout(300_000);
    python = await gymPython();
    snn = await workspace.convertExample();
  });

  const here = (): string[] => ['--backend', 'reference', '--python', python];

  it('runs observations in a back end, and writes what came', async () => {
    const [file, picture] = [workspace.path('result.npz'), workspace.path('raster.svg')];
    const args = ['bridge', 'run', snn, ...here(), '--obs', observations, '-T', '20'];
    const told = await succeedJson<Record<string, unknown>>([
      ...args,
      '-o',
      file,
      '--raster',
      picture,
    ]);
    expect(told).to.deep.include({ backend: 'reference', rows: 2000, predicted: false });
    expect(told.selfTest).to.include({ neurons: 0 });
    const result = workspace.read('result.npz');
    expect(result.keys).to.deep.equal(['out', 'potentials', 'actions', 'spikes0', 'spikes1']);
    expect(result.get('spikes0').shape).to.deep.equal([2000, 16]);
    expect(readFileSync(picture, 'utf8')).to.match(/^<svg/);
  });

  it('checks a network without starting anything', async () => {
    const told = await succeedJson<{ fits: boolean; records: { verdict: string }[] }>([
      ...['bridge', 'check', snn, '--backend', 'spinnaker'],
    ]);
    expect(told.fits).to.equal(false);
    expect(told.records.map(({ verdict }) => verdict)).to.include('refused');
    const { stdout } = await succeed(['bridge', 'check', snn, '--backend', 'nest']);
    expect(stdout).to.contain('spike for spike');
  });

  it('exports a program and makes keys', async () => {
    const folder = workspace.path('program');
    await succeed(['bridge', 'export', snn, '--out', folder, '-T', '50']);
    expect(existsSync(`${folder}/run_network.py`)).to.equal(true);
    const keys = workspace.path('keys');
    const told = await succeedJson<{ clientKeys: string }>(['bridge', 'keys', '--out', keys]);
    expect(existsSync(told.clientKeys)).to.equal(true);
    await fail(['bridge', 'keys', '--out', keys], 'E_FILE');
  });

  it('compares back ends', async () => {
    const args = ['compare', snn, '--backends', 'spiq,spiq-float32,reference', '--python', python];
    const told = await succeedJson<{ backends: { differences?: { neurons: number } }[] }>([
      ...args,
      ...['--obs', observations, '-T', '20', '--epsilon', '1e-5'],
    ]);
    expect(told.backends[0]!.differences).to.equal(undefined);
    expect(told.backends[2]!.differences).to.include({ neurons: 0 });
    await fail([...args.slice(0, 2), '--backends', 'spiq', '--obs', observations], 'E_ARGUMENT');
    await fail(['compare', snn], 'E_USAGE');
  });

  it('lets a network play in a back end', async () => {
    const args = ['test', snn, '--episodes', '2', '--max-steps', '30', '-T', '20'];
    const told = await succeedJson<{ returns: number[] }>([...args, ...here()]);
    const own = await succeedJson<{ returns: number[] }>(args);
    expect(told).to.deep.include({ backend: 'reference', spiking: true, returns: own.returns });
    await fail([...args, ...here(), '--encoding', 'poisson'], 'E_UNSUPPORTED');
    await fail([...args, ...here(), '--carry'], 'E_UNSUPPORTED');
  });

  it("goes the published agents' ways", async function () {
    this.timeout(300_000);
    const nest = ['--python', await enginePython('nest')];
    const obs = workspace.writeNpy('few.npy', f4([20, 4], firstRows(20)));
    const backends = ['--backends', 'spiq,original-nest,original-pynn', '--reset', 'zero'];
    const { backends: compared } = await succeedJson<{
      backends: { differences?: { neurons: number } }[];
    }>(['compare', snn, ...backends, '--obs', obs, '-T', '50', ...nest]);
    for (const { differences } of compared.slice(1)) {
      expect(differences!.neurons).to.be.above(0);
    }
    const pp = ['--protocol', 'original-nest', '--backend-option', 'model=pp_psc_delta'];
    const played = await succeedJson<{ backend: string; similarity: number }>([
      ...['test', snn, ...pp, ...nest, '--compare', dqn, '--episodes', '2', '-T', '20'],
    ]);
    expect(played.backend).to.equal('original-nest');
    expect(played.similarity).to.be.within(0.3, 1);
    const told = await fail(
      ['bridge', 'run', snn, ...pp, '--backend', 'brian2', '--obs', obs],
      'E_USAGE',
    );
    expect(told).to.contain('--protocol original-nest: expected nest, received');
  });

  it('refuses what an action makes no use of, and what it lacks', async () => {
    await fail(['bridge', 'run', snn], 'E_USAGE');
    await fail(['bridge', 'check', snn, '--obs', observations], 'E_USAGE');
    await fail(['bridge', 'keys', snn, '--out', 'x'], 'E_USAGE');
    await fail(['bridge', 'fly', snn], 'E_USAGE');
    await fail(['bridge', 'run', snn, '--keys', 'x', '--obs', observations], 'E_USAGE');
    await fail(['bridge', 'run', snn, '--obs', 'missing.npz', ...here()], 'E_FILE');
    await fail(
      ['bridge', 'run', dqn, '--obs', observations, '--python', 'no-python'],
      'E_NO_PYTHON',
    );
  });

  it('ends with Ctrl-C, and its worker with it', async () => {
    const args = ['bridge', 'run', snn, ...here(), '--obs', observations, '-T', '6000'];
    const { code, stderr } = await spiq(args, {
      interruptAt: /simulating/,
      timeoutMilliseconds: 60_000,
    });
    expect(code, stderr).to.equal(130);
    expect(stderr).to.contain('E_CANCELLED');
  });
});
