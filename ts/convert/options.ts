import { checkNames } from '../check.js';
import { mismatch } from '../errors.js';
import type { JobOptions, Observations } from '../native.js';
import { methodNamed, methods } from './methods.js';
import type { ConversionMethod, Granularity, MethodDefaults } from './methods.js';

/** What stands for a maximum over spikes; docs/simulation.md compares them. */
export const maxPools = ['gated', 'average', 'before-neurons'] as const;
export type MaxPool = (typeof maxPools)[number];

/** What carries values between two layers with no ReLU between them: signed neurons, or the sums themselves. */
export const linearLayers = ['spikes', 'values'] as const;
export type LinearLayers = (typeof linearLayers)[number];

export const granularities: readonly Granularity[] = ['layer', 'channel'];

/** The published system looks at no more rows than these, in file order. */
export const defaultCalibrationRows = 20_000;
export const defaultPercentile = 0.99;

/** The settings of one conversion; those left out are the method's. */
export interface MethodOptions {
  readonly method?: ConversionMethod;
  /** Share of activations (`robust`: of rows) that lie at or below the scale. */
  readonly percentile?: number;
  /** One scale for each layer or for each channel; the published methods know layers only. */
  readonly granularity?: Granularity;
  /** Factor on every scale, for observations that the calibration has not seen (default 1, at least 1). */
  readonly headroom?: number;
  /** Potential before the first step as a share of the threshold: ½ halves the largest rounding error. */
  readonly initial?: number;
  /** Most spikes of a neuron in one step (default 1). */
  readonly burst?: number;
  /** The simulation time T that the network is calibrated for (default 100); some methods make no use of it. */
  readonly steps?: number;
  /** For all max pools; left out, each does what its node says (`spikes`, by default gated). */
  readonly maxPool?: MaxPool;
}

/** Rows laid end to end, or any number of such pieces. */
export type CalibrationRows = Observations | Iterable<Observations> | AsyncIterable<Observations>;

export interface ConvertOptions extends MethodOptions, JobOptions {
  /** All methods but the model's need observations like those that the network will meet. */
  readonly calibration?: CalibrationRows;
  /** Most rows of `calibration` to look at, from the start (default 20,000). */
  readonly calibrationRows?: number;
  /** Between layers without a ReLU (default `spikes`). */
  readonly linearLayers?: LinearLayers;
  /** `model-bound`: least and largest value of an observation (default 0 and 1). */
  readonly inputRange?: readonly [low: number, high: number];
  readonly threads?: number;
}

export const methodOptionNames = [
  'method',
  'percentile',
  'granularity',
  'headroom',
  'initial',
  'burst',
  'steps',
  'maxPool',
];

export interface Settings {
  readonly method: ConversionMethod;
  readonly defaults: MethodDefaults;
  readonly percentile: number | undefined;
  readonly granularity: Granularity;
  readonly headroom: number;
  readonly initial: number;
  readonly burst: number;
  readonly steps: number;
  readonly maxPool: MaxPool | undefined;
}

/** `data` is `robust` at 1 by definition. */
function takesPercentile(method: ConversionMethod): boolean {
  const { scales, refine }: MethodDefaults = methods[method];
  if (refine === 'refit' || refine === 'tuned') return false;
  return method !== 'data' && (scales === 'robust' || scales === 'percentile');
}

function headroomOf({ headroom = 1 }: MethodOptions): number {
  if (typeof headroom === 'number' && headroom >= 1 && headroom < Infinity) return headroom;
  throw mismatch('E_RANGE', 'headroom', 'a number of at least 1', headroom);
}

export function settingsOf(options: MethodOptions): Settings {
  checkNames(options, methodOptionNames, 'convert option');
  const method = options.method ?? 'robust';
  const defaults = methodNamed(method);
  const granularity = options.granularity ?? defaults.granularity ?? 'layer';
  if (!granularities.includes(granularity)) {
    throw mismatch('E_ARGUMENT', 'granularity', granularities.join(' or '), granularity);
  }
  const published = ['robust', 'model', 'model-bound'].includes(defaults.scales);
  if (published && granularity !== 'layer') {
    const what = `granularity of method '${method}'`;
    throw mismatch('E_UNSUPPORTED', what, "'layer', as it was published", granularity);
  }
  if (defaults.refine === 'refit' || defaults.refine === 'tuned') {
    for (const name of ['percentile', 'initial', 'granularity', 'headroom'] as const) {
      if (options[name] === undefined) continue;
      const what = `${name} of method '${method}'`;
      throw mismatch('E_UNSUPPORTED', what, 'none: the method finds its own', options[name]);
    }
  }
  return {
    method,
    defaults,
    percentile: takesPercentile(method) ? (options.percentile ?? defaults.percentile) : undefined,
    granularity,
    headroom: headroomOf(options),
    initial: options.initial ?? defaults.initial ?? 0,
    burst: options.burst ?? 1,
    steps: options.steps ?? 100,
    maxPool: options.maxPool,
  };
}
