import { calibrationFromEnv } from '../../ts/agent/calibration.js';
import type { DqnParameters } from '../../ts/agent/dqn-parameters.js';
import { evaluate } from '../../ts/agent/evaluate.js';
import type { Evaluation } from '../../ts/agent/evaluate.js';
import { floatPolicy, spikingPolicy } from '../../ts/agent/policies.js';
import { simulationOf } from '../../ts/agent/trainer-options.js';
import { Calibration } from '../../ts/convert/index.js';
import type { ConversionMethod } from '../../ts/convert/index.js';
import { seedOf, streams } from '../../ts/env/philox.js';
import type { Arena } from '../../ts/experiments/arena.js';
import type { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';

interface ScoreOptions {
  readonly episodes: number;
  readonly threads: number;
}

/** What a recipe tells of play. */
export interface Score {
  readonly episodes: number;
  readonly epsilon: number;
  readonly seed: number;
  readonly mean: number;
  readonly std: number | null;
  readonly least: number;
  readonly most: number;
  readonly steps: number;
  /** Of each episode, in the order of their seeds. */
  readonly returns: readonly number[];
}

function told(
  { returns, mean, std, steps }: Evaluation,
  episodes: number,
  epsilon: number,
  seed: number,
): Score {
  const [least, most] = [Math.min(...returns), Math.max(...returns)];
  return { episodes, epsilon, seed, mean, std, least, most, steps, returns };
}

/** As it is: in float, or in spikes where it was trained in spikes. */
export async function scorePlain(
  network: Network,
  parameters: DqnParameters,
  environment: Arena['scoring'],
  { episodes, threads }: ScoreOptions,
): Promise<Score> {
  const { testEpsilon: epsilon } = parameters;
  const seed = seedOf(parameters.seed, streams.score, 0);
  const simulation = simulationOf(parameters);
  const simulator = simulation && new Simulator(network, { ...simulation, threads });
  const { act } = simulator ? spikingPolicy(simulator) : floatPolicy(network, { threads });
  const played = await evaluate({ environment, act, episodes, seed, epsilon });
  simulator?.close();
  return told(played, episodes, epsilon, seed);
}

/** What the float network sees in episodes whose seeds are not those of a score. */
export async function calibrated(
  network: Network,
  parameters: DqnParameters,
  { scoring }: Pick<Arena, 'scoring'>,
  { episodes, threads }: ScoreOptions,
): Promise<Calibration> {
  const calibration = new Calibration(network, { threads });
  const rows = calibrationFromEnv(network, {
    environment: scoring,
    episodes,
    seed: seedOf(parameters.seed, streams.validation, 2),
    epsilon: parameters.testEpsilon,
    threads,
  });
  await calibration.add(rows, { rows: Infinity });
  return calibration;
}

export interface Conversion {
  readonly method: ConversionMethod;
  /** Left out: the method's own. */
  readonly percentile?: number;
  readonly headroom: number;
  readonly steps: number;
  /** Most spikes of a neuron in a step. */
  readonly burst: number;
}

export interface ConvertedScore extends Score, Omit<Conversion, 'steps'> {
  readonly T: number;
  readonly calibrationRows: number;
  /** Share of actions that are the float network's. */
  readonly similarity: number;
}

/** Converted, and compared with the float network at every step that was not drawn. */
export async function scoreConverted(
  calibration: Calibration,
  conversion: Conversion,
  parameters: DqnParameters,
  { scoring: environment }: Pick<Arena, 'scoring'>,
  { episodes, threads }: ScoreOptions,
): Promise<ConvertedScore> {
  const { testEpsilon: epsilon } = parameters;
  const seed = seedOf(parameters.seed, streams.score, 0);
  const { steps: T, ...settings } = conversion;
  const spiking = await calibration.convert(conversion);
  const simulator = new Simulator(spiking, { steps: T, threads });
  const { act } = spikingPolicy(simulator);
  const compareWith = floatPolicy(calibration.network, { threads }).act;
  const played = await evaluate({ environment, act, compareWith, episodes, seed, epsilon });
  simulator.close();
  const calibrationRows = calibration.rows;
  const similarity = played.similarity!;
  return { T, ...settings, calibrationRows, similarity, ...told(played, episodes, epsilon, seed) };
}
