import type { TrialAbout } from '../compare/trial.js';

/** One observation after the other, of frames as large as those of the Atari 2600. */
export interface PreprocessTrial extends TrialAbout {
  readonly kind: 'patel' | 'mnih' | 'nature';
}

export const trials: readonly PreprocessTrial[] = [
  { name: 'preprocess/patel', kind: 'patel', target: 20 },
  { name: 'preprocess/mnih', kind: 'mnih', target: 20 },
  { name: 'preprocess/nature', kind: 'nature', target: null },
];

export const preprocessUnit = 'observations/s';

export const height = 210;
export const width = 160;
/** Frames that take turns. */
export const frameCount = 8;
