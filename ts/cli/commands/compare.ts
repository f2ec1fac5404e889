import type { Command } from 'commander';
import { compareBackends, engineNames } from '../../bridge/compare.js';
import type { ComparedBackend, EngineName } from '../../bridge/compare.js';
import { modelOptionsOf } from '../../bridge/options.js';
import { SpiqError } from '../../errors.js';
import type { Layout } from '../../formats/layout.js';
import { readObservations } from '../arrays.js';
import { addBackendOptions, addModelOptions, startOptions } from '../bridge-options.js';
import type { BackendFlags, ModelFlags } from '../bridge-options.js';
import { addNetworkOptions, describeNetwork, loadNetwork } from '../networks.js';
import type { NetworkFlags } from '../networks.js';
import { addCommonOptions, layoutOption } from '../options.js';
import { short, table } from '../table.js';
import type { Terminal } from '../terminal.js';

interface Flags extends NetworkFlags, BackendFlags, ModelFlags {
  readonly backends: readonly EngineName[];
  readonly obs?: string;
  readonly layout?: Layout;
}

const examples = `
The first back end is what the others are compared with: spiq is spiq's own simulator in double precision.

Examples:
  $ spiq compare snn.npz --backends spiq,nest,pynn-nest --obs memory_inputs.npz
  $ spiq compare snn.npz --backends spiq,spiq-float32,spinnaker-virtual --obs obs.npz --reset zero
  $ spiq compare snn.npz --backends spiq,original-nest,original-pynn --obs obs.npz --reset zero`;

export function define(command: Command, terminal: Terminal): void {
  const base = command
    .argument('<network>', 'ONNX or NIR file, spiq .npz, or .npz of weights alone')
    .option(
      '--backends <names>',
      `two or more of ${engineNames.join(', ')} (default: spiq,nest)`,
      (text) => text.split(','),
      ['spiq', 'nest'],
    )
    .option('--obs <file[:key]>', 'observations, as .npz or .npy, [rows, inputs]')
    .addOption(layoutOption('--layout <name>', 'how matrices lie in an .npz of bare weights'));
  addCommonOptions(addNetworkOptions(addBackendOptions(addModelOptions(base))))
    .addHelpText('after', examples)
    .action(async (file: string, flags: Flags) => run(file, flags, terminal));
}

async function run(file: string, flags: Flags, terminal: Terminal): Promise<void> {
  const { obs, backends, backendOption } = flags;
  if (obs === undefined) {
    throw new SpiqError('E_USAGE', 'compare: expected --obs FILE, received none');
  }
  const network = await loadNetwork(file, flags.layout, flags, terminal);
  const { biasAsObservation = false } = flags;
  const width = network.inputSize - (biasAsObservation ? 1 : 0);
  const observations = Float64Array.from(
    readObservations(obs, width, 'float64', (text) => {
      terminal.note(text);
    }),
  );
  const { signal, ...start } = startOptions(flags, terminal);
  const progress = terminal.progress('comparing');
  const compared = await compareBackends({
    network,
    backends,
    observations,
    ...modelOptionsOf(flags),
    start,
    ...(backendOption && { backendOptions: backendOption }),
    ...(signal && { signal }),
    onProgress: (backend, done, total) => {
      progress.rename(`simulating in ${backend}`);
      progress.update(done, total);
    },
  }).finally(() => {
    progress.end();
  });
  const rows = observations.length / width;
  terminal.result({ network: describeNetwork(file, network), rows, backends: compared }, () =>
    textOf(compared, rows),
  );
}

function textOf(compared: readonly ComparedBackend[], rows: number): string {
  const header = [
    'back end',
    'spikes',
    'neurons that differ',
    'rows',
    'most',
    'potentials',
    'same actions',
    'ms',
  ];
  const lines = compared.map(
    ({ backend, predicted, spikesPerObservation, milliseconds, differences }) => {
      const name = predicted ? `${backend} (predicted)` : backend;
      const own = [short(spikesPerObservation)];
      if (differences === undefined)
        return [name, ...own, '', '', '', '', '', short(Math.round(milliseconds))];
      const {
        neurons,
        differingRows,
        largestCountDifference,
        largestPotentialDifference,
        actionAgreement,
      } = differences;
      return [
        name,
        ...own,
        short(neurons),
        short(differingRows),
        short(largestCountDifference),
        largestPotentialDifference.toExponential(1),
        `${(100 * actionAgreement).toFixed(2)} %`,
        short(Math.round(milliseconds)),
      ];
    },
  );
  const first = compared.flatMap(({ backend, differences }) => {
    const place = differences?.first;
    if (place === undefined) return [];
    return [
      `${backend} differs first in row ${place.row}, ${place.layer}, unit ${place.unit}: ${place.received} spikes in place of ${place.expected}`,
    ];
  });
  return [
    table(header, lines),
    ...first,
    `${short(rows)} observations, compared with ${compared[0]!.backend}`,
  ].join('\n');
}
