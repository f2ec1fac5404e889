import type { Command } from 'commander';
import { convert, methods } from '../../convert/index.js';
import type { ConversionMethod } from '../../convert/index.js';
import { SpiqError } from '../../errors.js';
import { openCalibration } from '../calibration.js';
import { compareAndConvert } from '../compare.js';
import { addConvertOptions, allMethods, conversionOptions } from '../convert-options.js';
import type { ConvertFlags } from '../convert-options.js';
import { viewOf } from '../environments.js';
import {
  addNetworkOptions,
  checkEnding,
  describeNetwork,
  loadNetwork,
  modelNamed,
} from '../networks.js';
import { addCommonOptions } from '../options.js';
import { short, table } from '../table.js';
import type { Terminal } from '../terminal.js';

const examples = `
OUT.npz holds w0 b0 w1 … (float32, [out, in] unless --layout in-out), scale, layout and graph;
OUT.onnx the same network for any ONNX tool, with its spiking description in the metadata.

Examples:
  $ spiq convert net.onnx --method robust --percentile 0.99 --calibration memory_inputs.npz -o snn.npz
  $ spiq convert net.onnx --method all --calibration memory_inputs.npz --report report.html -o snn.npz
  $ spiq convert net.onnx --method channel-percentile --calibration env:cart-pole:20 -o snn.npz
  $ spiq convert net.onnx --method model -o snn.onnx
  $ spiq convert weights.npz --net-layout out-in --method data --calibration obs.npz:arr_0 -o snn.npz --json`;

export function define(command: Command, terminal: Terminal): void {
  const base = command
    .argument('<network>', `ONNX file, spiq .npz, .npz with w0 b0 w1 …, or a model's name`)
    .option('-o, --output <file>', 'where the spiking network goes: .npz or .onnx');
  addCommonOptions(
    addNetworkOptions(addConvertOptions(base)).addHelpText('after', examples),
  ).action(async (file: string, flags: ConvertFlags) => run(file, flags, terminal));
}

async function run(word: string, given: ConvertFlags, terminal: Terminal): Promise<void> {
  const model = modelNamed(word);
  const file = model?.file ?? word;
  const flags = model ? { ...viewOf(model), ...given } : given;
  const { output, method, report } = flags;
  if (output !== undefined) checkEnding(output, ['.npz', '.onnx'], 'output file');
  if (flags.layout !== undefined && output?.endsWith('.onnx') === true)
    terminal.note('--layout is for .npz alone: an .onnx file says itself how its matrices lie');
  if (method === allMethods || report !== undefined) {
    await compareAndConvert(file, flags, terminal);
    return;
  }
  // Not commander's requiredOption, which complains before it names a misspelt --output.
  if (output === undefined) {
    throw new SpiqError('E_USAGE', 'convert: expected -o FILE, received none');
  }
  for (const name of ['test', 'labels', 'rankAt'] as const) {
    if (flags[name] === undefined) continue;
    const flag = name === 'rankAt' ? 'rank-at' : name;
    const expected = `--method all or --report FILE beside --${flag}`;
    throw new SpiqError('E_USAGE', `convert: expected ${expected}, received neither`);
  }
  await convertOnce(file, { ...flags, method, output }, terminal);
}

type SingleFlags = ConvertFlags & { readonly method: ConversionMethod; readonly output: string };

async function convertOnce(file: string, flags: SingleFlags, terminal: Terminal): Promise<void> {
  const { output, method, calibrationRows } = flags;
  const [steps, ...more] = flags.steps ?? [];
  if (more.length > 0) {
    throw new SpiqError(
      'E_USAGE',
      'convert: expected one number of --steps without --method all or --report FILE, received several',
    );
  }
  const network = await loadNetwork(file, flags.netLayout, flags, terminal);
  const { needsData } = methods[method];
  if (!needsData && flags.calibration !== undefined)
    terminal.note(`method '${method}' makes no use of --calibration`);
  const { signal } = terminal;
  const progress = terminal.progress('activations');
  const spiking = await convert(network, {
    ...conversionOptions(flags),
    method,
    ...(steps !== undefined && { steps }),
    calibrationRows,
    ...(needsData &&
      flags.calibration !== undefined && {
        calibration: await openCalibration(flags.calibration, network, {
          ...flags,
          view: flags,
          signal,
        }),
      }),
    signal,
    onProgress: progress.update,
  }).finally(() => {
    progress.end();
  });
  spiking.save(output, output.endsWith('.npz') && flags.layout ? { layout: flags.layout } : {});
  const conversion = spiking.graph.conversion!;
  if (method === 'model' && conversion.scale.slice(0, -1).some((scale) => scale > 1)) {
    terminal.note(
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
