import { evaluate } from '../agent/evaluate.js';
import type { Evaluation } from '../agent/evaluate.js';
import type { NetworkParameters } from '../agent/network-parameters.js';
import { floatPolicy, spikingPolicy } from '../agent/policies.js';
import { simulationOf } from '../agent/trainer-options.js';
import type { Environment } from '../env/env.js';
import type { EnvironmentGroup } from '../env/group.js';
import { seedOf, streams } from '../env/philox.js';
import type { Network } from '../network.js';
import { Simulator } from '../simulator.js';

/** Greedy episodes of a score, of seeds that neither trained nor chose the network. */
export const scoreEpisodes = 100;
/** As the published agents were tested. */
export const scoreSteps = 500;

export async function scoreOf(
  network: Network,
  parameters: NetworkParameters & { readonly seed: number; readonly testEpsilon?: number },
  environment: (() => Environment) | EnvironmentGroup,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const simulation = simulationOf(parameters);
  const simulator = simulation && new Simulator(network, { ...simulation, threads: 1 });
  try {
    const policy = simulator ? spikingPolicy(simulator) : floatPolicy(network, { threads: 1 });
    return await evaluate({
      environment,
      act: policy.act,
      episodes: scoreEpisodes,
      seed: seedOf(parameters.seed, streams.score, 0),
      epsilon: parameters.testEpsilon ?? 0,
      ...(signal && { signal }),
    });
  } finally {
    simulator?.close();
  }
}
