import type { Bridge } from '../bridge/bridge.js';
import { exportPynn } from '../bridge/export-pynn.js';
import { makeCurveKeys } from '../bridge/keys.js';
import { firingLayers } from '../bridge/model.js';
import { openBridge } from '../bridge/open.js';
import { preflight, type PreflightRecord } from '../bridge/preflight.js';
import { backendTraits } from '../bridge/traits.js';
import type { BridgeResult } from '../bridge/results.js';
import { modelOptionsOf } from '../bridge/options.js';
import { writeFileAtomically } from '../formats/atomic.js';
import { writeNpz, type NpyArray } from '../formats/npz/index.js';
import { readObservations } from './arrays.js';
import { startOptions, withProtocol } from './bridge-options.js';
import { checkEnding, describeNetwork, loadNetwork } from './networks.js';
import type { BridgeFlags } from './commands/bridge.js';
import { short, table } from './table.js';
import type { Terminal } from './terminal.js';

const defaultBackend = 'nest';
const shownRows = 8;
/** Above this many values --json leaves the outputs to the result file. */
const mostJsonValues = 20_000;

export async function makeKeys(folder: string, terminal: Terminal): Promise<void> {
  const files = await makeCurveKeys(folder);
  terminal.result(files, () =>
    [
      `${files.workerKeys} and ${files.clients} go to the worker's machine:`,
      '  SPIQ_WORKER_TOKEN=… python -m spiq_worker --endpoint tcp://0.0.0.0:5555 --backend nest \\',
      '    --curve-keys worker.key_secret --curve-clients clients.txt',
      `${files.clientKeys} stays here: spiq bridge run … --remote tcp://HOST:5555 --keys ${files.clientKeys}`,
    ].join('\n'),
  );
}

export async function checkNetwork(
  file: string,
  flags: BridgeFlags,
  terminal: Terminal,
): Promise<void> {
  const network = await loadNetwork(file, flags.layout, flags, terminal);
  const { backend = defaultBackend } = flags;
  const report = preflight({ network, backend, ...modelOptionsOf(flags) });
  terminal.result({ network: describeNetwork(file, network), ...report }, () => {
    const verdict = report.fits
      ? `${backend} takes ${file}${report.exact ? ', spike for spike' : ', with changes'}`
      : `${backend} does not take ${file}`;
    return `${report.records.map(recordText).join('\n')}\n${verdict}`;
  });
}

function recordText({ verdict, aspect, layer, text }: PreflightRecord): string {
  const where = layer === undefined ? '' : `${layer}: `;
  return `${verdict.padEnd(7)}  ${aspect.padEnd(9)}  ${where}${text}`;
}

export async function exportScript(
  file: string,
  folder: string,
  flags: BridgeFlags,
  terminal: Terminal,
): Promise<void> {
  const network = await loadNetwork(file, flags.layout, flags, terminal);
  const written = exportPynn({ network, ...modelOptionsOf(flags) }, folder);
  terminal.result({ network: describeNetwork(file, network), ...written }, () => {
    const [program] = written.files;
    return `${written.files.join(', ')} in ${folder}; python ${folder}/${program!} --obs FILE runs it`;
  });
}

export async function runNetwork(
  file: string,
  observed: string,
  given: BridgeFlags,
  terminal: Terminal,
): Promise<void> {
  const flags = withProtocol(given);
  const { backend = defaultBackend, output, raster, backendOption } = flags;
  const { copies = backendTraits[backend].bulkCopies } = flags;
  if (output !== undefined) checkEnding(output, ['.npz'], 'output file');
  if (raster !== undefined) checkEnding(raster, ['.html', '.svg'], 'raster');
  const network = await loadNetwork(file, flags.layout, flags, terminal);
  const model = modelOptionsOf(flags);
  for (const record of preflight({ network, backend, ...model }).records) {
    if (record.verdict === 'changed') terminal.note(recordText(record));
  }
  const bridge = await openBridge({
    network,
    backend,
    ...model,
    ...startOptions(flags, terminal),
    copies,
    ...(backendOption && { backendOptions: backendOption }),
  });
  const progress = terminal.progress(`simulating in ${backend}`);
  try {
    const size = bridge.observationSize;
    const observations = readObservations(observed, size, 'float64', (text) => {
      terminal.note(text);
    });
    const begin = performance.now();
    const result = await bridge.evaluate(observations, {
      signal: terminal.signal,
      onProgress: progress.update,
    });
    const seconds = (performance.now() - begin) / 1000;
    progress.end();
    if (output !== undefined) writeFileAtomically(output, writeNpz(arraysOf(result, bridge)));
    if (raster !== undefined) {
      // Only here, since the drawing library is slow to load.
      const { writeRasterPage } = await import('../bridge/raster-page.js');
      const first = Float64Array.from(observations.subarray(0, size));
      const footer = `spiq ${await terminal.version()}`;
      const about = { backend, footer, signal: terminal.signal };
      await writeRasterPage(raster, bridge, { network, ...model }, first, about);
    }
    const summary = summarise(bridge, result, seconds);
    const value = {
      network: describeNetwork(file, network),
      backend,
      ...summary,
      ...jsonOutputs(result),
      ...(output !== undefined && { output }),
      ...(raster !== undefined && { raster }),
    };
    terminal.result(value, () => {
      const written = [output, raster].filter((name) => name !== undefined);
      const end = written.length === 0 ? '' : `; written to ${written.join(' and ')}`;
      return `${resultTable(result)}\n${summaryText(backend, summary)}${end}`;
    });
  } finally {
    progress.end();
    await bridge.close();
  }
}

interface Summary {
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly seconds: number;
  readonly observationsPerSecond: number;
  readonly spikesPerObservation: number;
  readonly predicted: boolean;
  readonly clipped: number;
  readonly overflows: number;
  readonly selfTest: Bridge['selfTest'];
}

function summarise(bridge: Bridge, result: BridgeResult, seconds: number): Summary {
  const { rows, predicted, clipped, overflows } = result;
  let spikes = 0;
  for (const layer of result.counts) for (const count of layer) spikes += count;
  return {
    versions: bridge.versions,
    rows,
    seconds,
    observationsPerSecond: rows / seconds,
    spikesPerObservation: spikes / rows,
    predicted,
    clipped,
    overflows,
    selfTest: bridge.selfTest,
  };
}

function summaryText(backend: string, summary: Summary): string {
  const { rows, seconds, spikesPerObservation, predicted, overflows, selfTest } = summary;
  const rate = `${short(rows)} observations in ${seconds.toPrecision(3)} s, ${short(spikesPerObservation)} spikes each`;
  const guess = predicted ? `\npredicted for ${backend}: nothing was run` : '';
  const over = overflows > 0 ? `; ${short(overflows)} overflows` : '';
  const agreed =
    selfTest === undefined
      ? ''
      : `\nself-test: ${selfTest.neurons} neurons differ from spiq in ${selfTest.rows} observations`;
  return `${rate}${over}${guess}${agreed}`;
}

function arraysOf(result: BridgeResult, bridge: Bridge): Record<string, NpyArray> {
  const { rows, out, potentials, actions, counts } = result;
  const shape = [rows, bridge.outputSize];
  const spikes = firingLayers(bridge.model).map(({ units }, l) => [
    `spikes${l}`,
    { shape: [rows, units], dtype: 'u4', data: counts[l]! },
  ]);
  return {
    out: { shape, dtype: 'f8', data: out },
    potentials: { shape, dtype: 'f8', data: potentials },
    actions: { shape: [rows], dtype: 'i4', data: actions },
    ...(Object.fromEntries(spikes) as Record<string, NpyArray>),
  };
}

function rowsOf({ out, rows }: BridgeResult): number[][] {
  const width = out.length / rows;
  return Array.from({ length: rows }, (_, row) => [
    ...out.subarray(row * width, (row + 1) * width),
  ]);
}

function jsonOutputs(result: BridgeResult): object {
  if (result.out.length > mostJsonValues) {
    return { out: null, outOmitted: `more than ${mostJsonValues} values: use --output` };
  }
  return { out: rowsOf(result), actions: [...result.actions] };
}

function resultTable(result: BridgeResult): string {
  const { rows, actions } = result;
  const values = rowsOf(result);
  const header = ['row', ...values[0]!.map((_, k) => `out${k}`), 'action'];
  const lines = values
    .slice(0, shownRows)
    .map((row, k) => [String(k), ...row.map(short), String(actions[k])]);
  const more = rows > shownRows ? `\n… and ${short(rows - shownRows)} more rows` : '';
  return table(header, lines) + more;
}
