import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { evaluate } from '../../ts/agent/evaluate.js';
import type { Act } from '../../ts/agent/evaluate.js';
import { Film } from '../../ts/agent/film.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import { Corridor } from '../env/corridor.js';
import { expectError, expectRejection } from '../formats/helpers/expect-error.js';
import { readPng } from '../formats/helpers/read-png.js';

const right: Act = (_, rows) => new Int32Array(rows).fill(1);
const play = { environment: 'cart-pole', act: right, episodes: 3, seed: 7 } as const;

/** What an episode of nothing but pushes to the right looks like. */
function pictures(seed: number): Uint8Array[] {
  const pole = new CartPole();
  pole.reset(seed);
  const seen = [pole.render!().data];
  for (;;) {
    const { terminated } = pole.step(1);
    seen.push(pole.render!().data);
    if (terminated) return seen;
  }
}

describe('film', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spiq-film-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('makes an animation of each of the first episodes, from first to last state', async () => {
    const target = path.join(folder, 'animations');
    const film = new Film(target, { episodes: 2, framesPerSecond: 20 });
    await evaluate({ ...play, onStep: film.onStep, onEpisode: film.onEpisode });
    const names = ['episode-0000.png', 'episode-0001.png'];
    expect(readdirSync(target).sort()).to.deep.equal(names);
    expect([...film.written].sort()).to.deep.equal(names.map((name) => path.join(target, name)));
    for (const [k, name] of names.entries()) {
      const read = readPng(readFileSync(path.join(target, name)));
      expect(read.pictures).to.deep.equal(pictures(7 + k));
      expect(new Set(read.delays)).to.deep.equal(new Set([0.05]));
    }
  });

  it('makes a folder of pictures where that is wanted', async () => {
    const target = path.join(folder, 'frames');
    const film = new Film(target, { format: 'frames' });
    await evaluate({ ...play, onStep: film.onStep, onEpisode: film.onEpisode });
    expect(readdirSync(target)).to.deep.equal(['episode-0000']);
    const files = readdirSync(path.join(target, 'episode-0000')).sort();
    const expected = pictures(7);
    expect(files).to.have.length(expected.length);
    expect([files[0], files[3]]).to.deep.equal(['000000.png', '000003.png']);
    files.forEach((name, k) => {
      const { pictures: read } = readPng(readFileSync(path.join(target, 'episode-0000', name)));
      expect(read).to.deep.equal([expected[k]]);
    });
  });

  it('refuses what cannot be drawn, and folders that cannot be', async () => {
    expectError(() => new Film(folder, { episodes: 0 }), 'E_RANGE', 'filmed episodes');
    const format = 'video' as 'frames';
    expectError(() => new Film(folder, { format }), 'E_ARGUMENT', 'animation or frames');
    expectError(() => new Film(folder, { framesPerSecond: 0 }), 'E_RANGE', 'frames per second');
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    expectError(() => new Film(file), 'E_FILE', 'make the folder');
    const film = new Film(folder);
    const blind = { ...play, environment: () => new Corridor(), onStep: film.onStep };
    await expectRejection(evaluate(blind), 'E_UNSUPPORTED', 'render: expected an environment');
  });
});
