import { Option } from 'commander';
import type { Command } from 'commander';
import { SpiqError } from '../../errors.js';
import { exportFormats } from '../../formats/export.js';
import type { ExportFormat } from '../../formats/export.js';
import type { Layout } from '../../formats/layout.js';
import { nirProfiles } from '../../formats/nir/index.js';
import type { NirProfile } from '../../formats/nir/index.js';
import { weightPrecisions } from '../../formats/spiq-npz.js';
import type { WeightPrecision } from '../../formats/spiq-npz.js';
import { addNetworkOptions, describeNetwork, loadNetwork } from '../networks.js';
import type { NetworkFlags } from '../networks.js';
import { addCommonOptions, layoutOption, realNumber } from '../options.js';
import type { Terminal } from '../terminal.js';

interface Flags extends NetworkFlags {
  readonly output?: string;
  readonly format?: ExportFormat;
  readonly profile?: NirProfile;
  readonly dt?: number;
  readonly lossy?: boolean;
  readonly layout?: Layout;
  readonly netLayout?: Layout;
  readonly keys?: readonly string[];
  readonly weights?: WeightPrecision;
}

const examples = `
What a format cannot hold is refused by name. --lossy writes the rest of a NIR file and says what is lost.

Examples:
  $ spiq export snn.npz -o snn.nir --profile norse --lossy
  $ spiq export net.onnx -o weights.npz --format state-dict --keys 0,2,4
  $ spiq export snn.nir -o snn.npz --nir-profile snntorch`;

export function define(command: Command, terminal: Terminal): void {
  const base = command
    .argument('<network>', 'ONNX or NIR file, spiq .npz, or .npz of weights alone')
    .option('-o, --output <file>', 'where the network goes: .npz, .onnx or .nir')
    .addOption(
      new Option('--format <name>', "format, if not the one of OUTPUT's ending").choices(
        exportFormats,
      ),
    )
    .addOption(
      new Option('--profile <name>', 'nir: library that will read it (default: generic)').choices(
        nirProfiles,
      ),
    )
    .option('--dt <seconds>', "nir: length of a step (default: the profile's own)", realNumber)
    .option('--lossy', 'nir: leave out what the file cannot hold, and say so')
    .option('--keys <names>', 'state-dict: modules that hold the weights, in order', commaSeparated)
    .addOption(layoutOption('--layout <name>', 'npz: how matrices lie in it (default: out-in)'))
    .addOption(
      new Option('--weights <name>', 'npz: how they are stored (default: float32)').choices(
        weightPrecisions,
      ),
    )
    .addOption(layoutOption('--net-layout <name>', 'how matrices lie in an .npz of bare weights'));
  addCommonOptions(addNetworkOptions(base))
    .addHelpText('after', examples)
    .action(async (file: string, flags: Flags) => run(file, flags, terminal));
}

const commaSeparated = (text: string): string[] => text.split(',');

async function run(file: string, flags: Flags, terminal: Terminal): Promise<void> {
  const { output, format, profile, dt, lossy, keys, layout, weights } = flags;
  if (output === undefined) {
    throw new SpiqError('E_USAGE', 'export: expected -o FILE, received none');
  }
  const network = await loadNetwork(file, flags.netLayout, flags, terminal);
  const exported = await network.export(output, {
    ...(format !== undefined && { format }),
    ...(profile !== undefined && { profile }),
    ...(dt !== undefined && { dt }),
    ...(lossy !== undefined && { lossy }),
    ...(keys !== undefined && { keys }),
    ...(layout !== undefined && { layout }),
    ...(weights !== undefined && { weights }),
  });
  exported.notes.forEach((text) => {
    terminal.note(text);
  });
  const written = { network: describeNetwork(file, network), ...exported, output };
  terminal.result(written, () => `${exported.format}; written to ${output}`);
}
