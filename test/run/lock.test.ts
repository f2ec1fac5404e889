import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { RunLock } from '../../ts/run/lock.js';
import { Run, readRun } from '../../ts/run/index.js';
import { repositoryRoot } from '../scripts/repository.js';
import { expectError } from '../formats/helpers/expect-error.js';
import { freshFolders } from './folder.js';

const module = pathToFileURL(join(repositoryRoot, 'dist', 'ts', 'run', 'run.js')).href;

const killAfter = [0, 7, 31];
const checkpointEvery = 20;

/** Opens the run, says so once it has written a while, and writes on until somebody ends it. */
function startWriter(folder: string) {
  const program = `
    const { Run } = await import(${JSON.stringify(module)});
    const run = Run.open(${JSON.stringify(folder)});
    const begin = run.resume()?.number ?? 0;
    for (let episode = begin + 1; ; episode += 1) {
      run.recordEpisode({ episode, steps: 1, return: episode, totalSteps: episode });
      if (episode % ${checkpointEvery} === 0) run.saveCheckpoint({ number: episode, state: {} });
      if (episode === begin + ${2 * checkpointEvery}) process.stdout.write('writing');
    }`;
  return spawn(process.execPath, ['--input-type=module', '-e', program]);
}

async function untilItWrites(child: ReturnType<typeof startWriter>): Promise<void> {
  let errors = '';
  child.stderr.on('data', (data) => (errors += String(data)));
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => {
      resolve();
    });
    child.once('exit', () => {
      reject(new Error(errors));
    });
  });
}

describe("a run's lock", function () {
  this.timeout(60_000);
  const folderOf = freshFolders();

  it('is held by one, and given back', () => {
    const folder = folderOf();
    const lock = RunLock.take(folder);
    expectError(() => RunLock.take(folder), 'E_STATE', `process ${process.pid}`);
    lock.release();
    expect(readdirSync(folder)).to.deep.equal([]);
    RunLock.take(folder).release();
  });

  it('is taken over from a process that is gone, a number given anew, or a damaged file', () => {
    const folder = folderOf();
    const file = join(folder, 'lock');
    const own = { pid: process.pid, host: hostname() };
    const begun = existsSync('/proc/self/stat') ? '1' : '';
    const stale = [JSON.stringify({ ...own, pid: 2 ** 22 + 1, begun: '' }), '{"pid": 1', '[]', ''];
    if (begun !== '') stale.push(JSON.stringify({ ...own, begun }));
    for (const text of stale) {
      writeFileSync(file, text);
      const lock = RunLock.take(folder);
      expect(JSON.parse(readFileSync(file, 'utf8'))).to.include(own);
      lock.release();
    }
  });

  it('is respected where another machine holds it', () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 1, host: 'elsewhere', begun: '' }));
    expectError(() => RunLock.take(folder), 'E_STATE', 'process 1 of elsewhere');
  });

  it('keeps a second process out; killed at any point, the run goes on whole', async () => {
    const folder = join(folderOf(), 'run');
    Run.create(folder, { name: 'a', seed: 0, parameters: {} }).close();
    for (const milliseconds of killAfter) {
      const child = startWriter(folder);
      const ended = new Promise((resolve) => child.on('exit', resolve));
      try {
        await untilItWrites(child);
        expectError(() => Run.open(folder), 'E_STATE', `process ${child.pid}`);
        await sleep(milliseconds);
      } finally {
        child.kill('SIGKILL');
        await ended;
      }
      const run = Run.open(folder);
      const { number } = run.resume()!;
      expect(run.rows.episodes).to.equal(number);
      run.close();
      const episodes = readRun(folder).episodes.numbers('episode');
      expect([...episodes]).to.deep.equal(Array.from({ length: number }, (_, k) => k + 1));
      // What a power cut may leave besides.
      appendFileSync(join(folder, 'episodes.csv'), '51,1,5');
    }
  });
});
