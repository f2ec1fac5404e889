import { expect } from 'chai';
import fc from 'fast-check';
import { Random } from '../../ts/env/random.js';
import { Replay } from '../../ts/index.js';
import { ReplayModel } from './model.js';
import { drawAndLearn, expected, listed, modelOf, playStep } from './play.js';
import { scenes } from './scene.js';
import type { Scene } from './scene.js';

const { SPIQ_PROPERTY_SEED = '20240', SPIQ_PROPERTY_RUNS_TIMES = '1' } = process.env;

function compare(replay: Replay, model: ReplayModel, random: Random): void {
  const all = expected(model);
  expect(replay.size).to.equal(all.length);
  expect(listed(replay)).to.deep.equal(all);
  if (all.length === 0) return;
  const rows = 1 + Math.floor(random.uniform(0, Math.min(all.length, 40)));
  const known = new Map(all.map((transition) => [transition.row, transition]));
  const drawn = drawAndLearn(replay, rows, model.options.prioritised !== undefined);
  for (const row of drawn) expect(row).to.deep.equal(known.get(row.row));
  if (model.options.replacement === false)
    expect(new Set(drawn.map(({ row }) => row)).size, 'distinct').to.equal(rows);
}

/** By how many rows the ring was written over. */
function play(scene: Scene): number {
  const replay = new Replay(scene.options);
  const model = modelOf(scene, replay, ReplayModel);
  const random = new Random(scene.seed);
  for (let step = 0; step < scene.steps; step += 1) {
    const { copy } = playStep(scene, random, replay, model);
    expect(replay.size).to.equal(model.transitions.length);
    const state = model.running(copy) ? model.currentState(copy) : undefined;
    if (state !== undefined) expect([...replay.state(copy)]).to.deep.equal(state);
    if (random.uniform(0, 1) < 0.03) compare(replay, model, random);
  }
  compare(replay, model, random);
  replay.close();
  return model.rows.length - model.ring;
}

describe('replay: against a plain model', () => {
  it('every transition and every sample, whatever the episodes, copies, steps and stacks', function () {
    this.timeout(120_000 * Number(SPIQ_PROPERTY_RUNS_TIMES));
    let wrapped = 0;
    fc.assert(
      fc.property(scenes, (scene) => {
        if (play(scene) > 0) wrapped += 1;
      }),
      { seed: Number(SPIQ_PROPERTY_SEED), numRuns: 60 * Number(SPIQ_PROPERTY_RUNS_TIMES) },
    );
    expect(wrapped, 'cases in which the ring was written over').to.be.greaterThan(20);
  });
});
