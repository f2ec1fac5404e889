import { checkNames } from '../check.js';
import { mismatch } from '../errors.js';
import { defaultIsa, defaultThreads } from '../native.js';
import type { Precision } from '../native.js';
import type { Network } from '../network.js';
import type { SimulationOptions } from '../simulator.js';
import { checkOptimiser } from './optimiser.js';
import type { GradientClip, Optimiser } from './optimiser.js';

export const surrogates = ['fast-sigmoid', 'arctan', 'sigmoid', 'piecewise'] as const;
export type SurrogateKind = (typeof surrogates)[number];

/** The derivative that stands in for that of a spike; `slope` is its k, left out 100. */
export interface Surrogate {
  readonly kind: SurrogateKind;
  readonly slope?: number;
}

export interface Trainable {
  /** Beside weights, biases, scales and shifts. */
  readonly thresholds?: boolean;
  readonly alpha?: boolean;
  readonly beta?: boolean;
  /** Names of nodes that keep what they have. */
  readonly frozen?: readonly string[];
}

export interface TrainerOptions<P extends Precision = Precision> {
  /** Left out, Adam with a learning rate of 0.001. */
  readonly optimiser?: Optimiser;
  readonly clip?: GradientClip;
  /** How a spiking network is simulated; a float network has none. */
  readonly simulation?: Omit<SimulationOptions, 'precision' | 'threads' | 'isa'>;
  readonly surrogate?: Surrogate;
  /** Whether gradients flow through the reset (default `detached`). */
  readonly reset?: 'detached' | 'attached';
  readonly trainable?: Trainable;
  readonly precision?: P;
  readonly threads?: number;
  readonly isa?: string;
  /** Of the Poisson encoding (default 0). */
  readonly seed?: number;
}

const names = [
  'optimiser',
  'clip',
  'simulation',
  'surrogate',
  'reset',
  'trainable',
  'threads',
  'isa',
  'seed',
];

/** The options as the addon takes them; `own` has the names and native values of one kind of trainer. */
export function trainerCall(
  network: Network,
  options: TrainerOptions,
  own: { readonly names: readonly string[]; readonly values: object },
): object {
  checkNames(options, [...names, ...own.names], 'trainer option');
  checkOptimiser(options.optimiser);
  const { threads = defaultThreads(), isa = defaultIsa(), reset = 'detached' } = options;
  if (!['detached', 'attached'].includes(reset)) {
    throw mismatch('E_ARGUMENT', "trainer option 'reset'", 'one of detached, attached', reset);
  }
  const { optimiser, clip, surrogate, trainable, seed } = options;
  const simulation = options.simulation ?? (network.spiking ? {} : undefined);
  return {
    ...{ optimiser, clip, simulation, surrogate, trainable, threads, isa, seed },
    attachedReset: reset === 'attached',
    ...own.values,
  };
}
