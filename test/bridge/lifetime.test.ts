import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { openBridge } from '../../ts/bridge/open.js';
import { repositoryRoot } from '../scripts/repository.js';
import { timeToEnd } from '../support/processes.js';
import { refusal } from '../support/refusal.js';
import { engineSuite } from './engines.js';
import { smallNetwork } from './support.js';

/** How a process ends that has a bridge open. */
const ends: Record<string, string> = {
  SIGKILL: `process.kill(process.pid, 'SIGKILL');`,
  SIGTERM: `process.kill(process.pid, 'SIGTERM');`,
  'process.exit': `process.exit(3);`,
};

for (const backend of ['reference', 'nest'] as const) {
  describe(`the worker of ${backend}`, function () {
    this.timeout(60_000);
    const suite = engineSuite(backend);

    for (const [end, last] of Object.entries(ends)) {
      it(`ends in a simulation with its parent: ${end}`, async () => {
        const url = (file: string): string =>
          JSON.stringify(pathToFileURL(path.join(repositoryRoot, 'dist', file)).href);
        const text = `
          import { openBackend } from ${url('ts/index.js')};
          import { randomRows, smallNetwork } from ${url('test/bridge/support.js')};
          const backend = await openBackend({ backend: '${backend}', python: ${JSON.stringify(suite.python)} });
          const bridge = await backend.load({ network: smallNetwork(), steps: 50_000 });
          bridge.evaluate(randomRows(500, 3)).catch(() => {});
          setTimeout(() => {
            process.stdout.write(backend.pids[0] + '\\n', () => { ${last} });
          }, 300);
          setInterval(() => {}, 1000);
        `;
        const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const told = once(child.stdout, 'data');
        await once(child, 'exit');
        const [pid] = (await told) as [Buffer];
        expect(await timeToEnd(Number(pid.toString()), 1500)).to.be.lessThan(1500);
        expect(await suite.left()).to.deep.equal([]);
      });
    }
  });
}

describe('a back end that cannot be started', () => {
  const suite = engineSuite('reference');

  it('has no Python', async () => {
    const python = path.join(suite.folder, 'no-python');
    const opening = openBridge({ backend: 'nest', python, network: smallNetwork() });
    expect(await refusal(opening)).to.include({ code: 'E_NO_PYTHON' });
  });

  it('lacks a module, which the error names', async function () {
    this.timeout(20_000);
    // The Python of environments has no NEST.
    const { python } = suite;
    const error = await refusal(openBridge({ backend: 'nest', python, network: smallNetwork() }));
    expect(error).to.include({ code: 'E_IMPORT' });
    expect(error.message).to.contain('nest');
    expect(await suite.left()).to.deep.equal([]);
  });
});
