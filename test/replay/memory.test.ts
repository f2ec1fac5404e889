import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Replay } from '../../ts/index.js';
import type { ReplayMemory, ReplayOptions } from '../../ts/index.js';
import { moduleUrl } from '../lifecycle/child.js';

/** A million Atari frames, which are to take 7.1 GB and one hundredth more at most. */
const atari: ReplayOptions = {
  capacity: 1_000_000,
  observation: { size: 84 * 84, dtype: 'uint8', stack: 4 },
  prioritised: true,
};
const most = 7.1e9 * 1.01;

const sum = ({ frames, rows, priorities }: ReplayMemory): number => frames + rows + priorities;

describe('replay: memory', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-replay-memory-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('a million frames of 84 x 84 bytes take 7.1 GB and 1 % at most, with everything', () => {
    const replay = new Replay(atari);
    expect(sum(replay.memory.atMost)).to.be.within(7.056e9, most);
    expect(sum(replay.memory.inUse)).to.equal(0);
    replay.close();
  });

  it('the same in a file, what lies beside it in memory included', () => {
    const file = path.join(folder, 'million');
    const replay = new Replay({ ...atari, file });
    const { rows, priorities } = replay.memory.atMost;
    expect(statSync(file).size + rows + priorities).to.be.below(most);
    expect(statSync(file).blocks * 512).to.be.below(64 * 1024);
    replay.begin(new Uint8Array(84 * 84).fill(1));
    expect(statSync(file).blocks * 512).to.be.below(6 * 2 ** 20);
    replay.close();
  });

  it('real memory grows with the frames, from next to nothing, as it is accounted for', function () {
    this.timeout(60_000);
    const program = `
      import { Replay } from '${moduleUrl('ts', 'index.js')}';
      const options = ${JSON.stringify(atari)};
      const frame = new Uint8Array(84 * 84).fill(3);
      const warm = new Replay({ ...options, capacity: 10 });
      warm.begin(frame);
      const before = process.memoryUsage.rss();
      const replay = new Replay(options);
      const empty = process.memoryUsage.rss() - before;
      replay.begin(frame);
      for (let row = 1; row < 20_000; row += 1) replay.add(0, 0, frame, { terminated: false });
      const full = process.memoryUsage.rss() - before;
      const { frames, rows, priorities } = replay.memory.inUse;
      process.stdout.write(JSON.stringify({ empty, full, accounted: frames + rows + priorities }));`;
    const args = ['--input-type=module', '--eval', program];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stderr).to.equal('');
    const { empty, full, accounted } = JSON.parse(stdout) as Record<string, number>;
    const megabyte = 2 ** 20;
    expect(accounted).to.be.within(20_000 * 84 * 84, 20_000 * 84 * 84 * 1.01);
    expect(empty!).to.be.below(4 * megabyte);
    // Whole pages, and what V8 does meanwhile.
    expect(full!).to.be.within(accounted! - megabyte, accounted! * 1.01 + 12 * megabyte);
  });
});
