import { compareMethods } from '../analysis/compare.js';
import type { Compared } from '../analysis/compare.js';
import type { CompareProgress } from '../analysis/compare-options.js';
import { SpiqError, mismatch } from '../errors.js';
import { writeFileAtomically } from '../formats/atomic.js';
import { toFloat64 } from '../formats/npz/index.js';
import { readArray, readObservations } from './arrays.js';
import { openCalibration } from './calibration.js';
import { comparisonText } from './comparison-text.js';
import { allMethods, conversionOptions } from './convert-options.js';
import type { ConvertFlags } from './convert-options.js';
import { checkEnding, describeNetwork, loadNetwork } from './networks.js';
import type { Network } from '../network.js';
import type { Terminal } from './terminal.js';

/** `convert --method all`, and a single method with `--report`: what is kept is the network that was scored. */
export async function compareAndConvert(
  file: string,
  flags: ConvertFlags,
  terminal: Terminal,
): Promise<void> {
  const { output, report } = flags;
  if (report !== undefined) checkEnding(report, ['.html'], 'report');
  if (flags.calibration === undefined) {
    throw new SpiqError('E_USAGE', 'convert: expected --calibration to compare by, received none');
  }
  const network = await loadNetwork(file, flags.netLayout, flags, terminal);
  const { comparison, best } = await compare(network, flags.calibration, flags, terminal);
  for (const { method, reason } of comparison.skipped) {
    terminal.note(`method '${method}' does not apply: ${reason}`);
  }
  if (report !== undefined) {
    // Only here, since the drawing library is slow to load.
    const { comparisonReport } = await import('../analysis/page.js');
    const footer = `spiq ${await terminal.version()}`;
    const page = comparisonReport(comparison, { network: file, footer });
    refuseIfInterrupted(terminal);
    writeFileAtomically(report, new TextEncoder().encode(page));
  }
  refuseIfInterrupted(terminal);
  if (output !== undefined) {
    best.save(output, output.endsWith('.npz') && flags.layout ? { layout: flags.layout } : {});
  }
  const written = [output, report].filter((name) => name !== undefined);
  const value = {
    network: describeNetwork(file, network),
    method: comparison.methods[0]!.method,
    ...best.graph.conversion,
    ...comparison,
    ...(output !== undefined && { output }),
    ...(report !== undefined && { report }),
  };
  terminal.result(value, () => {
    const end = written.length === 0 ? '' : `\nwritten to ${written.join(' and ')}`;
    return `${comparisonText(comparison)}${end}`;
  });
}

async function compare(
  network: Network,
  source: string,
  flags: ConvertFlags,
  terminal: Terminal,
): Promise<Compared> {
  const { signal } = terminal;
  const note = (text: string): void => {
    terminal.note(text);
  };
  const { method, steps: times, rankAt: steps, calibrationRows } = flags;
  const width = network.inputSize;
  const calibration = await openCalibration(source, network, { ...flags, view: flags, signal });
  const progress = terminal.progress('activations');
  const onProgress = ({ stage, method: current, done, total }: CompareProgress): void => {
    progress.rename(stage === 'calibration' ? 'activations' : `${current!}, ${stage}`);
    progress.update(done, total);
  };
  return compareMethods(network, {
    ...conversionOptions(flags),
    calibration,
    calibrationRows,
    ...(method !== allMethods && { methods: [method] }),
    ...(times !== undefined && { times }),
    ...(steps !== undefined && { steps }),
    ...(flags.test !== undefined && {
      test: readObservations(flags.test, width, 'float32', note),
    }),
    ...(flags.labels !== undefined && { labels: readLabels(flags.labels) }),
    signal,
    onProgress,
  }).finally(() => {
    progress.end();
  });
}

/** Indices of outputs, one for each row: [rows] or [rows, 1]. */
function readLabels(reference: string): Float64Array {
  const array = readArray(reference);
  const { data } = toFloat64(array);
  if (data.length !== array.shape[0]) {
    throw mismatch('E_SHAPE', `labels in ${reference}`, 'shape [rows]', array.shape);
  }
  const wrong = data.findIndex((label) => !Number.isInteger(label) || label < 0);
  if (wrong >= 0) {
    const what = `labels in ${reference}, element ${wrong}`;
    throw mismatch('E_RANGE', what, 'the index of an output', data[wrong]);
  }
  return data;
}

/** Between the pieces of work that take the signal themselves. */
function refuseIfInterrupted({ signal }: Terminal): void {
  if (signal.aborted) throw new SpiqError('E_CANCELLED', 'the call was cancelled');
}
