import { Fields } from '../formats/fields.js';
import { freshChoice, readChoice } from './choice-state.js';
import type { ChoiceState } from './choice-state.js';
import { readLane } from './lanes.js';
import type { LaneState } from './lanes.js';
import type { EpisodeProgress } from './progress.js';
import { readProgress } from './progress-state.js';

/** What a loop of Q-learning remembers beside trainer and replay memory; plain data. */
export interface DqnState {
  /** Nodes of the network that are never trained. */
  readonly frozen: readonly string[];
  /** What the actions do, where the environment says so: outputs of the network mean nothing without. */
  readonly actions: readonly string[];
  /** As the checkpoint has them; null for a copy that no episode was left for. */
  readonly lanes: readonly (LaneState | null)[];
  readonly choice: ChoiceState;
  /** Steps of all copies. */
  steps: number;
  /** Episodes begun and ended. */
  begun: number;
  ended: number;
  /** Sums over the updates since an episode ended. */
  loss: number;
  meanQ: number;
  updates: number;
  validationDue: boolean;
  /** What was not told yet. */
  readonly pending: EpisodeProgress[];
}

export function freshDqnState(frozen: readonly string[], actions: readonly string[]): DqnState {
  return {
    frozen,
    actions,
    lanes: [],
    choice: freshChoice,
    steps: 0,
    begun: 0,
    ended: 0,
    loss: 0,
    meanQ: 0,
    updates: 0,
    validationDue: false,
    pending: [],
  };
}

export function readDqnState(value: unknown): DqnState {
  const what = 'state of the checkpoint';
  const fields = new Fields(value, what);
  const state: DqnState = {
    frozen: fields.strings('frozen'),
    actions: fields.strings('actions'),
    lanes: fields
      .list('lanes')
      .map((lane, copy) => (lane === null ? null : readLane(lane, `${what}: lane ${copy}`))),
    choice: readChoice(fields.raw('choice'), `${what}: choice`),
    steps: fields.count('steps'),
    begun: fields.count('begun'),
    ended: fields.count('ended'),
    loss: fields.number('loss'),
    meanQ: fields.number('meanQ'),
    updates: fields.count('updates'),
    validationDue: fields.boolean('validationDue'),
    pending: fields.list('pending').map((told, k) => readProgress(told, `${what}: progress ${k}`)),
  };
  fields.done();
  return state;
}
