import type { Command } from 'commander';
import { argmaxRows } from '../../agent/argmax.js';
import { SpiqError } from '../../errors.js';
import { writeFileAtomically } from '../../formats/atomic.js';
import type { Layout } from '../../formats/layout.js';
import { writeNpz } from '../../formats/npz/index.js';
import type { NpyArray } from '../../formats/npz/index.js';
import { Simulator } from '../../simulator.js';
import type { Observations } from '../../network.js';
import type { SimulationOptions, SimulationResult } from '../../simulator.js';
import { addAnytimeOptions, anytimeOf, anytimeSummary, anytimeText } from '../anytime.js';
import type { AnytimeFlags } from '../anytime.js';
import { readObservations, readSpikes } from '../arrays.js';
import { operationsSummary, operationsText } from '../operations.js';
import { addNetworkOptions, checkEnding, describeNetwork, loadNetwork } from '../networks.js';
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

interface Flags extends NetworkFlags, SimulationFlags, AnytimeFlags {
  readonly obs?: string;
  readonly inputSpikes?: string;
  readonly layout?: Layout;
  readonly output?: string;
  readonly record?: boolean;
  readonly operations?: boolean;
  readonly seed: number;
}

const shownRows = 8;
/** Above this many values --json leaves the outputs to the result file. */
const mostJsonValues = 20_000;

const examples = `
RESULT.npz holds out (the raw decoding), q (the float network's units, where the scales are known), steps,
total_spikes, and with --record spikes0 spikes1 … (spikes of each neuron of each firing layer).

Examples:
  $ spiq simulate snn.npz --obs memory_inputs.npz -T 100 -o result.npz
  $ spiq simulate snn.npz --obs obs.npz:arr_0 -T 500 --semantics dsqn --decoding spikes --record -o result.npz
  $ spiq simulate weights.npz --layout in-out --obs weights.npz:obs -T 20 --bias-as-observation --json`;

export function define(command: Command, terminal: Terminal): void {
  const base = command
    .argument('<network>', 'ONNX or NIR file, spiq .npz, or .npz of weights alone')
    .option('--obs <file[:key]>', 'observations, as .npz or .npy, [rows, inputs]')
    .option(
      '--input-spikes <file[:key]>',
      'feed these spikes, [steps, rows, inputs], instead of encoding',
    )
    .addOption(layoutOption('--layout <name>', 'how matrices lie in an .npz of bare weights'))
    .option('-o, --output <file>', 'write the result as .npz')
    .option('--record', "write every neuron's spikes as well")
    .option('--operations', 'count additions and multiplications, and estimate their energy')
    .option('--seed <n>', 'seed of Poisson input', wholeNumber, 0);
  addCommonOptions(addNetworkOptions(addSimulationOptions(addAnytimeOptions(base))))
    .addHelpText('after', examples)
    .action(async (file: string, flags: Flags) => run(file, flags, terminal));
}

async function run(file: string, flags: Flags, terminal: Terminal): Promise<void> {
  if (flags.output !== undefined) checkEnding(flags.output, ['.npz'], 'output file');
  if (flags.obs === undefined && flags.inputSpikes === undefined) {
    throw new SpiqError(
      'E_USAGE',
      'simulate: expected --obs FILE or --input-spikes FILE, received neither',
    );
  }
  if (flags.encoding === 'spikes' && flags.inputSpikes === undefined) {
    throw new SpiqError(
      'E_USAGE',
      "simulate: expected --input-spikes FILE for encoding 'spikes', received none",
    );
  }
  const network = await loadNetwork(file, flags.layout, flags, terminal);
  const given = flags.inputSpikes === undefined ? undefined : readSpikes(flags.inputSpikes);
  if (given && flags.encoding && flags.encoding !== 'spikes') {
    terminal.note(
      `--input-spikes are fed as they are: encoding '${flags.encoding}' is not applied`,
    );
  }
  const options: SimulationOptions = {
    ...simulationOptions(flags),
    ...(given ? { encoding: 'spikes' } : {}),
  };
  const simulator = new Simulator(network, options);
  if (!network.spiking) {
    terminal.note(`${file} was not converted: it runs as given, each ReLU as neurons`);
  }
  const precision = options.precision ?? 'float32';
  const observations =
    flags.obs === undefined
      ? undefined
      : readObservations(flags.obs, simulator.observationSize, precision, (text) => {
          terminal.note(text);
        });
  if (observations !== undefined) noteLostRates(observations, options, terminal);
  const anytime = anytimeOf(flags, simulator.steps);
  const progress = terminal.progress('simulating');
  const begin = performance.now();
  const result = await simulator
    .run(observations, {
      ...(given ? { spikes: given.spikes, rows: given.rows } : {}),
      seed: flags.seed,
      record: { counts: flags.record === true, operations: flags.operations === true },
      ...(anytime ? { anytime } : {}),
      signal: terminal.signal,
      onProgress: progress.update,
    })
    .finally(() => {
      progress.end();
    });
  const seconds = (performance.now() - begin) / 1000;
  if (flags.output !== undefined)
    writeFileAtomically(flags.output, writeNpz(arraysOf(result, simulator)));
  if (simulator.unitsNote !== undefined && network.graph.conversion)
    terminal.note(`no q: ${simulator.unitsNote}`);

  const total = result.totalSpikes.reduce((sum, spikes) => sum + spikes, 0);
  const summary = {
    network: describeNetwork(file, network),
    options: {
      steps: 100,
      semantics: 'direct',
      encoding: 'constant',
      decoding: 'potential',
      ...options,
      seed: flags.seed,
    },
    rows: result.rows,
    seconds,
    observationsPerSecond: result.rows / seconds,
    spikesPerObservation: total / result.rows,
    ...(flags.output === undefined ? {} : { output: flags.output }),
    ...anytimeSummary(result),
    ...operationsSummary(result),
  };
  terminal.result({ ...summary, ...jsonOutputs(result, simulator) }, () => {
    const rate = `${short(result.rows)} observations in ${seconds.toPrecision(3)} s, ${short(total / result.rows)} spikes each`;
    const written = flags.output === undefined ? '' : `; written to ${flags.output}`;
    const more = `${anytimeText(result, simulator.steps)}${operationsText(result)}`;
    return `${resultTable(result, simulator)}\n${rate}${written}${more}`;
  });
}

/** Encodings that fire at most once a step show only values from 0 to 1. */
function noteLostRates(
  observations: Observations,
  { encoding = 'constant', twoInputNeurons = false }: SimulationOptions,
  terminal: Terminal,
): void {
  if (encoding === 'constant' || encoding === 'spikes') return;
  const negative = !twoInputNeurons && observations.some((value) => value < 0);
  const large = observations.some((value) => Math.abs(value) > 1);
  if (negative) {
    terminal.note(`encoding '${encoding}' loses negative values; --two-input-neurons keeps them`);
  }
  if (large) terminal.note(`encoding '${encoding}' cannot tell values above 1 from 1`);
}

function arraysOf(
  result: SimulationResult,
  { outputSize, layers }: Simulator,
): Record<string, NpyArray> {
  const { rows, out, q, steps, totalSpikes, counts = [] } = result;
  const shape = [rows, outputSize];
  const dtype = out instanceof Float32Array ? 'f4' : 'f8';
  return {
    out: { shape, dtype, data: out },
    ...(q ? { q: { shape, dtype, data: q } } : {}),
    steps: { shape: [rows], dtype: 'i4', data: steps },
    total_spikes: { shape: [rows], dtype: 'f8', data: totalSpikes },
    ...Object.fromEntries(
      counts.map((data, layer) => [
        `spikes${layer}`,
        { shape: [rows, layers[layer]!.units], dtype: 'i4', data },
      ]),
    ),
  };
}

function rowsOfOutputs(values: ArrayLike<number>, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, row) =>
    Array.from({ length: width }, (__, i) => values[row * width + i]!),
  );
}

function jsonOutputs({ out, q, steps }: SimulationResult, { outputSize }: Simulator): object {
  if (out.length > mostJsonValues)
    return { out: null, outOmitted: `more than ${mostJsonValues} values: use --output` };
  return {
    out: rowsOfOutputs(out, outputSize),
    ...(q ? { q: rowsOfOutputs(q, outputSize) } : {}),
    steps: Array.from(steps),
  };
}

function resultTable(
  { rows, out, q, totalSpikes }: SimulationResult,
  { outputSize }: Simulator,
): string {
  const values = rowsOfOutputs(out, outputSize);
  const units = q && rowsOfOutputs(q, outputSize);
  const actions = argmaxRows(out, rows);
  const header = ['row', ...Array.from({ length: outputSize }, (_, i) => `out${i}`)];
  if (units) header.push(...Array.from({ length: outputSize }, (_, i) => `q${i}`));
  const lines = values
    .slice(0, shownRows)
    .map((row, i) => [
      String(i),
      ...row.map(short),
      ...(units?.[i] ?? []).map(short),
      String(actions[i]),
      short(totalSpikes[i]!),
    ]);
  const more = rows > shownRows ? `\n… and ${short(rows - shownRows)} more rows` : '';
  return table([...header, 'action', 'spikes'], lines) + more;
}
