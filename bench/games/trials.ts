import type { TrialAbout } from '../compare/trial.js';
import type { LoopSetting } from '../train/trials.js';

/** Steps of Breakout, seen as Gymnasium's AtariPreprocessing shows it, by actions that are known before. */
export interface StepTrial extends TrialAbout {
  readonly kind: 'step';
  readonly copies: number;
}

/** A whole agent at work, environment, memory and updates: convolutions of the Nature paper on Breakout. */
export interface LoopTrial extends TrialAbout {
  readonly kind: 'loop';
  readonly threads: number;
  readonly setting: Omit<LoopSetting, 'net_arch'>;
}

export type GameTrial = StepTrial | LoopTrial;

export const trials: readonly GameTrial[] = [
  // At most a tenth slower for one copy, no slower for eight.
  { kind: 'step', name: 'games/breakout-1', copies: 1, target: 1 / 1.1 },
  { kind: 'step', name: 'games/breakout-8', copies: 8, target: 1 },
  {
    kind: 'loop',
    name: 'games/loop-nature',
    threads: 2,
    target: null,
    setting: {
      learning_rate: 1e-4,
      batch_size: 32,
      buffer_size: 10_000,
      learning_starts: 200,
      gamma: 0.99,
      target_update_interval: 1000,
      train_freq: 4,
      gradient_steps: 1,
      exploration: 0.1,
    },
  },
];

export const unitOf = (trial: GameTrial): string =>
  trial.kind === 'step' ? 'agent steps/s' : 'environment steps/s';

/** Compared before anything is timed. */
export const checkedSteps = 400;
