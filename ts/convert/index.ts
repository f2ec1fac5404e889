import { checkNames } from '../check.js';
import type { Network } from '../network.js';
import { Calibration } from './calibration.js';
import { methodNamed } from './methods.js';
import { defaultCalibrationRows, methodOptionNames } from './options.js';
import type { ConvertOptions } from './options.js';

export { Calibration } from './calibration.js';
export type { AddOptions, CalibrationOptions } from './calibration.js';
export { conversionMethods, methods } from './methods.js';
export type { ConversionMethod, Granularity, MethodDefaults } from './methods.js';
export {
  defaultCalibrationRows,
  defaultPercentile,
  granularities,
  linearLayers,
  maxPools,
} from './options.js';
export type {
  CalibrationRows,
  ConvertOptions,
  LinearLayers,
  MaxPool,
  MethodOptions,
} from './options.js';

const ownNames = [
  'calibration',
  'calibrationRows',
  'linearLayers',
  'inputRange',
  'threads',
  'signal',
  'onProgress',
];

/**
 * Scales a float network's weights and turns its ReLUs into neurons. The result carries its scales in
 * `graph.conversion`; the float network's outputs are those of the scaled one times the last scale.
 *
 * ```ts
 * const spiking = await convert(network, { method: 'robust', percentile: 0.99, calibration });
 * ```
 */
export async function convert(network: Network, options: ConvertOptions = {}): Promise<Network> {
  checkNames(options, [...methodOptionNames, ...ownNames], 'convert option');
  const {
    calibration: rows,
    calibrationRows = defaultCalibrationRows,
    linearLayers,
    inputRange,
    threads,
    signal,
    onProgress,
    ...method
  } = options;
  const { needsData, scales, refine } = methodNamed(options.method ?? 'robust');
  const calibration = new Calibration(network, {
    histograms: scales === 'percentile' || scales === 'balance',
    ...(linearLayers !== undefined && { linearLayers }),
    ...(inputRange !== undefined && { inputRange }),
    ...(threads !== undefined && { threads }),
  });
  if (needsData && rows !== undefined) {
    await calibration.add(rows, { rows: calibrationRows, signal, onProgress });
  }
  return calibration.convert({ ...method, signal, onProgress: refine && onProgress });
}
