import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { readPng } from '../formats/helpers/read-png.js';
import { dqn, fail, succeed, succeedJson } from './spiq.js';
import { Workspace, bareWeights } from './workspace.js';

interface Played {
  readonly environment: string;
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
  readonly mean: number;
  readonly similarity: number | null;
  readonly steps: number;
  readonly explored: number;
  readonly replay?: { readonly folder: string; readonly rows: number };
}

/** A corridor of five places, walked to the right: as a user writes one. */
const ownEnvironment = `
export default class Corridor {
  observationSpace = { kind: 'box', size: 1, low: [0], high: [9] };
  actionSpace = { kind: 'discrete', count: 2 };
  place = new Float32Array(1);
  reset() { this.place[0] = 0; return this.place; }
  step(action) {
    this.place[0] = Math.max(0, this.place[0] + (action === 1 ? 1 : -1));
    const terminated = this.place[0] === 5;
    return { observation: this.place, reward: terminated ? 10 : 0, terminated, truncated: false };
  }
}
`;

describe('command line: what test can play', function () {
  this.timeout(60_000);
  const work = new Workspace();
  const play = async (...args: string[]): Promise<Played> => succeedJson<Played>(['test', ...args]);
  const weights = (name: string, units: readonly number[], seed = 5): string[] => [
    work.write(`${name}.npz`, bareWeights(units, seed)),
    '--layout',
    'out-in',
  ];

  it('plays every environment', async () => {
    const environments: [string, number[], number][] = [
      ['mountain-car', [2, 8, 3], -50],
      ['acrobot', [6, 8, 3], -50],
      ['bricks', [144, 8, 3], 18],
    ];
    for (const [name, units, bound] of environments) {
      const line = [...weights(name, units), '--env', name, '--episodes', '3', '--max-steps', '50'];
      const played = await play(...line);
      expect(played.environment).to.equal(name);
      expect(played.mean).to.be.within(-50, bound);
      expect(Math.max(...played.lengths)).to.be.within(10, 50);
    }
  });

  it("plays a user's own environment, a module's default export", async () => {
    const file = work.path('corridor.mjs');
    writeFileSync(file, ownEnvironment);
    // Weights of 0 and a bias for the second action: always to the right.
    const always = work.write('right.npz', {
      w0: { shape: [2, 1], dtype: 'f4', data: Float32Array.of(0, 0) },
      b0: { shape: [2], dtype: 'f4', data: Float32Array.of(0, 1) },
    });
    const line = [always, '--layout', 'out-in', '--env', file, '--episodes', '2'];
    expect(await play(...line)).to.deep.include({ returns: [10, 10], lengths: [5, 5] });
    expect(await play(...line, '--max-steps', '3')).to.deep.include({ lengths: [3, 3] });
  });

  it('draws actions with --explore, and compares the others', async () => {
    const line = [
      dqn,
      '--compare',
      dqn,
      '--episodes',
      '4',
      '--max-steps',
      '100',
      '--explore',
      '0.3',
    ];
    const played = await play(...line);
    expect(played.similarity).to.equal(1);
    expect(played.explored / played.steps).to.be.within(0.2, 0.4);
    const { stdout } = await succeed(['test', ...line]);
    expect(stdout).to.match(/\ndrawn actions +\d\d\.\d\d %\n/);
  });

  it('begins with --noops, and episodes stay tied to their seeds', async () => {
    const line = [...weights('noops', [4, 8, 2]), '--episodes', '6'];
    const plain = await play(...line);
    const begun = await play(...line, '--noops', '2,6');
    expect(begun.returns).to.not.deep.equal(plain.returns);
    const seeded = await play(...line.slice(0, -1), '2', '--noops', '2,6', '--seed', '4');
    expect(seeded.returns).to.deep.equal(begun.returns.slice(4));
    expect(await play(...line, '--noops', '6'))
      .to.have.property('noops')
      .that.deep.equals({ most: 6 });
  });

  it('shows the last observations together with --history', async () => {
    const line = [...weights('history', [8, 6, 2], 3), '--episodes', '5', '--history', '2'];
    const oldest = await play(...line);
    const newest = await play(...line, '--history-order', 'newest-first');
    expect(newest.returns).to.not.deep.equal(oldest.returns);
    const zeros = await play(...line, '--history-padding', 'zeros');
    expect(zeros).to.deep.include({ environment: 'cart-pole', history: 2 });
    expect(zeros.returns).to.not.deep.equal(oldest.returns);
  });

  it('saves what was seen, as a replay that convert reads', async () => {
    const folder = work.path('replay');
    const line = [dqn, '--episodes', '3', '--max-steps', '50', '--save-replay', folder];
    const played = await play(...line, '--replay-rows', '120');
    expect(played.replay).to.deep.equal({ folder, rows: 120 });
    expect(readdirSync(folder).sort()).to.deep.equal(['memory_inputs.npz', 'memory_outputs.npz']);
    expect(work.read(path.join('replay', 'memory_inputs.npz')).get('arr_0').shape).to.deep.equal([
      120, 4,
    ]);
    expect(work.read(path.join('replay', 'memory_outputs.npz')).get('arr_0').shape).to.deep.equal([
      120, 2,
    ]);
    const { stdout } = await succeed(['test', ...line]);
    expect(stdout).to.include(`\n150 rows written to ${folder}\n`);
    const snn = work.path('snn.npz');
    await succeed(['convert', dqn, '--calibration', folder, '-o', snn]);
    const spiking = ['test', snn, '--episodes', '1', '--max-steps', '5', '-T', '20'];
    await succeed([...spiking, '--save-replay', folder]);
    expect(work.read(path.join('replay', 'memory_outputs.npz')).get('arr_0').shape).to.deep.equal([
      5, 2,
    ]);
  });

  it('draws what is played with --render', async () => {
    const folder = work.path('pictures');
    const line = [dqn, '--episodes', '3', '--max-steps', '8', '--render', folder];
    const { pictures } = (await play(...line, '--render-episodes', '2')) as Played & {
      readonly pictures: readonly string[];
    };
    const names = ['episode-0000.png', 'episode-0001.png'];
    expect(pictures).to.deep.equal(names.map((name) => path.join(folder, name)));
    expect(readdirSync(folder).sort()).to.deep.equal(names);
    expect(readPng(readFileSync(pictures[0]!)).pictures).to.have.length(9);
    const { stdout } = await succeed(['test', ...line, '--render-format', 'frames']);
    const first = path.join(folder, 'episode-0000', '000000.png');
    expect(stdout).to.include(`\npictures written to ${first} and 8 more\n`);
    expect(readdirSync(path.join(folder, 'episode-0000'))).to.have.length(9);
  });

  it('refuses what does not fit', async () => {
    const line = ['test', dqn, '--episodes', '1'];
    expect(await fail([...line, '--explore', '2'], 'E_RANGE')).to.include('from 0 to 1');
    expect(await fail([...line, '--noops', '5,3'], 'E_RANGE')).to.include('no-op steps');
    expect(await fail([...line, '--noops', 'some'], 'E_USAGE')).to.include('whole number');
    expect(await fail([...line, '--history', '0'], 'E_RANGE')).to.include('frames');
    expect(await fail([...line, '--history', '3'], 'E_SHAPE')).to.include('12 inputs, received 4');
    expect(await fail([...line, '--replay-rows', '3'], 'E_USAGE')).to.include('--save-replay');
    expect(await fail([...line, '--render-episodes', '2'], 'E_USAGE')).to.include('--render');
    const carry = [...line, '--spiking', '--carry', '--save-replay', work.path('none')];
    expect(await fail(carry, 'E_USAGE')).to.include('received --carry');
    expect(await fail([...line, '--env', 'none.mjs'], 'E_FILE')).to.include('a file that exists');
    const empty = work.path('empty.mjs');
    writeFileSync(empty, 'export const a = 1;');
    expect(await fail([...line, '--env', empty], 'E_ARGUMENT')).to.include('default export');
    const broken = work.path('broken.mjs');
    writeFileSync(broken, 'export default class {');
    expect(await fail([...line, '--env', broken], 'E_FILE')).to.include('can be loaded');
    const other = work.write('other.npz', bareWeights([3, 2]));
    const compared = ['test', ...weights('own', [4, 2]), '--compare', other];
    expect(await fail(compared, 'E_SHAPE')).to.include('--compare: expected 4 inputs, received 3');
    const target = path.join(dqn, 'inside');
    expect(await fail([...line, '--max-steps', '3', '--save-replay', target], 'E_FILE')).to.include(
      target,
    );
  });
});
