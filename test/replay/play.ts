import { expect } from 'chai';
import type { Random } from '../../ts/env/random.js';
import type { Replay, ReplayBatch } from '../../ts/index.js';
import type { ReplayModel } from './model.js';
import type { Scene } from './scene.js';

export interface DrawnRow {
  readonly row: number;
  readonly action: number;
  readonly discountedReturn: number;
  readonly discount: number;
  readonly state: readonly number[];
  readonly nextState: readonly number[];
}

export function rowOf(batch: ReplayBatch, stateSize: number, index: number): DrawnRow {
  const at = index * stateSize;
  return {
    row: batch.indices[index]!,
    action: batch.actions[index]!,
    discountedReturn: batch.returns[index]!,
    discount: batch.discounts[index]!,
    state: [...batch.states.subarray(at, at + stateSize)],
    nextState: [...batch.nextStates.subarray(at, at + stateSize)],
  };
}

/** Everything that can be drawn, the oldest first. */
export function listed(replay: Replay): DrawnRow[] {
  const batch = replay.emptyBatch(Math.max(replay.size, 1));
  const count = replay.listInto(batch);
  expect(count).to.equal(replay.size);
  return Array.from({ length: count }, (_, index) => rowOf(batch, replay.stateSize, index));
}

/** The same as the model has it. */
export function expected(model: ReplayModel): DrawnRow[] {
  return model.transitions.map(({ row, next, action, discountedReturn, discount }) => ({
    row,
    action,
    discountedReturn,
    discount,
    state: model.state(row)!,
    // A state that leads somewhere was whole; what follows is padded the same way, also under `skip`.
    nextState: model.state(next, true)!,
  }));
}

/** One step of a scene, in a memory and, where it is given, in the model that holds it to account. */
export function playStep(
  scene: Scene,
  random: Random,
  replay: Replay,
  model: ReplayModel,
): { readonly copy: number } {
  const { copy, begins } = scene.next(random, (candidate) => model.running(candidate));
  const frame = scene.frame(random);
  if (begins) {
    replay.begin(scene.array(frame), copy);
    model.begin(frame, copy);
  } else {
    const { action, reward, outcome } = scene.step(random);
    replay.add(action, reward, scene.array(frame), outcome, copy);
    model.add(action, reward, frame, outcome, copy);
  }
  return { copy };
}

export function modelOf(scene: Scene, replay: Replay, Model: typeof ReplayModel): ReplayModel {
  return new Model(scene.options, replay.memory.atMost.frames / scene.frameBytes);
}

/** A batch and what a learner would say to it, so that the generator and the priorities move on. */
export function drawAndLearn(replay: Replay, rows: number, learns: boolean): DrawnRow[] {
  const batch = replay.sample(rows);
  if (learns) {
    const errors = batch.indices.map((index) => Math.sin(index) * 3);
    replay.setPriorities(batch.indices, errors);
  }
  return Array.from({ length: rows }, (_, index) => rowOf(batch, replay.stateSize, index));
}
