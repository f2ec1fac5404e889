import { Fields } from '../formats/fields.js';
import { freshGoal, goalWindow } from './goal.js';
import type { GoalState } from './goal.js';

/** What is known of the networks kept on the way; plain data. */
export interface ChoiceState {
  readonly goal: GoalState;
  readonly validated: {
    readonly mean: number;
    readonly confirmed: number | null;
    readonly episode: number;
  } | null;
  /** A validation was confirmed at `stopScore`. */
  readonly satisfied: boolean;
}

export const freshChoice: ChoiceState = { goal: freshGoal, validated: null, satisfied: false };

export function readChoice(value: unknown, what: string): ChoiceState {
  const fields = new Fields(value, what);
  const validated = fields.raw('validated');
  const state = {
    goal: readGoal(fields.raw('goal'), `${what}: goal`),
    validated: validated === null ? null : readValidated(validated, `${what}: validated`),
    satisfied: fields.boolean('satisfied'),
  };
  fields.done();
  return state;
}

/** A number, or null where there is none yet. */
export function numberOrNull(fields: Fields, name: string): number | null {
  return fields.raw(name) === null ? null : fields.number(name);
}

function readGoal(value: unknown, what: string): GoalState {
  const fields = new Fields(value, what);
  const state = {
    recent: fields.numbers('recent').slice(-goalWindow),
    bestMean: numberOrNull(fields, 'bestMean'),
    bestEpisode: numberOrNull(fields, 'bestEpisode'),
    stay: fields.count('stay'),
    reached: numberOrNull(fields, 'reached'),
  };
  fields.done();
  return state;
}

function readValidated(value: unknown, what: string): NonNullable<ChoiceState['validated']> {
  const fields = new Fields(value, what);
  const state = {
    mean: fields.number('mean'),
    confirmed: numberOrNull(fields, 'confirmed'),
    episode: fields.count('episode'),
  };
  fields.done();
  return state;
}
