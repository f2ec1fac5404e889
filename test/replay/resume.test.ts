import { expect } from 'chai';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Random } from '../../ts/env/random.js';
import { Replay } from '../../ts/index.js';
import { ReplayModel } from './model.js';
import { drawAndLearn, expected, listed, modelOf, playStep } from './play.js';
import { scenes } from './scene.js';
import type { Scene } from './scene.js';

const { SPIQ_PROPERTY_SEED = '20240', SPIQ_PROPERTY_RUNS_TIMES = '1' } = process.env;
const times = Number(SPIQ_PROPERTY_RUNS_TIMES);

let folder = '';
let files = 0;

function newFile(): string {
  files += 1;
  return path.join(folder, `${files}.replay`);
}

/** The same batches, priorities and states from both, step after step. */
function goOnAlike(scene: Scene, model: ReplayModel, one: Replay, other: Replay): void {
  const learns = scene.options.prioritised !== undefined;
  const [random, twin] = [new Random(scene.seed + 1), new Random(scene.seed + 1)];
  const twinModel = model.copy();
  for (let step = 0; step < 60; step += 1) {
    playStep(scene, random, one, model);
    playStep(scene, twin, other, twinModel);
    expect(other.size).to.equal(one.size);
    if (one.size === 0 || step % 5 !== 0) continue;
    const rows = Math.min(one.size, 8);
    expect(drawAndLearn(other, rows, learns)).to.deep.equal(drawAndLearn(one, rows, learns));
    expect(other.beta).to.equal(one.beta);
  }
  expect(listed(other)).to.deep.equal(listed(one));
}

function playFor(scene: Scene, replay: Replay): ReplayModel {
  const model = modelOf(scene, replay, ReplayModel);
  const random = new Random(scene.seed);
  for (let step = 0; step < scene.steps; step += 1) {
    playStep(scene, random, replay, model);
    if (step % 50 === 49 && replay.size > 0)
      drawAndLearn(replay, 1, scene.options.prioritised !== undefined);
  }
  return model;
}

function check(runs: number, body: (scene: Scene) => void): void {
  fc.assert(fc.property(scenes, body), {
    seed: Number(SPIQ_PROPERTY_SEED),
    numRuns: runs * times,
  });
}

describe('replay: resumed', function () {
  this.timeout(120_000 * times);
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-replay-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('a memory that was saved and restored goes on bit for bit', () => {
    check(25, (scene) => {
      const one = new Replay(scene.options);
      const model = playFor(scene, one);
      const other = new Replay(scene.options);
      other.restore(one.save());
      goOnAlike(scene, model, one, other);
    });
  });

  it('also from a file, into a memory that was used, and whatever was saved in between', () => {
    check(10, (scene) => {
      const one = new Replay(scene.options);
      const model = playFor(scene, one);
      const saved = newFile();
      one.saveTo(saved);
      one.save();
      const other = new Replay(scene.options);
      playFor(scene, other);
      if (other.size > 0) other.sample(1);
      other.restoreFrom(saved);
      goOnAlike(scene, model, one, other);
    });
  });

  it('a mapped memory equals one in memory, and what was drawn before it was closed', () => {
    check(20, (scene) => {
      const one = new Replay(scene.options);
      const options = { ...scene.options, file: newFile() };
      const mapped = new Replay(options);
      const model = playFor(scene, one);
      playFor(scene, mapped);
      const state = mapped.save();
      mapped.close();
      const other = new Replay(options);
      // Without the state: what the rows of the file give, among it all that could be drawn.
      const found = new Map(listed(other).map((transition) => [transition.row, transition]));
      for (const transition of expected(model))
        expect(found.get(transition.row)).to.deep.equal(transition);
      other.restore(state);
      goOnAlike(scene, model, one, other);
      other.close();
    });
  });

  it('a mapped memory goes back to where it was saved, as long as nothing was written over', () => {
    check(20, (scene) => {
      const options = { ...scene.options, file: newFile() };
      const mapped = new Replay(options);
      const model = playFor(scene, mapped);
      const one = new Replay(scene.options);
      playFor(scene, one);
      const state = mapped.save();
      const later = model.copy();
      const random = new Random(scene.seed + 9);
      const room = model.ring - model.rows.length - 2;
      for (let step = 0; step < Math.min(room, 40); step += 1)
        playStep(scene, random, mapped, later);
      mapped.restore(state);
      goOnAlike(scene, model, one, mapped);
      mapped.close();
    });
  });
});
