import { Option } from 'commander';
import type { Command } from 'commander';
import {
  conversionMethods,
  convert,
  defaultCalibrationRows,
  defaultPercentile,
  maxPools,
} from '../../convert/index.js';
import type { ConversionMethod, MaxPool } from '../../convert/index.js';
import { SpiqError } from '../../errors.js';
import type { Layout } from '../../formats/layout.js';
import { readObservations } from '../arrays.js';
import { addNetworkOptions, checkEnding, describeNetwork, loadNetwork } from '../networks.js';
import type { NetworkFlags } from '../networks.js';
import { addCommonOptions, layoutOption, realNumber, wholeNumber } from '../options.js';
import { short, table } from '../table.js';
import type { Terminal } from '../terminal.js';

interface Flags extends NetworkFlags {
  readonly method: ConversionMethod;
  readonly percentile?: number;
  readonly calibration?: string;
  readonly calibrationRows: number;
  readonly maxPool?: MaxPool;
  readonly output?: string;
  readonly layout?: Layout;
  readonly netLayout?: Layout;
  readonly threads?: number;
}

const examples = `
OUT.npz holds w0 b0 w1 … (float32, [out, in] unless --layout in-out), scale, layout and graph;
OUT.onnx the same network for any ONNX tool, with its spiking description in the metadata.

Examples:
  $ spiq convert net.onnx --method robust --percentile 0.99 --calibration memory_inputs.npz -o snn.npz
  $ spiq convert net.onnx --method model -o snn.onnx
  $ spiq convert weights.npz --net-layout out-in --method data --calibration obs.npz:arr_0 -o snn.npz --json`;

export function define(command: Command, terminal: Terminal): void {
  const base = command
    .argument('<network>', 'ONNX file, spiq .npz, or .npz with w0 b0 w1 …')
    .option('-o, --output <file>', 'where the spiking network goes: .npz or .onnx')
    .addOption(
      new Option('--method <name>', 'how the scales are found')
        .choices(conversionMethods)
        .default('robust'),
    )
    .option(
      '--percentile <p>',
      `share of rows (robust, default ${defaultPercentile}) or activations that a scale covers`,
      realNumber,
    )
    .option(
      '--calibration <file[:key]>',
      'observations, as .npz or .npy; robust and data need them',
    )
    .option(
      '--calibration-rows <n>',
      'look at no more than the first n rows',
      wholeNumber,
      defaultCalibrationRows,
    )
    .addOption(
      new Option('--max-pool <name>', 'what stands for a maximum over spikes').choices(maxPools),
    )
    .addOption(layoutOption('--layout <name>', 'how matrices lie in OUT.npz (default: out-in)'))
    .addOption(layoutOption('--net-layout <name>', 'how matrices lie in an .npz of bare weights'));
  addCommonOptions(addNetworkOptions(base))
    .addHelpText('after', examples)
    .action(async (file: string, flags: Flags) => run(file, flags, terminal));
}

async function run(file: string, flags: Flags, terminal: Terminal): Promise<void> {
  const { output } = flags;
  // Not commander's requiredOption, which complains before it names a misspelt --output.
  if (output === undefined) {
    throw new SpiqError('E_USAGE', 'convert: expected -o FILE, received none');
  }
  checkEnding(output, ['.npz', '.onnx'], 'output file');
  const network = await loadNetwork(file, flags.netLayout, flags, terminal);
  const { method, percentile, calibrationRows, threads, maxPool } = flags;
  const note = (text: string): void => {
    terminal.note(text);
  };
  if (method === 'model' && flags.calibration !== undefined)
    note("method 'model' makes no use of --calibration");
  if (flags.layout !== undefined && output.endsWith('.onnx'))
    note('--layout is for .npz alone: an .onnx file says itself how its matrices lie');
  const progress = terminal.progress('activations');
  const spiking = await convert(network, {
    method,
    calibrationRows,
    ...(percentile === undefined ? {} : { percentile }),
    ...(threads === undefined ? {} : { threads }),
    ...(maxPool === undefined ? {} : { maxPool }),
    ...(flags.calibration === undefined || method === 'model'
      ? {}
      : { calibration: readObservations(flags.calibration, network.inputSize, 'float64', note) }),
    signal: terminal.signal,
    onProgress: progress.update,
  }).finally(() => {
    progress.end();
  });
  spiking.save(output, output.endsWith('.npz') && flags.layout ? { layout: flags.layout } : {});
  const conversion = spiking.graph.conversion!;
  if (method === 'model' && conversion.scale.slice(0, -1).some((scale) => scale > 1)) {
    note(
      "method 'model', as published, leaves out the scale of the layer before: layers may saturate; compare with --method robust",
    );
  }
  terminal.result({ network: describeNetwork(file, network), ...conversion, output }, () => {
    const rows = conversion.scale.map((scale, layer) => [String(layer), short(scale)]);
    const seen =
      conversion.calibrationRows === undefined ? '' : `, ${short(conversion.calibrationRows)} rows`;
    return `${table(['layer', 'scale'], rows)}\nmethod ${method}${seen}; written to ${output}`;
  });
}
