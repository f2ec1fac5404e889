import { Argument, Option } from 'commander';
import type { Command } from 'commander';
import { bridgeBackends } from '../../bridge/backends.js';
import type { BridgeBackendName } from '../../bridge/backends.js';
import { SpiqError } from '../../errors.js';
import type { Layout } from '../../formats/layout.js';
import { checkNetwork, exportScript, makeKeys, runNetwork } from '../bridge-actions.js';
import { addBackendOptions, addModelOptions, addProtocolOption } from '../bridge-options.js';
import type { ModelFlags, ProtocolFlags } from '../bridge-options.js';
import { addNetworkOptions } from '../networks.js';
import type { NetworkFlags } from '../networks.js';
import { addCommonOptions, layoutOption, wholeNumber } from '../options.js';
import type { Terminal } from '../terminal.js';

export interface BridgeFlags extends NetworkFlags, ProtocolFlags, ModelFlags {
  readonly backend?: BridgeBackendName;
  readonly obs?: string;
  readonly output?: string;
  readonly out?: string;
  readonly copies?: number;
  readonly raster?: string;
  readonly layout?: Layout;
}

const actions = ['run', 'check', 'export', 'keys'] as const;
type Action = (typeof actions)[number];

const examples = `
run     simulates observations there; RESULT.npz holds out, potentials, actions and the spikes of each neuron
check   the pre-flight: what the back end has, what it would change, what is refused; nothing is started
export  writes a PyNN program with the weights, which runs without spiq
keys    makes CURVE keys for a worker on another machine and its client

Examples:
  $ spiq bridge check snn.npz --backend spinnaker-virtual
  $ spiq bridge run snn.npz --backend nest --obs memory_inputs.npz -T 100 -o result.npz
  $ spiq bridge export snn.npz --out program -T 100
  $ spiq bridge keys --out keys`;

export function define(command: Command, terminal: Terminal): void {
  const base = command
    .addArgument(new Argument('<action>', 'what is done').choices(actions))
    .argument('[network]', 'ONNX or NIR file, spiq .npz, or .npz of weights alone')
    .addOption(
      new Option('--backend <name>', 'the other simulator (default: nest)').choices(bridgeBackends),
    )
    .option('--obs <file[:key]>', 'run: observations, as .npz or .npy, [rows, inputs]')
    .option('-o, --output <file>', 'run: write the result as .npz')
    .option(
      '--raster <file>',
      "run: draw the first observation's spikes beside ours, as .html or .svg",
    )
    .option('--out <folder>', 'export, keys: where the files go')
    .option(
      '--copies <n>',
      "run: copies of the network side by side (default: the back end's best)",
      wholeNumber,
    )
    .addOption(layoutOption('--layout <name>', 'how matrices lie in an .npz of bare weights'));
  const there = addProtocolOption(addBackendOptions(addModelOptions(base)));
  addCommonOptions(addNetworkOptions(there))
    .addHelpText('after', examples)
    .action(async (action: Action, file: string | undefined, flags: BridgeFlags) =>
      act(action, file, flags, terminal),
    );
}

async function act(
  action: Action,
  file: string | undefined,
  flags: BridgeFlags,
  terminal: Terminal,
): Promise<void> {
  refuseStrayFlags(action, flags);
  if (action === 'keys') {
    if (file !== undefined) throw usage(`keys: expected no network, received '${file}'`);
    await makeKeys(needed(flags.out, 'keys', '--out FOLDER'), terminal);
    return;
  }
  const network = needed(file, action, 'a network');
  if (action === 'check') await checkNetwork(network, flags, terminal);
  else if (action === 'run') {
    await runNetwork(network, needed(flags.obs, 'run', '--obs FILE'), flags, terminal);
  } else {
    await exportScript(network, needed(flags.out, 'export', '--out FOLDER'), flags, terminal);
  }
}

/** What an action makes no use of is a mistake. */
function refuseStrayFlags(action: Action, flags: BridgeFlags): void {
  const of: Partial<Record<keyof BridgeFlags, readonly Action[]>> = {
    obs: ['run'],
    output: ['run'],
    raster: ['run'],
    copies: ['run'],
    out: ['export', 'keys'],
    backend: ['run', 'check'],
  };
  for (const [name, fitting] of Object.entries(of)) {
    if (flags[name as keyof BridgeFlags] === undefined || fitting.includes(action)) continue;
    throw usage(`--${name}: expected the action ${fitting.join(' or ')}, received '${action}'`);
  }
}

function needed(value: string | undefined, action: Action, what: string): string {
  if (value !== undefined) return value;
  throw usage(`${action}: expected ${what}, received none`);
}

function usage(text: string): SpiqError {
  return new SpiqError('E_USAGE', `bridge ${text}`);
}
