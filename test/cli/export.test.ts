import { expect } from 'chai';
import { dqn, observations, spiq, succeed } from './spiq.js';
import { Workspace } from './workspace.js';

describe('spiq export', function () {
  this.timeout(120_000);
  const workspace = new Workspace();
  let snn: string;

  before(async () => {
    snn = await workspace.convertExample();
  });

  it('refuses what NIR cannot hold, and writes nothing', async () => {
    const { code, stdout, stderr } = await spiq(['export', snn, '-o', workspace.path('a.nir')]);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.match(
      /NIR export \(generic\): node '.+': .*lossy.*reset 'subtraction' \[E_UNSUPPORTED\]/,
    );
    expect(workspace.names).to.deep.equal(['snn.npz']);
  });

  it('says what is lost with --lossy; the file is spiq’s own network when it comes back', async () => {
    const nir = workspace.path('b.nir');
    const args = ['export', snn, '-o', nir, '--profile', 'norse', '--lossy', '--json'];
    const written = JSON.parse((await succeed(args)).stdout) as { format: string; notes: string[] };
    expect(written).to.include({ format: 'nir' });
    expect(
      written.notes.filter((note) => note.includes("reset 'subtraction' is lost")),
    ).to.have.length(3);
    const outputs = async (file: string, ...options: string[]) => {
      const run = ['simulate', file, '--obs', observations, '-T', '20', '--json', ...options];
      return (JSON.parse((await succeed(run)).stdout) as { out: number[][] }).out;
    };
    const own = await outputs(snn);
    expect(own).to.have.length(2000);
    expect(await outputs(nir)).to.deep.equal(own);
    const read = await outputs(
      nir,
      '--nir-profile',
      'norse',
      '--nir-dt',
      '0.001',
      '--decoding',
      'spikes',
    );
    expect(read).to.not.deep.equal(await outputs(snn, '--decoding', 'spikes'));
    const back = workspace.path('back.npz');
    await succeed(['export', nir, '-o', back, '--quiet']);
    expect(await outputs(back)).to.deep.equal(own);
  });

  it('writes a state dictionary under given names', async () => {
    const file = workspace.path('weights.npz');
    const args = ['export', dqn, '-o', file, '--format', 'state-dict', '--keys', '0,2,4'];
    expect((await succeed(args)).stdout).to.include('state-dict; written to');
    const { keys } = workspace.read('weights.npz');
    expect(keys).to.deep.equal(
      ['0', '2', '4'].flatMap((name) => [`${name}.weight`, `${name}.bias`]),
    );
    const back = await succeed([
      'convert',
      file,
      '--method',
      'model',
      '-o',
      workspace.path('c.npz'),
    ]);
    expect(back.stdout).to.include('method model');
  });

  it('writes npz with the layout asked for, and ONNX', async () => {
    await succeed(['export', dqn, '-o', workspace.path('d.npz'), '--layout', 'in-out', '--quiet']);
    expect(workspace.read('d.npz').get('w0').shape[0]).to.equal(4);
    await succeed(['export', snn, '-o', workspace.path('e.onnx'), '--quiet']);
    const again = await succeed([
      'export',
      workspace.path('e.onnx'),
      '-o',
      workspace.path('f.npz'),
    ]);
    expect(again.stdout).to.include('npz; written to');
  });

  it('refuses options that the format has not, other endings and no file', async () => {
    const out = workspace.path('x.npz');
    const cases: [string[], number, string][] = [
      [['export', snn], 2, 'expected -o FILE'],
      [
        ['export', snn, '-o', out, '--lossy'],
        1,
        'export as npz: expected layout, weights, received lossy',
      ],
      [['export', snn, '-o', workspace.path('x.h5')], 1, '.npz, .onnx or .nir'],
      [['export', dqn, '-o', out, '--format', 'state-dict', '--keys', '0'], 1, 'different names'],
      [['export', snn, '-o', out, '--format', 'keras'], 2, 'Allowed choices'],
    ];
    for (const [args, code, part] of cases) {
      const ended = await spiq(args);
      expect(ended.code, part).to.equal(code);
      expect(ended.stderr).to.include(part);
    }
    expect(workspace.names).to.not.include('x.npz');
  });
});
