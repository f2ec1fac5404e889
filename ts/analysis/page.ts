import { basename } from 'node:path';
import { decimal, percent, significant } from '../demo/format.js';
import { renderReport } from '../report/render.js';
import type { Block, Table } from '../report/report.js';
import { energyPerAccumulate, energyPerMultiplyAccumulate } from '../simulator/energy.js';
import { scoreAt } from './comparison.js';
import type { ComparedMethod, MethodComparison } from './comparison.js';
import { energyFigure, layerFigure, scoreFigure } from './figures.js';
import type { LayerAnalysis } from './layer.js';
import { judgedBy, orDash, picojoulesPerNanojoule, scoreText } from './words.js';

export interface ComparisonAbout {
  /** The float network's file, or what else it is called. */
  readonly network: string;
  /** A small line at the end of the page. */
  readonly footer?: string;
}

/** The page that `spiq convert --report` writes. */
export function comparisonReport(comparison: MethodComparison, about: ComparisonAbout): string {
  const { methods, skipped, testRows, steps } = comparison;
  const [best] = methods as [ComparedMethod];
  const name = basename(about.network);
  const many = methods.length > 1;
  const ways = many ? `${methods.length} methods of conversion` : `the method ${best.method}`;
  return renderReport({
    title: `${name}: from float to spikes`,
    subtitle: `How well ${ways} ${many ? 'do' : 'does'} on ${decimal(testRows, 0)} observations that ${many ? 'none of them has' : 'it has not'} seen, against the float network.`,
    blocks: [
      highlights(comparison, best),
      { kind: 'heading', text: many ? 'Ranking' : 'Result' },
      rankingTable(comparison),
      ...(comparison.times.length > 1 ? [scoreFigure(comparison), timesTable(comparison)] : []),
      { kind: 'heading', text: `Layer by layer: ${best.method}` },
      ...layerBlocks(comparison, best),
      { kind: 'heading', text: 'What it costs' },
      ...costBlocks(comparison),
      { kind: 'heading', text: 'How it was measured' },
      { kind: 'facts', rows: facts(comparison, about, best) },
      ...(skipped.length === 0 ? [] : [skippedTable(comparison)]),
    ],
    ...(about.footer !== undefined && { footer: `${about.footer} · T = ${steps}` }),
  });
}

function highlights(comparison: MethodComparison, best: ComparedMethod): Block {
  const { steps, float } = comparison;
  const score = scoreText(scoreAt(best, steps));
  const ratio = best.cost.energy.spiking / float.energy;
  return {
    kind: 'highlights',
    items: [
      ...(comparison.methods.length > 1
        ? [{ label: 'Best method', value: best.method, note: `at T = ${decimal(steps, 0)}` }]
        : []),
      { label: judgedBy(comparison).title, value: score, note: judgedBy(comparison).note },
      {
        label: 'Suggested T',
        value: best.suggestedSteps === null ? '–' : decimal(best.suggestedSteps, 0),
        note: best.suggestedSteps === null ? 'more than was tried' : 'as good as float from here',
      },
      {
        label: 'Energy of arithmetic',
        value: `${significant(ratio)}×`,
        note: `of the float network, at T = ${decimal(steps, 0)}`,
      },
    ],
  };
}

function rankingTable(comparison: MethodComparison): Table {
  const { methods, steps, float } = comparison;
  return {
    kind: 'table',
    caption: `At T = ${decimal(steps, 0)}; spikes, operations and energy for one observation`,
    columns: [
      { title: 'method' },
      { title: judgedBy(comparison).title.toLowerCase(), numeric: true },
      { title: 'relative error', numeric: true },
      { title: 'suggested T', numeric: true },
      { title: 'spikes', numeric: true },
      { title: 'energy, nJ', numeric: true },
      { title: '× float', numeric: true },
    ],
    rows: methods.map((one) => [
      one.method,
      scoreText(scoreAt(one, steps)),
      orDash(scoreAt(one, steps).relativeError, (error) => percent(error, 2)),
      orDash(one.suggestedSteps, (time) => decimal(time, 0)),
      significant(one.cost.spikes),
      significant(one.cost.energy.spiking / picojoulesPerNanojoule),
      significant(one.cost.energy.spiking / float.energy),
    ]),
  };
}

function timesTable(comparison: MethodComparison): Table {
  const { methods, times } = comparison;
  return {
    kind: 'table',
    caption: `${judgedBy(comparison).title} after T steps`,
    columns: [
      { title: 'method' },
      ...times.map((time) => ({ title: `T = ${decimal(time, 0)}`, numeric: true })),
    ],
    rows: methods.map(({ method, scores }) => [method, ...scores.map(scoreText)]),
  };
}

function layerBlocks(comparison: MethodComparison, best: ComparedMethod): Block[] {
  const explanation =
    'A dead channel never spiked though the float network’s was active; an inactive one never was in either. Saturated channels fire at their limit in more than 1 % of the cases. Clipped activations lie above what the highest rate stands for.';
  const missing =
    best.uncompared.length === 0
      ? ''
      : ` Not compared, since their neurons stand elsewhere than the ReLU did: ${best.uncompared.join(', ')}.`;
  const caption = `${best.method} at T = ${decimal(comparison.steps, 0)}`;
  const names = ['units', 'scale', 'correlation', 'mean error', 'spikes'];
  const ofChannels = ['channels', 'dead', 'inactive', 'saturated', 'clipped activations'];
  const table = (own: string, titles: string[], rows: string[][]): Table => ({
    kind: 'table',
    caption: `${caption}: ${own}`,
    columns: [{ title: 'layer' }, ...titles.map(numeric)],
    rows,
  });
  return [
    layerFigure(comparison),
    table('rates, spikes of one observation', names, best.layers.map(rateRow)),
    table('channels', ofChannels, best.layers.filter(({ readout }) => !readout).map(channelRow)),
    { kind: 'paragraph', text: `${explanation}${missing}` },
  ];
}

function numeric(title: string): { readonly title: string; readonly numeric: boolean } {
  return { title, numeric: true };
}

function rateRow(layer: LayerAnalysis): string[] {
  return [
    layer.name,
    decimal(layer.units, 0),
    significant(layer.scale),
    orDash(layer.correlation, (value) => decimal(value, 4)),
    significant(layer.meanError),
    orDash(layer.spikes, significant),
  ];
}

function channelRow(layer: LayerAnalysis): string[] {
  const counts = [layer.deadChannels, layer.inactiveChannels, layer.saturatedChannels];
  return [
    layer.name,
    decimal(layer.channels, 0),
    ...counts.map((count) => orDash(count, (value) => decimal(value, 0))),
    orDash(layer.clippedShare, (share) => percent(share, 2)),
  ];
}

function costBlocks(comparison: MethodComparison): Block[] {
  const { methods, float } = comparison;
  return [
    energyFigure(comparison),
    {
      kind: 'table',
      caption: `Operations for one observation at T = ${decimal(comparison.steps, 0)}; the float network takes ${decimal(float.multiplyAccumulates, 0)} multiply-accumulates`,
      columns: [
        { title: 'method' },
        ...['spikes', 'synaptic operations', 'multiply-accumulates', 'membrane updates'].map(
          numeric,
        ),
      ],
      rows: methods.map(({ method, cost }) => [
        method,
        significant(cost.spikes),
        significant(cost.synapticOperations),
        significant(cost.multiplyAccumulates),
        decimal(cost.membraneUpdates, 0),
      ]),
    },
  ];
}

function facts(
  comparison: MethodComparison,
  { network }: ComparisonAbout,
  best: ComparedMethod,
): [string, string][] {
  const { calibrationRows, testRows, heldBack, outputs, inputs } = comparison;
  const { float, times, steps, methods } = comparison;
  const tested = heldBack ? 'every tenth row, held back from the calibration' : 'rows of their own';
  return [
    ['Network', `${network}, ${decimal(inputs, 0)} inputs, ${decimal(outputs, 0)} outputs`],
    ['Calibration', `${decimal(calibrationRows, 0)} observations`],
    ['Test', `${decimal(testRows, 0)} observations: ${tested}`],
    ...(float.accuracy === null
      ? []
      : [['Accuracy of the float network', percent(float.accuracy, 2)] as [string, string]]),
    [
      'Simulation',
      `constant input, direct semantics, potentials read after ${times.join(', ')} steps of one run; ranked at ${steps}`,
    ],
    [methods.length === 1 ? 'Method' : 'Best method', `${best.method} (${best.source})`],
    [
      'Energy',
      `${energyPerAccumulate} pJ for an addition, ${energyPerMultiplyAccumulate} pJ for a multiplication with addition (45 nm, 32 bit); memory traffic, neuron updates and leaks are not in it`,
    ],
  ];
}

function skippedTable({ skipped }: MethodComparison): Table {
  return {
    kind: 'table',
    caption: 'Methods that do not apply',
    columns: [{ title: 'method' }, { title: 'reason', wide: true }],
    rows: skipped.map(({ method, reason }) => [method, reason]),
  };
}
