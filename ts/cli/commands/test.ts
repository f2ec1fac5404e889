import { Option } from 'commander';
import type { Command } from 'commander';
import { evaluate } from '../../agent/evaluate.js';
import { carryingPolicy, floatPolicy, spikingPolicy } from '../../agent/policies.js';
import { environmentNames, makeEnvironment } from '../../env/registry.js';
import type { EnvironmentName } from '../../env/registry.js';
import { mismatch } from '../../errors.js';
import type { Layout } from '../../formats/layout.js';
import { Simulator } from '../../simulator.js';
import { addNetworkOptions, describeNetwork, loadNetwork } from '../networks.js';
import type { NetworkFlags } from '../networks.js';
import {
  addCommonOptions,
  addSimulationOptions,
  layoutOption,
  simulationOptions,
  wholeNumber,
} from '../options.js';
import type { SimulationFlags } from '../options.js';
import { short, table } from '../table.js';
import type { Terminal } from '../terminal.js';

interface Flags extends NetworkFlags, SimulationFlags {
  readonly env: EnvironmentName;
  readonly episodes: number;
  readonly maxSteps?: number;
  readonly compare?: string;
  readonly spiking?: boolean;
  readonly carry?: boolean;
  readonly layout?: Layout;
  readonly seed: number;
}

const examples = `
A converted network plays as a spiking one; a float network plays in float unless --spiking is given.
Similarity is the share of steps on which the network of --compare would have done the same.

Examples:
  $ spiq test net.onnx --episodes 100
  $ spiq test snn.npz --compare net.onnx -T 100 --episodes 100 --json
  $ spiq test weights.npz --layout in-out --spiking --semantics dsqn -T 20 --bias-as-observation`;

export function define(command: Command, terminal: Terminal): void {
  const base = command
    .argument('<network>', 'ONNX or NIR file, spiq .npz, or .npz of weights alone')
    .addOption(
      new Option('--env <name>', 'environment to play')
        .choices(environmentNames)
        .default('cart-pole'),
    )
    .option('--episodes <n>', 'episodes, played side by side', wholeNumber, 100)
    .option(
      '--max-steps <n>',
      "longest episode (default: the environment's own limit)",
      wholeNumber,
    )
    .option('--compare <network>', 'float network whose actions are compared')
    .option('--spiking', 'play a float network as spiking, as it stands')
    .option('--carry', 'potentials outlast a decision instead of starting anew (CRPI)')
    .addOption(layoutOption('--layout <name>', 'how matrices lie in an .npz of bare weights'))
    .option('--seed <n>', 'episode k is reset with seed + k', wholeNumber, 0);
  addCommonOptions(addNetworkOptions(addSimulationOptions(base)))
    .addHelpText('after', examples)
    .action(async (file: string, flags: Flags) => run(file, flags, terminal));
}

async function run(file: string, flags: Flags, terminal: Terminal): Promise<void> {
  const network = await loadNetwork(file, flags.layout, flags, terminal);
  const other =
    flags.compare === undefined
      ? undefined
      : await loadNetwork(flags.compare, flags.layout, flags, terminal);
  if (other?.spiking === true)
    throw mismatch('E_ARGUMENT', '--compare', 'a float network', flags.compare);
  const spiking = network.spiking || flags.spiking === true;
  const simulator = spiking ? new Simulator(network, simulationOptions(flags)) : undefined;
  const meantForSpikes = Object.keys(simulationOptions(flags)).some((name) => name !== 'threads');
  if (!spiking && meantForSpikes) {
    terminal.note(
      `${file} plays in float: options of a simulation have no effect but with --spiking`,
    );
  }
  const inputs = simulator?.observationSize ?? network.inputSize;
  const environment = makeEnvironment(flags.env, flags.maxSteps);
  const { size } = environment().observationSpace;
  if (inputs !== size) {
    throw mismatch('E_SHAPE', `network for ${flags.env}`, `${size} inputs`, inputs);
  }
  const { count } = environment().actionSpace;
  if (network.outputSize !== count) {
    throw mismatch('E_SHAPE', `network for ${flags.env}`, `${count} outputs`, network.outputSize);
  }
  const threads = flags.threads === undefined ? {} : { threads: flags.threads };
  const { episodes, seed, carry = false } = flags;
  if (carry && !simulator) terminal.note('--carry has no effect on a network that plays in float');
  const spikes = (played: Simulator) =>
    carry ? carryingPolicy(played, episodes, seed) : spikingPolicy(played, seed);
  const policy = simulator ? spikes(simulator) : floatPolicy(network, threads);
  const progress = terminal.progress('playing');
  const result = await evaluate({
    environment,
    act: policy.act,
    episodes: flags.episodes,
    seed: flags.seed,
    ...(other ? { compareWith: floatPolicy(other, threads).act } : {}),
    signal: terminal.signal,
    onProgress: ({ finished, episodes }) => {
      progress.update(finished, episodes);
    },
  }).finally(() => {
    progress.end();
  });
  const spikesPerObservation = simulator ? policy.spikes() / result.steps : undefined;
  terminal.result(
    {
      network: describeNetwork(file, network),
      environment: flags.env,
      seed: flags.seed,
      spiking,
      carry: carry && spiking,
      ...result,
      spikesPerObservation,
    },
    () =>
      table(
        ['', 'value'],
        [
          ['episodes', short(flags.episodes)],
          [
            'mean return',
            `${result.mean.toFixed(2)}${result.std === null ? '' : ` (${result.std.toFixed(2)})`}`,
          ],
          ...(result.similarity === null
            ? []
            : [['similarity', `${(result.similarity * 100).toFixed(2)} %`]]),
          ['observations per second', short(Math.round(result.observationsPerSecond))],
          ...(spikesPerObservation === undefined
            ? []
            : [['spikes per observation', short(spikesPerObservation)]]),
        ],
      ),
  );
}
