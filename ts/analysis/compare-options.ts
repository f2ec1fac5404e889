import { conversionMethods, defaultCalibrationRows } from '../convert/index.js';
import type {
  CalibrationRows,
  ConversionMethod,
  LinearLayers,
  MethodOptions,
} from '../convert/index.js';
import { methodNamed } from '../convert/methods.js';
import { checkMostRows } from '../convert/rows.js';
import { mismatch, phrase } from '../errors.js';
import type { Observations } from '../network.js';

export type CompareStage = 'calibration' | 'conversion' | 'simulation' | 'analysis';

/** Where a comparison is; `total` is infinite while nobody knows how many rows will come. */
export interface CompareProgress {
  readonly stage: CompareStage;
  readonly method?: ConversionMethod;
  readonly done: number;
  readonly total: number;
}

/** What is said of a conversion here holds for every method that knows the option; the others are skipped. */
export interface CompareOptions extends Omit<MethodOptions, 'method' | 'steps'> {
  readonly calibration: CalibrationRows;
  /** Most rows of `calibration` to look at, from the start (default 20,000). */
  readonly calibrationRows?: number;
  /** Rows to score; left out, every tenth of `calibration` is held back for that. */
  readonly test?: Observations;
  /** The right output of each row of `test`, or of `calibration` where there is none. */
  readonly labels?: ArrayLike<number>;
  /** Default: all. */
  readonly methods?: readonly ConversionMethod[];
  /** Simulation times to score, ascending (default 10, 32, 50, 100, 200 and 500). */
  readonly times?: readonly number[];
  /** The one of them to calibrate for, rank at and analyse at (default: the middle one). */
  readonly steps?: number;
  /** What may be lost at the suggested T: of agreement or accuracy 0.005, of a single output 0.05 of its size. */
  readonly tolerance?: number;
  readonly linearLayers?: LinearLayers;
  readonly inputRange?: readonly [low: number, high: number];
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CompareProgress) => void;
}

export const compareOptionNames = [
  'calibration',
  'calibrationRows',
  'test',
  'labels',
  'methods',
  'times',
  'steps',
  'tolerance',
  'linearLayers',
  'inputRange',
  'threads',
  'signal',
  'onProgress',
  'percentile',
  'granularity',
  'initial',
  'burst',
  'maxPool',
];

export const defaultTimes: readonly number[] = [10, 32, 50, 100, 200, 500];

type Report = ((done: number, total: number) => void) | undefined;

export interface Comparing extends Pick<CompareOptions, 'linearLayers' | 'inputRange'> {
  readonly methods: readonly ConversionMethod[];
  readonly times: readonly number[];
  readonly steps: number;
  readonly tolerance: number | undefined;
  readonly calibrationRows: number;
  readonly conversion: Omit<MethodOptions, 'method' | 'steps'>;
  readonly job: { readonly threads?: number; readonly signal?: AbortSignal };
  readonly progress: (at: Omit<CompareProgress, 'done' | 'total'>) => Report;
}

export function readCompareOptions(options: CompareOptions): Comparing {
  const {
    methods = conversionMethods,
    times = defaultTimes,
    calibrationRows = defaultCalibrationRows,
    tolerance,
  } = options;
  checkTimes(times);
  const { steps = times[Math.floor(times.length / 2)]! } = options;
  if (!times.includes(steps)) {
    throw mismatch('E_ARGUMENT', "comparison option 'steps'", `one of ${times.join(', ')}`, steps);
  }
  if (!Array.isArray(methods) || methods.length === 0) {
    throw mismatch('E_ARGUMENT', "comparison option 'methods'", 'a list of methods', methods);
  }
  methods.forEach(methodNamed);
  checkMostRows(calibrationRows);
  if (tolerance !== undefined && !(tolerance >= 0 && tolerance <= 1)) {
    throw mismatch('E_RANGE', 'tolerance', 'a number from 0 to 1', tolerance);
  }
  const { percentile, granularity, initial, burst, maxPool } = options;
  const { linearLayers, inputRange, threads, signal, onProgress } = options;
  return {
    ...{ methods: [...new Set(methods)], times, steps, tolerance, calibrationRows },
    conversion: withoutGaps({ percentile, granularity, initial, burst, maxPool }),
    job: withoutGaps({ threads, signal }),
    ...withoutGaps({ linearLayers, inputRange }),
    progress: (at) =>
      onProgress &&
      ((done, total) => {
        onProgress({ ...at, done, total });
      }),
  };
}

type WithoutGaps<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

function withoutGaps<T extends object>(options: T): WithoutGaps<T> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as WithoutGaps<T>;
}

function checkTimes(times: readonly number[]): void {
  if (!Array.isArray(times) || times.length === 0) {
    const expected = 'a list of simulation times';
    throw mismatch('E_ARGUMENT', "comparison option 'times'", expected, times);
  }
  let before = 0;
  for (const time of times as readonly unknown[]) {
    if (!Number.isInteger(time) || (time as number) <= before) {
      const received = before === 0 ? time : phrase(`${String(time)} behind ${before}`);
      const expected = 'ascending whole numbers of at least 1';
      throw mismatch('E_RANGE', "comparison option 'times'", expected, received);
    }
    before = time as number;
  }
}
