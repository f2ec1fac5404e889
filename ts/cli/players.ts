import { carryingPolicy, floatPolicy, spikingPolicy } from '../agent/policies.js';
import type { Policy } from '../agent/policies.js';
import type { BridgeBackendName } from '../bridge/backends.js';
import { openBridge } from '../bridge/open.js';
import { bridgePolicy } from '../bridge/policy.js';
import { modelOptionsOf } from '../bridge/options.js';
import type { Environment } from '../env/env.js';
import type { Stage } from './environments.js';
import { mismatch, phrase } from '../errors.js';
import type { Network } from '../network.js';
import { Simulator } from '../simulator.js';
import type { Layout } from '../formats/layout.js';
import { startOptions, withProtocol } from './bridge-options.js';
import type { ModelFlags, ProtocolFlags } from './bridge-options.js';
import { loadNetwork } from './networks.js';
import type { NetworkFlags } from './networks.js';
import { simulationOptions } from './options.js';
import type { SimulationFlags } from './options.js';
import type { Terminal } from './terminal.js';

export interface PlayerFlags extends NetworkFlags, SimulationFlags, ProtocolFlags {
  readonly backend?: BridgeBackendName;
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
  readonly spiking: boolean;
  readonly policy: Policy;
  /** That of --compare. */
  readonly other: Policy | undefined;
  close(): Promise<void>;
}

/** Copies of the network in another simulator: most episodes that are played side by side have one each. */
const bridgeCopies = 16;

/** The networks of a command line that plays, fit for the environment. */
export async function openPlayers(
  file: string,
  given: PlayerFlags,
  { name, one: environment }: Stage,
  terminal: Terminal,
): Promise<Players> {
  const flags = withProtocol(given);
  const network = await loadNetwork(file, flags.layout, flags, terminal);
  const spiking = network.spiking || flags.spiking === true;
  const meantForSpikes = Object.keys(simulationOptions(flags)).some(
    (option) => option !== 'threads',
  );
  if (!spiking && (meantForSpikes || flags.backend !== undefined)) {
    const what = flags.backend === undefined ? 'options of a simulation have' : '--backend has';
    terminal.note(`${file} plays in float: ${what} no effect but with --spiking`);
  }
  const { carry = false, compare } = flags;
  if (carry && !spiking) terminal.note('--carry has no effect on a network that plays in float');
  const main = await openMain(network, spiking, flags, terminal);
  try {
    fit(name, environment, main.inputs, network.outputSize);
    const { policy, close } = main;
    if (compare === undefined) return { network, spiking, policy, other: undefined, close };
    const other = await loadNetwork(compare, flags.layout, flags, terminal);
    if (other.spiking) throw mismatch('E_ARGUMENT', '--compare', 'a float network', compare);
    fit(`${name}, --compare`, environment, other.inputSize, other.outputSize);
    return { network, spiking, policy, other: floatPolicy(other, threadsOf(flags)), close };
  } catch (error) {
    await main.close();
    throw error;
  }
}

interface Main {
  readonly policy: Policy;
  readonly inputs: number;
  readonly close: () => Promise<void>;
}

async function openMain(
  network: Network,
  spiking: boolean,
  flags: PlayerFlags,
  terminal: Terminal,
): Promise<Main> {
  const close = (): Promise<void> => Promise.resolve();
  if (!spiking) {
    return { policy: floatPolicy(network, threadsOf(flags)), inputs: network.inputSize, close };
  }
  if (flags.backend !== undefined) return openElsewhere(network, flags.backend, flags, terminal);
  const simulator = new Simulator(network, simulationOptions(flags));
  const { episodes, seed, carry = false } = flags;
  const policy = carry ? carryingPolicy(simulator, episodes, seed) : spikingPolicy(simulator, seed);
  return { policy, inputs: simulator.observationSize, close };
}

/** Options of our own simulator that other simulators do not have. */
const ownOptions = ['alpha', 'beta', 'twoInputNeurons', 'precision', 'isa'] as const;

async function openElsewhere(
  network: Network,
  backend: BridgeBackendName,
  flags: PlayerFlags,
  terminal: Terminal,
): Promise<Main> {
  const { encoding = 'constant', decoding, reset, carry, backendOption } = flags;
  const refuse = (option: string, expected: string, received: unknown): never => {
    throw mismatch('E_UNSUPPORTED', `--${option} beside --backend`, expected, received);
  };
  if (carry === true) refuse('carry', 'potentials that start anew', phrase('others'));
  if (encoding !== 'constant') refuse('encoding', 'constant', encoding);
  for (const name of ownOptions) {
    if (flags[name] !== undefined) refuse(name, 'none', flags[name]);
  }
  if (decoding !== undefined && decoding !== 'potential' && decoding !== 'spikes') {
    return refuse('decoding', 'potential or spikes', decoding);
  }
  if (reset === 'value') return refuse('reset', 'subtraction or zero', reset);
  const bridge = await openBridge({
    network,
    backend,
    ...modelOptionsOf({ ...flags, decoding, reset } as ModelFlags),
    ...startOptions(flags, terminal),
    copies: Math.min(flags.episodes, bridgeCopies),
    ...(backendOption && { backendOptions: backendOption }),
  });
  return {
    policy: bridgePolicy(bridge),
    inputs: bridge.observationSize,
    close: async () => bridge.close(),
  };
}

function threadsOf({ threads }: PlayerFlags): { readonly threads?: number } {
  return threads === undefined ? {} : { threads };
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
