import { mismatch } from '../errors.js';
import { gameParameters } from './game-parameters.js';
import { networkParameters, optimiserParameters } from './network-parameters.js';
import { choice, flag, perhaps, readParameters, real, text, whole } from './parameters.js';
import type { ParametersOf } from './parameters.js';
import { rewardNames } from './rewards.js';

/** The task, how long it is practised, and how the network to keep is chosen; the same for agents that play. */
export const playParameters = {
  environment: text('cart-pole', 'environment by name, where none is given'),
  maxSteps: whole(200, 'longest episode in training', { least: 1 }),
  reward: choice(rewardNames, 'environment', 'reward that is learnt from'),
  episodes: whole(1000, 'episodes at most', { least: 1 }),
  totalSteps: whole(0, 'steps of all episodes at most; 0 for any number'),
  goal: perhaps(195, 'mean return of 100 episodes at which the task counts as learnt'),
  goalStay: whole(1, 'episodes in a row at which the mean must be that high', { least: 1 }),
  validateEvery: whole(0, 'episodes between two validations; 0 for none'),
  validateEpisodes: whole(20, 'greedy episodes of a validation', { least: 1 }),
  validateSteps: whole(500, 'longest episode of a validation', { least: 1 }),
  confirmEpisodes: whole(100, 'further episodes once a validation reaches `stopScore`', {
    least: 1,
  }),
  stopScore: perhaps(
    null,
    'mean return in validation at which training ends, the goal being reached',
  ),
  testEpsilon: real(0, 'share of random actions in validations and scores', { least: 0, most: 1 }),
  seed: whole(0, 'seed of everything that is drawn'),
  threads: whole(1, 'threads of the updates', { least: 1 }),
};

/** Everything that a run of Q-learning depends on. */
export const dqnParameters = {
  ...playParameters,
  ...gameParameters,
  ...networkParameters,
  ...optimiserParameters,
  copies: whole(1, 'environments stepped side by side', { least: 1 }),
  frames: whole(1, 'observations that make a state', { least: 1 }),
  frameType: choice(['float32', 'uint8', 'bits'], 'float32', 'how observations are stored'),
  dueling: flag(false, 'whether value and advantages have heads of their own'),
  gamma: real(0.99, 'discount of the future', { least: 0, most: 1 }),
  double: flag(true, 'whether the policy chooses the action that the target network values'),
  loss: choice(['mse', 'huber', 'clipped-error'], 'mse', 'loss of the temporal difference'),
  errorClip: real(1, 'where huber turns linear and clipped-error is cut', { least: 1e-6 }),
  gapShare: real(
    0,
    'advantage learning: how far gaps between actions are widened, by 1/(1 − share)',
    {
      least: 0,
      most: 0.999,
    },
  ),
  rewardMin: perhaps(null, 'least reward that is learnt from'),
  rewardMax: perhaps(null, 'largest reward that is learnt from'),
  nStep: whole(1, 'rewards that are summed before the network is asked', { least: 1 }),
  memory: whole(50_000, 'transitions that are remembered', { least: 1 }),
  memoryInFile: flag(false, "whether they lie in a file in the run's folder, not in memory"),
  batch: whole(64, 'transitions of an update', { least: 1 }),
  distinct: flag(true, 'uniform sampling: no transition twice in a batch'),
  learningStarts: whole(0, 'transitions in memory before the first update'),
  learnEvery: whole(1, 'steps between updates', { least: 1 }),
  updatesEach: whole(1, 'updates each time', { least: 1 }),
  prioritised: flag(false, 'whether surprising transitions are drawn more often'),
  priorityAlpha: real(0.6, 'how much more often', { least: 0 }),
  priorityBeta: real(0.4, 'share of that which weights make good at first', { least: 0, most: 1 }),
  priorityBetaUpdates: whole(100_000, 'updates until they make good all of it', { least: 1 }),
  target: choice(
    ['episodes', 'steps', 'soft'],
    'episodes',
    'the target network is copied after episodes, after steps, or moves with every update',
  ),
  targetEvery: whole(10, 'episodes or steps between copies', { least: 1 }),
  targetTau: real(0.01, 'share of the way that a soft target goes', { least: 0, most: 1 }),
  exploration: choice(['exponential', 'linear'], 'exponential', 'how epsilon falls'),
  epsilonStart: real(1, 'share of random actions at first', { least: 0, most: 1 }),
  epsilonEnd: real(0.05, 'share of random actions at last', { least: 0, most: 1 }),
  epsilonDecay: real(0.999, 'exponential: factor of each step', { least: 0, most: 1 }),
  epsilonSteps: whole(10_000, 'linear: steps from first to last', { least: 1 }),
  timeLimit: choice(
    ['bootstrap', 'terminal', 'drop'],
    'bootstrap',
    'a step cut off by the time limit: goes on in value, ends like any end, or is never stored',
  ),
  lifeLossEnds: flag(false, 'whether a lost life ends the future in value'),
  actTarget: flag(false, 'whether the target network acts, in place of the one that learns'),
  validateTarget: flag(false, 'whether the target network is validated and kept'),
};

export type DqnParameters = ParametersOf<typeof dqnParameters>;

/** The whole record of a run: what is given, checked, and defaults for the rest. */
export function readDqnParameters(given: object): DqnParameters {
  const record = readParameters(dqnParameters, given, 'dqn parameter');
  if (record.batch > record.memory) {
    throw mismatch(
      'E_RANGE',
      'dqn parameter batch',
      `at most memory, ${record.memory}`,
      record.batch,
    );
  }
  if (record.learningStarts > record.memory) {
    const what = 'dqn parameter learningStarts';
    throw mismatch('E_RANGE', what, `at most memory, ${record.memory}`, record.learningStarts);
  }
  return record;
}
