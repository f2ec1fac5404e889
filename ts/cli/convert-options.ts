import { Option } from 'commander';
import type { Command } from 'commander';
import {
  conversionMethods,
  defaultCalibrationRows,
  defaultPercentile,
  granularities,
  linearLayers,
  maxPools,
} from '../convert/index.js';
import type { ConversionMethod, Granularity, LinearLayers, MaxPool } from '../convert/index.js';
import type { Layout } from '../formats/layout.js';
import { addViewOptions } from './environments.js';
import type { ViewFlags } from './environments.js';
import type { NetworkFlags } from './networks.js';
import {
  layoutOption,
  realNumber,
  realRange,
  rowCount,
  wholeNumber,
  wholeNumbers,
} from './options.js';

export const allMethods = 'all';

export interface ConvertFlags extends NetworkFlags, ViewFlags {
  readonly method: ConversionMethod | typeof allMethods;
  readonly percentile?: number;
  readonly granularity?: Granularity;
  readonly initial?: number;
  readonly headroom?: number;
  readonly burst?: number;
  readonly steps?: readonly number[];
  readonly rankAt?: number;
  readonly linearLayers?: LinearLayers;
  readonly inputRange?: readonly [number, number];
  readonly maxPool?: MaxPool;
  readonly calibration?: string;
  readonly calibrationRows: number;
  readonly test?: string;
  readonly labels?: string;
  readonly report?: string;
  readonly output?: string;
  readonly layout?: Layout;
  readonly netLayout?: Layout;
  readonly seed: number;
  readonly threads?: number;
}

export function addConvertOptions(command: Command): Command {
  addMethodOptions(command);
  return addViewOptions(command)
    .option(
      '--calibration <source>',
      'observations: FILE[:key] of .npz or .npy, a replay folder, or env:NAME[:EPISODES]',
    )
    .option(
      '--calibration-rows <n>',
      "look at no more than the first n rows, or at 'all'",
      rowCount,
      defaultCalibrationRows,
    )
    .option('--seed <n>', 'seed of env: calibration', wholeNumber, 0)
    .option('--report <file>', 'write a page, .html, that compares with the float network')
    .option(
      '--test <file[:key]>',
      'all, --report: observations to score (default: every tenth of the calibration, held back)',
    )
    .option('--labels <file[:key]>', 'all, --report: the right output of each of them')
    .option(
      '--rank-at <n>',
      'all, --report: which of the steps ranks and is calibrated for (default: the middle one)',
      wholeNumber,
    )
    .addOption(layoutOption('--layout <name>', 'how matrices lie in OUT.npz (default: out-in)'))
    .addOption(layoutOption('--net-layout <name>', 'how matrices lie in an .npz of bare weights'));
}

function addMethodOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--method <name>', 'how the scales are found; all: compare them and keep the best')
        .choices([...conversionMethods, allMethods])
        .default('robust'),
    )
    .option(
      '--percentile <p>',
      `share of rows (robust, default ${defaultPercentile}) or activations that a scale covers`,
      realNumber,
    )
    .addOption(
      new Option('--granularity <name>', "a scale for each (default: the method's own)").choices(
        granularities,
      ),
    )
    .option(
      '--headroom <x>',
      'factor on every scale, for what the calibration has not seen (default: 1)',
      realNumber,
    )
    .option(
      '--initial <x>',
      "potential at the beginning, as a share of the threshold (default: the method's own)",
      realNumber,
    )
    .option('--burst <n>', 'most spikes of a neuron in a step (default: 1)', wholeNumber)
    .option(
      '-T, --steps <n[,n…]>',
      'simulation time to calibrate for (default: 100); all, --report: those to score',
      wholeNumbers,
    )
    .addOption(
      new Option(
        '--linear-layers <name>',
        'what runs between layers without a ReLU (default: spikes)',
      ).choices(linearLayers),
    )
    .option(
      '--input-range <low,high>',
      'model-bound: least and largest value of an observation (default: 0,1)',
      realRange,
    )
    .addOption(
      new Option('--max-pool <name>', 'what stands for a maximum over spikes').choices(maxPools),
    );
}

type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** What the flags say of a conversion, in the façade's words. */
export function conversionOptions(flags: ConvertFlags) {
  const { percentile, granularity, headroom, initial, burst, maxPool } = flags;
  const { linearLayers: between, inputRange, threads } = flags;
  const settings = { percentile, granularity, headroom, initial, burst, maxPool };
  const all = { ...settings, inputRange, threads, linearLayers: between };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Given<typeof all>;
}
