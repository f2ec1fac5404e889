import { mismatch } from '../errors.js';

export type Granularity = 'layer' | 'channel';

/** What distinguishes a method; everything here can be set apart from it, too. */
export interface MethodDefaults {
  /** How scales are found: the names that `native/binding/scale_call.cc` knows. */
  readonly scales: 'robust' | 'model' | 'model-bound' | 'percentile' | 'balance';
  readonly percentile?: number;
  readonly granularity?: Granularity;
  /** Potential before the first step, as a share of the threshold. */
  readonly initial?: number;
  /** What is made of the scaled network by simulating it: the names that `native/binding/refine_call.cc` knows. */
  readonly refine?: 'bias-shift' | 'potentials' | 'refit' | 'tuned';
  readonly needsData: boolean;
  /** Where it was published, for tables and reports. */
  readonly source: string;
}

const rueckauer = 'Rueckauer et al., Front. Neurosci. 2017';
const li = 'Li et al., ICML 2021';
const hahn = 'Hahn, Deep Spiking Q-Networks, 2020';

/** Each in its own file under `native/core/convert/methods`, with its paper. */
export const methods = {
  robust: { scales: 'robust', percentile: 0.99, needsData: true, source: hahn },
  data: { scales: 'robust', percentile: 1, needsData: true, source: hahn },
  model: { scales: 'model', needsData: false, source: hahn },
  'model-bound': { scales: 'model-bound', needsData: false, source: 'Diehl et al., IJCNN 2015' },
  percentile: { scales: 'percentile', percentile: 0.999, needsData: true, source: rueckauer },
  'channel-percentile': {
    scales: 'percentile',
    percentile: 0.999,
    granularity: 'channel',
    initial: 0.5,
    needsData: true,
    source: `${rueckauer}; half threshold: Bu et al., ICLR 2022`,
  },
  'channel-maximum': {
    scales: 'percentile',
    percentile: 1,
    granularity: 'channel',
    initial: 0.5,
    needsData: true,
    source: 'per channel maximum; half threshold: Bu et al., ICLR 2022',
  },
  balance: {
    scales: 'balance',
    granularity: 'channel',
    initial: 0.5,
    needsData: true,
    source: 'after Bu et al., CVPR 2025 (local threshold balancing)',
  },
  'bias-shift': {
    scales: 'percentile',
    percentile: 0.999,
    granularity: 'channel',
    initial: 0.5,
    refine: 'bias-shift',
    needsData: true,
    source: `${li} (SNN calibration, light)`,
  },
  potentials: {
    scales: 'percentile',
    percentile: 0.999,
    granularity: 'channel',
    initial: 0.5,
    refine: 'potentials',
    needsData: true,
    source: `${li} (SNN calibration, initial potentials)`,
  },
  refit: {
    scales: 'percentile',
    percentile: 0.999,
    granularity: 'channel',
    initial: 0.5,
    refine: 'refit',
    needsData: true,
    source: `layer-wise least squares on simulated rates, after ${li}`,
  },
  tuned: {
    scales: 'percentile',
    percentile: 0.999,
    granularity: 'channel',
    initial: 0.5,
    refine: 'tuned',
    needsData: true,
    source: `refit, then training on rates, after Wu et al., IEEE TNNLS 2021`,
  },
} as const satisfies Readonly<Record<string, MethodDefaults>>;

export type ConversionMethod = keyof typeof methods;

export const conversionMethods = Object.keys(methods) as ConversionMethod[];

export function methodNamed(name: unknown): MethodDefaults {
  if (typeof name === 'string' && Object.hasOwn(methods, name)) {
    return methods[name as ConversionMethod];
  }
  throw mismatch('E_ARGUMENT', 'convert method', `one of ${conversionMethods.join(', ')}`, name);
}
