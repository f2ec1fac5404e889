import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { importScript, repositoryRoot } from './repository.js';

interface Lock {
  withLock<T>(file: string, work: () => Promise<T>, onWait?: (pid: number) => void): Promise<T>;
  isStale(file: string): boolean;
}

describe('scripts: the set-up lock', () => {
  let folder: string;
  let file: string;
  let lock: Lock;

  before(async () => {
    lock = await importScript<Lock>('lib/lock.mjs');
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-lock-'));
    file = path.join(folder, 'setup.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A process that takes the lock, says `held`, and holds it for `milliseconds`. */
  function startHolder(milliseconds: number) {
    const module = pathToFileURL(path.join(repositoryRoot, 'scripts', 'lib', 'lock.mjs')).href;
    const program = `
      import { appendFileSync } from 'node:fs';
      import { withLock } from ${JSON.stringify(module)};
      const note = (text) => appendFileSync(${JSON.stringify(path.join(folder, 'log'))}, text);
      await withLock(${JSON.stringify(file)}, async () => {
        note('<');
        console.log('held');
        await new Promise((resolve) => setTimeout(resolve, ${milliseconds}));
        note('>');
      });`;
    return spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  it('gives back what the work gives and leaves no lock, after a failure neither', async () => {
    expect(await lock.withLock(file, async () => 7)).to.equal(7);
    expect(existsSync(file)).to.equal(false);
    const failure = lock.withLock(file, async () => {
      throw new Error('broken');
    });
    expect(await failure.catch(String)).to.equal('Error: broken');
    expect(existsSync(file)).to.equal(false);
  });

  it('keeps four processes apart', async () => {
    const holders = Array.from({ length: 4 }, () => startHolder(50));
    await Promise.all(holders.map((holder) => once(holder, 'close')));
    expect(readFileSync(path.join(folder, 'log'), 'utf8')).to.equal('<><><><>');
  });

  it('waits for a living holder and says for which', async () => {
    const holder = startHolder(600);
    await once(holder.stdout, 'data');
    const waited: number[] = [];
    await lock.withLock(
      file,
      async () => expect(readFileSync(path.join(folder, 'log'), 'utf8')).to.equal('<>'),
      (pid) => waited.push(pid),
    );
    expect(waited).to.deep.equal([holder.pid]);
  });

  it('takes over from a holder that was killed', async () => {
    const holder = startHolder(60_000);
    await once(holder.stdout, 'data');
    holder.kill('SIGKILL');
    await once(holder, 'close');
    expect(existsSync(file)).to.equal(true);
    expect(await lock.withLock(file, async () => 'taken')).to.equal('taken');
  });

  it('releases the lock on an interrupt', async () => {
    const holder = startHolder(60_000);
    await once(holder.stdout, 'data');
    holder.kill('SIGINT');
    const [code] = (await once(holder, 'close')) as [number];
    expect(code).to.equal(130);
    expect(existsSync(file)).to.equal(false);
  });

  it('calls a lock stale when its process is gone or silent', () => {
    expect(lock.isStale(file)).to.equal(false);
    writeFileSync(file, String(process.pid));
    expect(lock.isStale(file)).to.equal(false);
    const hourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(file, hourAgo, hourAgo);
    expect(lock.isStale(file)).to.equal(true);
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(file, String(ended));
    expect(lock.isStale(file)).to.equal(true);
  });
});
