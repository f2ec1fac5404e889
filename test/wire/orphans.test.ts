import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../scripts/repository.js';
import { timeToEnd } from '../support/processes.js';
import { gymSuite } from '../support/suite.js';

/** Milliseconds that a worker may outlive its parent; a few are usual. */
const patience = 1000;

/** How a process ends that has started a worker. */
const ends: Record<string, string> = {
  'SIGKILL to it': `process.kill(process.pid, 'SIGKILL');`,
  'SIGTERM to it': `process.kill(process.pid, 'SIGTERM');`,
  'process.exit': `process.exit(3);`,
  'process.abort': `process.abort();`,
  'an error that nobody catches': `setTimeout(() => { throw new Error('on purpose'); }, 0);`,
  'a promise that nobody catches': `void Promise.reject(new Error('on purpose'));`,
};

/** What its worker does meanwhile. */
const states: Record<string, string> = {
  'an idle worker': '',
  'a worker in a step without end': `
    await environments.resetAhead([0], [1]);
    environments.stepAhead([0], [3]).catch(() => {});
    while (!existsSync(asleep)) await new Promise((resolve) => setTimeout(resolve, 5));
  `,
};

describe('a worker whose parent ends', () => {
  const suite = gymSuite();

  let count = 0;
  for (const [state, before] of Object.entries(states)) {
    for (const [end, last] of Object.entries(ends)) {
      it(`ends too: ${state}, ${end}`, async () => {
        const asleep = path.join(suite.folder, `asleep-${(count += 1)}`);
        const environment = { kind: 'gymnasium', id: 'spiq_cases:Sleeps-v0', python: suite.python };
        const options = JSON.stringify({ ...environment, options: { once: asleep } });
        const text = `
          import { existsSync } from 'node:fs';
          import { openGymnasium } from ${JSON.stringify(path.join(repositoryRoot, 'dist/ts/index.js'))};
          const asleep = ${JSON.stringify(asleep)};
          const environments = await openGymnasium(${options});
          ${before}
          process.stdout.write(environments.pid + '\\n', () => { ${last} });
          setInterval(() => {}, 1000);
        `;
        const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
          env: {
            ...process.env,
            TMPDIR: suite.folder,
            PYTHONPATH: path.join(repositoryRoot, 'test', 'env', 'gymnasium'),
          },
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        const told = once(child.stdout, 'data');
        await once(child, 'exit');
        const [pid] = (await told) as [Buffer];
        const time = await timeToEnd(Number(pid.toString()), patience);
        expect(time).to.be.lessThan(patience);
        const left = readdirSync(suite.folder).filter((name) => !name.startsWith('asleep-'));
        expect(left).to.deep.equal([]);
      });
    }
  }
});
