import type { TrialAbout } from '../compare/trial.js';
import type { NetName } from '../simulate/nets.js';

interface Training extends TrialAbout {
  readonly threads: number;
}

/** Adam on the cross entropy of a spiking network's potentials after T steps, backpropagated through time. */
export interface SurrogateTrial extends Training {
  readonly kind: 'surrogate';
  readonly net: NetName;
  readonly batch: number;
  readonly steps: number;
}

/** An update of a float Q-network on a batch of transitions, the target network's values included. */
export interface DqnTrial extends Training {
  readonly kind: 'dqn';
  readonly net: NetName;
  readonly batch: number;
  readonly loss: 'mse' | 'huber';
  readonly optimiser: 'adam' | 'rmsprop';
}

/** The whole loop on CartPole: acting, remembering, sampling, learning. */
export interface LoopTrial extends Training {
  readonly kind: 'loop';
  readonly setting: LoopSetting;
}

/** Both sides' settings, in Stable-Baselines3's words. */
export interface LoopSetting {
  readonly net_arch: readonly [number, number];
  readonly learning_rate: number;
  readonly batch_size: number;
  readonly buffer_size: number;
  readonly learning_starts: number;
  readonly gamma: number;
  readonly target_update_interval: number;
  readonly train_freq: number;
  readonly gradient_steps: number;
  /** Share of random actions, the same throughout, so that early and late samples do the same. */
  readonly exploration: number;
}

export type TrainTrial = SurrogateTrial | DqnTrial | LoopTrial;

const surrogate = { kind: 'surrogate', steps: 20 } as const;
const dqn = { kind: 'dqn' } as const;
const loop = { kind: 'loop', threads: 1 } as const;

export const trials: readonly TrainTrial[] = [
  {
    ...surrogate,
    name: 'train/surrogate-tiny',
    net: 'cartpole-17',
    batch: 50,
    threads: 1,
    target: 60,
  },
  { ...surrogate, name: 'train/surrogate-patel', net: 'patel', batch: 32, threads: 2, target: 12 },
  { ...surrogate, name: 'train/surrogate-nature', net: 'nature', batch: 32, threads: 2, target: 4 },
  {
    ...dqn,
    name: 'train/dqn-tiny',
    net: 'cartpole',
    batch: 128,
    threads: 1,
    loss: 'mse',
    optimiser: 'adam',
    target: 20,
  },
  {
    ...dqn,
    name: 'train/dqn-nature',
    net: 'nature',
    batch: 32,
    threads: 2,
    loss: 'huber',
    optimiser: 'rmsprop',
    target: 1.5,
  },
  {
    ...loop,
    name: 'train/loop-cartpole',
    target: 40,
    setting: {
      net_arch: [16, 16],
      learning_rate: 1e-3,
      batch_size: 128,
      buffer_size: 100_000,
      learning_starts: 500,
      gamma: 0.99,
      target_update_interval: 1000,
      train_freq: 1,
      gradient_steps: 1,
      exploration: 0.05,
    },
  },
  {
    ...loop,
    name: 'train/loop-cartpole-zoo',
    target: null,
    // The settings of rl-baselines3-zoo, but for the exploration that stays.
    setting: {
      net_arch: [256, 256],
      learning_rate: 2.3e-3,
      batch_size: 64,
      buffer_size: 100_000,
      learning_starts: 1000,
      gamma: 0.99,
      target_update_interval: 10,
      train_freq: 256,
      gradient_steps: 128,
      exploration: 0.04,
    },
  },
];

export const unitOf = ({ kind }: TrainTrial): string =>
  kind === 'loop' ? 'steps of the environment/s' : 'updates/s';
