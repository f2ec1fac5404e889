import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { openGymnasium } from '../../../ts/index.js';
import { WorkerProcess } from '../../../ts/wire/worker.js';
import { repositoryRoot } from '../../scripts/repository.js';
import { gymSuite } from '../../support/suite.js';
import { refusal } from '../../support/refusal.js';

const frames = 2 * 210 * 160;
const made = { env: { kind: 'ale', game: 'breakout', pixels: 'gray' }, count: 2 };
const start = { env: 'e1', copies: [0, 1], seeds: [1, 2], noops: [0, 0] };

describe('the file of the frames', () => {
  const suite = gymSuite();

  it('is shared by its descriptor, has no name, and closes with the environments', async () => {
    const worker = await openGymnasium(
      { kind: 'ale', game: 'breakout', pixels: 'gray', python: suite.python },
      3,
    );
    const { fd, bytes } = worker.region;
    expect(bytes).to.equal(3 * frames);
    const { size, nlink, blocks } = fstatSync(fd);
    expect({ size, nlink }).to.deep.equal({ size: bytes, nlink: 0 });
    expect(blocks * 512).to.be.at.least(bytes);
    await worker.resetAhead([0, 1, 2], [1, 2, 3], [0, 0, 20]);
    const all = Buffer.alloc(bytes);
    expect(readSync(fd, all, 0, bytes, 0)).to.equal(bytes);
    for (const copy of [0, 1, 2]) {
      const [newest, previous] = [Buffer.alloc(frames / 2), Buffer.alloc(frames / 2)];
      worker.readNewest(copy, newest);
      worker.readPrevious(copy, previous);
      const at = copy * worker.slotBytes;
      expect(newest.equals(all.subarray(at, at + newest.length))).to.equal(true);
      const before = at + worker.previousAt!;
      expect(previous.equals(all.subarray(before, before + previous.length))).to.equal(true);
      expect(new Set(newest).size).to.be.greaterThan(3);
    }
    await worker.close();
    expect(() => fstatSync(fd)).to.throw('EBADF');
  });

  it('that finds no room is a file error, whoever has mapped it', () => {
    const module = path.join(repositoryRoot, 'dist', 'ts', 'index.js');
    const options = { kind: 'ale', game: 'breakout', pixels: 'gray', python: suite.python };
    const text = `
      import { openGymnasium } from ${JSON.stringify(module)};
      const told = await openGymnasium(${JSON.stringify(options)}, 8).then(
        () => 'opened',
        ({ code, message }) => code + ' ' + message,
      );
      console.log(told);
    `;
    // A limit of the size of files, in blocks of 512 bytes or of 1024, stands for a disk of that size.
    const shell = `ulimit -f 300; exec '${process.execPath}' --input-type=module --eval "$0"`;
    const { stdout, stderr } = spawnSync('sh', ['-c', shell, text], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect(stdout, stderr).to.match(/^E_FILE .*write 537600 bytes to/);
  });

  const withFile = async (bytes: number | undefined): Promise<string> => {
    const fd = openSync(path.join(suite.folder, 'frames'), 'w+');
    ftruncateSync(fd, bytes ?? 0);
    const region = bytes === undefined ? {} : { region: { fd } };
    const worker = await WorkerProcess.start({ backend: 'env', python: suite.python, ...region });
    try {
      const error = await refusal(
        worker.request('env.make', made).then(async () => worker.request('env.reset', start)),
      );
      return `${error.code} ${error.message}`;
    } finally {
      await worker.close();
      closeSync(fd);
    }
  };

  it('is not written beyond its end by the worker', async () => {
    expect(await withFile(2 * frames - 1)).to.equal(
      `E_STATE frame file: expected ${2 * frames} bytes, received ${2 * frames - 1}`,
    );
  });

  it('is needed', async () => {
    expect(await withFile(undefined)).to.equal(
      'E_STATE frame file: expected a descriptor handed over at the start, received none',
    );
  });
});
