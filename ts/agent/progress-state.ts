import { Fields } from '../formats/fields.js';
import { numberOrNull } from './choice-state.js';
import type { EpisodeProgress } from './progress.js';

/** Progress that a checkpoint was written before it could be told. */
export function readProgress(value: unknown, what: string): EpisodeProgress {
  const fields = new Fields(value, what);
  const validation = fields.raw('validation');
  const told: EpisodeProgress = {
    episode: fields.count('episode'),
    return: fields.number('return'),
    steps: fields.count('steps'),
    totalSteps: fields.count('totalSteps'),
    updates: fields.count('updates'),
    epsilon: numberOrNull(fields, 'epsilon'),
    loss: numberOrNull(fields, 'loss'),
    meanQ: numberOrNull(fields, 'meanQ'),
    remembered: fields.count('remembered'),
    mean: numberOrNull(fields, 'mean'),
    goalEpisode: numberOrNull(fields, 'goalEpisode'),
    learningRate: fields.number('learningRate'),
    ...(validation !== undefined && { validation: readValidation(validation, what) }),
  };
  fields.done();
  return told;
}

function readValidation(value: unknown, what: string): EpisodeProgress['validation'] & object {
  const fields = new Fields(value, `${what}: validation`);
  const read = { mean: fields.number('mean'), confirmed: numberOrNull(fields, 'confirmed') };
  fields.done();
  return read;
}
