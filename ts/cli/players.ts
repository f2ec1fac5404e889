import { carryingPolicy, floatPolicy, spikingPolicy } from '../agent/policies.js';
import type { Policy } from '../agent/policies.js';
import type { Environment } from '../env/env.js';
import type { Stage } from './environments.js';
import { mismatch } from '../errors.js';
import type { Network } from '../network.js';
import { Simulator } from '../simulator.js';
import type { Layout } from '../formats/layout.js';
import { loadNetwork } from './networks.js';
import type { NetworkFlags } from './networks.js';
import { simulationOptions } from './options.js';
import type { SimulationFlags } from './options.js';
import type { Terminal } from './terminal.js';

export interface PlayerFlags extends NetworkFlags, SimulationFlags {
  readonly episodes: number;
  readonly seed: number;
  readonly compare?: string;
  readonly spiking?: boolean;
  readonly carry?: boolean;
  readonly layout?: Layout;
}

export interface Players {
  readonly network: Network;
  /** Where it plays as a spiking one. */
  readonly simulator: Simulator | undefined;
  readonly policy: Policy;
  /** That of --compare. */
  readonly other: Policy | undefined;
}

/** The networks of a command line that plays, fit for the environment. */
export async function openPlayers(
  file: string,
  flags: PlayerFlags,
  { name, one: environment }: Stage,
  terminal: Terminal,
): Promise<Players> {
  const network = await loadNetwork(file, flags.layout, flags, terminal);
  const spiking = network.spiking || flags.spiking === true;
  const simulator = spiking ? new Simulator(network, simulationOptions(flags)) : undefined;
  const meantForSpikes = Object.keys(simulationOptions(flags)).some((name) => name !== 'threads');
  if (!spiking && meantForSpikes) {
    terminal.note(
      `${file} plays in float: options of a simulation have no effect but with --spiking`,
    );
  }
  fit(name, environment, simulator?.observationSize ?? network.inputSize, network.outputSize);
  const { episodes, seed, carry = false } = flags;
  if (carry && !simulator) terminal.note('--carry has no effect on a network that plays in float');
  const threads = flags.threads === undefined ? {} : { threads: flags.threads };
  const spikes = (played: Simulator): Policy =>
    carry ? carryingPolicy(played, episodes, seed) : spikingPolicy(played, seed);
  const policy = simulator ? spikes(simulator) : floatPolicy(network, threads);
  if (flags.compare === undefined) return { network, simulator, policy, other: undefined };
  const other = await loadNetwork(flags.compare, flags.layout, flags, terminal);
  if (other.spiking) throw mismatch('E_ARGUMENT', '--compare', 'a float network', flags.compare);
  fit(`${name}, --compare`, environment, other.inputSize, other.outputSize);
  return { network, simulator, policy, other: floatPolicy(other, threads) };
}

function fit(what: string, environment: Environment, inputs: number, outputs: number): void {
  const { size } = environment.observationSpace;
  if (inputs !== size) {
    throw mismatch('E_SHAPE', `network for ${what}`, `${size} inputs`, inputs);
  }
  const { count } = environment.actionSpace;
  if (outputs !== count) {
    throw mismatch('E_SHAPE', `network for ${what}`, `${count} outputs`, outputs);
  }
}
