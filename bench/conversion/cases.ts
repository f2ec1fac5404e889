import path from 'node:path';
import type { ConversionMethod } from '../../ts/convert/index.js';
import { readNpzFile, toFloat64 } from '../../ts/formats/npz/index.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';

/** Published networks and the recorded observations that go with each. */
const replays = {
  cartpole_a_classifier: 'cartpole_a_dqn',
  cartpole_a_dqn: 'cartpole_a_dqn',
  cartpole_b_dqn: 'cartpole_a_dqn',
  mountaincar_b_dqn: 'mountaincar_b_dqn',
} as const;

export type NetName = keyof typeof replays;
export const netNames = Object.keys(replays) as NetName[];

export const stepsTried = [10, 32, 50, 100, 200, 500] as const;

export interface MethodCase {
  readonly method: ConversionMethod;
  readonly burst?: number;
  /** Calibrated on all rows, those it is scored on included, as published. */
  readonly seesAll?: boolean;
  /** The largest T of interest. */
  readonly most?: number;
}

export const methodCases: readonly MethodCase[] = [
  { method: 'robust', seesAll: true },
  { method: 'robust' },
  { method: 'channel-percentile' },
  { method: 'channel-maximum' },
  { method: 'balance' },
  { method: 'bias-shift' },
  { method: 'potentials' },
  { method: 'refit' },
  { method: 'tuned' },
  { method: 'refit', burst: 32, most: 100 },
];

export function nameOf({ method, burst, seesAll }: MethodCase): string {
  const bursts = burst === undefined ? '' : ` k=${burst}`;
  return `${method}${bursts}${seesAll === true ? ' (all rows, as published)' : ''}`;
}

export interface ConversionCase {
  readonly network: Network;
  readonly rows: Float64Array;
  readonly calibration: Float64Array;
  readonly test: Float64Array;
  /** The float network's outputs on the held-back rows. */
  readonly wanted: ArrayLike<number>;
}

/** Every tenth row. */
export const heldBack = (rows: Float64Array, width: number): Float64Array =>
  select(rows, width, (row) => row % 10 === 0);

export async function loadCase(fixtures: string, net: NetName): Promise<ConversionCase> {
  const network = await Network.load(path.join(fixtures, 'nets', `${net}.onnx`));
  const width = network.inputSize;
  const file = path.join(fixtures, 'replay', replays[net], 'memory_inputs.npz');
  const rows = toFloat64(readNpzFile(file).get('arr_0')).data;
  const calibration = select(rows, width, (row) => row % 10 !== 0);
  const test = heldBack(rows, width);
  return { network, rows, calibration, test, wanted: await network.forward(test) };
}

/** The share of held-back rows at which both networks' largest output is the same. */
export async function similarityTo(
  { network, test, wanted }: ConversionCase,
  spiking: Network,
  steps: number,
): Promise<number> {
  const simulator = new Simulator(spiking, { steps });
  const { out } = await simulator.run(test);
  simulator.close();
  const width = network.outputSize;
  const rows = out.length / width;
  let same = 0;
  for (let row = 0; row < rows; row += 1) {
    if (largestAt(out, row * width, width) === largestAt(wanted, row * width, width)) same += 1;
  }
  return same / rows;
}

function largestAt(values: ArrayLike<number>, first: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i += 1) if (values[first + i]! > values[first + best]!) best = i;
  return best;
}

function select(rows: Float64Array, width: number, wanted: (row: number) => boolean): Float64Array {
  const kept: number[] = [];
  for (let row = 0; row < rows.length / width; row += 1) {
    if (wanted(row)) kept.push(...rows.subarray(row * width, (row + 1) * width));
  }
  return Float64Array.from(kept);
}
