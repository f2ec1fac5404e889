import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PythonChoice } from '../../ts/wire/python.js';
import { repositoryRoot } from '../scripts/repository.js';

interface Found {
  readonly python?: string;
  readonly code?: string;
  readonly message?: string;
  /** What went to stderr. */
  readonly said: string;
}

/** In a package of its own, whose profiles need nothing from outside. */
describe('the Python of workers', () => {
  let root: string;
  before(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'spiq-test-'));
    for (const part of ['dist/ts', 'scripts/lib', 'scripts/worker-python.mjs']) {
      cpSync(path.join(repositoryRoot, part), path.join(root, part), { recursive: true });
    }
    writeFileSync(path.join(root, 'package.json'), '{ "type": "module" }');
    const requirements = path.join(root, 'scripts', 'requirements');
    mkdirSync(requirements);
    writeFileSync(path.join(requirements, 'gym.txt'), '# download: nothing\n');
  });
  after(() => rmSync(root, { recursive: true }));

  const find = (choice: PythonChoice, env: NodeJS.ProcessEnv = {}): Found => {
    const module = pathToFileURL(path.join(root, 'dist', 'ts', 'wire', 'python.js')).href;
    const text = `
      import { findWorkerPython } from ${JSON.stringify(module)};
      const told = await findWorkerPython(${JSON.stringify(choice)}).then(
        (python) => ({ python }),
        ({ code, message }) => ({ code, message }),
      );
      console.log(JSON.stringify(told));
    `;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', text],
      { cwd: root, encoding: 'utf8', env: { ...process.env, SPIQ_PYTHON: '', ...env } },
    );
    if (status !== 0) throw new Error(stderr);
    return { ...(JSON.parse(stdout) as Omit<Found, 'said'>), said: stderr };
  };
  const made = (): string => path.join(root, '.venv', 'gym', 'bin', 'python');

  it('is the one named, or that of SPIQ_PYTHON', () => {
    expect(find({ python: 'mine' }, { SPIQ_PYTHON: 'theirs' })).to.include({ python: 'mine' });
    expect(find({ install: true }, { SPIQ_PYTHON: 'theirs' })).to.include({ python: 'theirs' });
  });

  it('is missing where none was made: the error says what to do', () => {
    const { code, message } = find({});
    expect(code).to.equal('E_NO_PYTHON');
    expect(message).to.contain('run `node scripts/worker-python.mjs gym`');
    expect(message).to.contain('scripts/requirements/gym.txt');
    expect(find({ profile: 'envpool' }).message).to.contain('worker-python.mjs envpool`');
  });

  it('cannot be made without a Python to begin with', () => {
    const { code, message, said } = find({ install: true }, { PATH: root });
    expect(code).to.equal('E_NO_PYTHON');
    expect(message).to.contain('This needs Python 3.10 or newer');
    expect(said).to.contain('This needs Python 3.10 or newer');
    expect(existsSync(made())).to.equal(false);
  });

  it('is made where that is permitted, with progress on stderr, once', function () {
    this.timeout(120_000);
    const { python, said } = find({ install: true });
    expect(python).to.equal(made());
    expect(said).to.match(
      /^spiq set-up · Python gym \(nothing to fetch\) … installed in [\d.]+ s\n$/,
    );
    const { status } = spawnSync(made(), [
      '-c',
      'import sys; assert sys.prefix != sys.base_prefix',
    ]);
    expect(status).to.equal(0);
    expect(find({ install: true })).to.deep.equal({ python: made(), said: '' });
    expect(find({})).to.deep.equal({ python: made(), said: '' });
    // A newer list of packages needs another one, which is made when that is permitted again.
    writeFileSync(
      path.join(root, 'scripts', 'requirements', 'gym.txt'),
      '# download: still nothing\n',
    );
    expect(find({})).to.deep.equal({ python: made(), said: '' });
    expect(find({ install: true }).said).to.contain('installed');
  });

  it('does not help without the package zeromq, which the error names', () => {
    const module = pathToFileURL(path.join(root, 'dist', 'ts', 'wire', 'worker.js')).href;
    const text = `
      import { WorkerProcess } from ${JSON.stringify(module)};
      const told = await WorkerProcess.start({ backend: 'env', python: 'any' }).catch((error) => error);
      console.log(told.code, told.message);
    `;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', text],
      { cwd: root, encoding: 'utf8' },
    );
    expect(stdout, stderr).to.match(/^E_ENVIRONMENT worker process: .*npm install zeromq/);
  });

  it('is made for profiles of the worker alone', () => {
    const script = path.join(root, 'scripts', 'worker-python.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'lint'], {
      encoding: 'utf8',
    });
    expect([status, stdout]).to.deep.equal([1, '']);
    expect(stderr).to.contain('PROFILE: gym | envpool');
    const help = spawnSync(process.execPath, [script, '--help'], { encoding: 'utf8' });
    expect([help.status, help.stdout]).to.deep.equal([0, stderr]);
  });
});
