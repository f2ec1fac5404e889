import { checkNames } from '../check.js';
import { mismatch } from '../errors.js';
import type { Network } from '../network.js';
import type { SimulationOptions } from '../simulator.js';

/** How a network is simulated elsewhere: the names are those of `SimulationOptions`. */
export interface BridgeModelOptions {
  /** Simulation time T (default 100). */
  readonly steps?: number;
  readonly semantics?: 'direct' | 'dsqn';
  /** Left out, the graph decides. */
  readonly reset?: 'subtraction' | 'zero';
  readonly threshold?: number;
  /** Replaces the graph's ε (direct semantics), here and in the back end. */
  readonly epsilon?: number;
  readonly decoding?: 'potential' | 'spikes';
  /** Appends the constant 1 to each observation; the network's last input is its weight. */
  readonly biasAsObservation?: boolean;
  /** Largest number of connections that the network may become (default 16,000,000). */
  readonly mostConnections?: number;
}

export const modelOptionNames = [
  'steps',
  'semantics',
  'reset',
  'threshold',
  'epsilon',
  'decoding',
  'biasAsObservation',
  'mostConnections',
] as const satisfies readonly (keyof BridgeModelOptions)[];

/** Those of an object that may hold others, the ones left out not at all. */
export function modelOptionsOf(options: BridgeModelOptions): BridgeModelOptions {
  const given = modelOptionNames.map((name) => [name, options[name]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** In double precision they are a message of 256 MiB, each with its two ends. */
export const defaultMostConnections = 16_000_000;
export const defaultSteps = 100;
/** What the neurons of a graph have that says none. */
export const defaultEpsilon = 1e-5;

const choices = {
  semantics: ['direct', 'dsqn'],
  reset: ['subtraction', 'zero'],
  decoding: ['potential', 'spikes'],
} as const;

export function checkModelOptions(options: BridgeModelOptions): void {
  checkNames(options, modelOptionNames, 'bridge option');
  for (const [name, known] of Object.entries(choices)) {
    const value = options[name as keyof typeof choices];
    if (value === undefined || (known as readonly string[]).includes(value)) continue;
    throw mismatch('E_ARGUMENT', `bridge option '${name}'`, known.join(' | '), value);
  }
  const { mostConnections = 1 } = options;
  if (!Number.isSafeInteger(mostConnections) || mostConnections < 1) {
    const what = "bridge option 'mostConnections'";
    throw mismatch('E_RANGE', what, 'a whole number of at least 1', mostConnections);
  }
}

/** The same simulation on spiq's own engine, in double precision. */
export function referenceOptions(options: BridgeModelOptions): SimulationOptions<'float64'> {
  const { steps, semantics, reset, threshold, epsilon, decoding, biasAsObservation } = options;
  return {
    precision: 'float64',
    ...(steps !== undefined && { steps }),
    ...(semantics && { semantics }),
    ...(reset && { reset }),
    ...(threshold !== undefined && { threshold }),
    ...(epsilon !== undefined && { epsilon }),
    ...(decoding && { decoding }),
    ...(biasAsObservation !== undefined && { biasAsObservation }),
  };
}

/** A network and how it is simulated. */
export interface BridgeSubject extends BridgeModelOptions {
  readonly network: Network;
}
