import { checkFloatArray, checkNames, rowsOf } from './check.js';
import { mismatch, phrase } from './errors.js';
import type { Conversion } from './graph.js';
import { defaultThreads, runJob } from './native.js';
import type { JobOptions, Observations } from './native.js';
import { Network } from './network.js';

/** How scales are found; `native/core/convert/normalise.h` has the formulas and their papers. */
export const conversionMethods = ['robust', 'data', 'model'] as const;
export type ConversionMethod = (typeof conversionMethods)[number];

/** What stands for a maximum over spikes; docs/simulation.md compares them. */
export const maxPools = ['gated', 'average', 'before-neurons'] as const;
export type MaxPool = (typeof maxPools)[number];

/** The published system looks at no more rows than these, in file order. */
export const defaultCalibrationRows = 20_000;
export const defaultPercentile = 0.99;

export interface ConvertOptions extends JobOptions {
  readonly method?: ConversionMethod;
  /** `robust` only: share of rows whose largest activation lies at or below the scale (default 0.99). */
  readonly percentile?: number;
  /** Observations laid end to end; `robust` and `data` need them, `model` makes no use of them. */
  readonly calibration?: Observations;
  /** Most rows of `calibration` to look at, from the start (default 20,000). */
  readonly calibrationRows?: number;
  /** For all max pools; left out, each does what its node says (`spikes`, by default gated). */
  readonly maxPool?: MaxPool;
  readonly threads?: number;
}

/**
 * Scales a float network's weights and turns its ReLUs into neurons. The result carries its scales in
 * `graph.conversion`; the float network's outputs are those of the scaled one times the last scale.
 *
 * ```ts
 * const spiking = await convert(network, { method: 'robust', percentile: 0.99, calibration });
 * ```
 */
export async function convert(network: Network, options: ConvertOptions = {}): Promise<Network> {
  const known = [
    'method',
    'percentile',
    'calibration',
    'calibrationRows',
    'maxPool',
    'threads',
    'signal',
    'onProgress',
  ];
  checkNames(options, known, 'convert option');
  const method = options.method ?? 'robust';
  if (!conversionMethods.includes(method)) {
    throw mismatch(
      'E_ARGUMENT',
      'convert method',
      `one of ${conversionMethods.join(', ')}`,
      method,
    );
  }
  const native = Network.nativeOf(network);
  if (network.spiking) {
    throw mismatch(
      'E_ARGUMENT',
      'network to convert',
      'a float network',
      phrase('one that is spiking already'),
    );
  }
  const observations =
    method === 'model' ? new Float32Array() : calibrationOf(network, options, method);
  const rows = observations.length / network.inputSize;
  const percentile = options.percentile ?? defaultPercentile;
  const { threads = defaultThreads(), maxPool } = options;
  const pools = maxPool === undefined ? {} : { maxPool };
  const { graph, scale } = await runJob(
    () => native.convert({ method, percentile, observations, rows, threads, ...pools }),
    options,
  );
  const conversion: Conversion = {
    method,
    ...(method === 'robust' ? { percentile } : {}),
    scale: Array.from(scale),
    ...(method === 'model' ? {} : { calibrationRows: rows }),
  };
  return Network.fromGraph({ ...graph, conversion });
}

function calibrationOf(network: Network, options: ConvertOptions, method: string): Observations {
  const { calibration, calibrationRows = defaultCalibrationRows } = options;
  if (calibration === undefined) {
    throw mismatch(
      'E_ARGUMENT',
      `calibration for method '${method}'`,
      'observations of the network',
      phrase('none'),
    );
  }
  checkFloatArray(calibration, 'calibration');
  if (!Number.isInteger(calibrationRows) || calibrationRows < 1) {
    throw mismatch('E_RANGE', 'calibrationRows', 'a whole number of at least 1', calibrationRows);
  }
  const rows = rowsOf(calibration, network.inputSize, 'calibration');
  return calibration.subarray(0, Math.min(rows, calibrationRows) * network.inputSize);
}
