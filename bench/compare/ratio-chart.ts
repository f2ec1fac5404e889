import { bar, decades, line, svgDocument, text } from '../svg.js';
import { comparisons } from './outcome.js';
import type { Outcome } from './outcome.js';

const width = 760;
const rowHeight = 26;
const plotLeft = 250;
const plotRight = 690;
const top = 64;

export interface ChartWords {
  readonly title: string;
  readonly note: string;
}

/** Bars of the measured ratios on a logarithmic axis from 1, a mark at each target. */
export function ratioChart(outcomes: readonly Outcome[], { title, note }: ChartWords): string {
  const rows = outcomes.flatMap(comparisons);
  const largest = rows.flatMap(({ ratio, target }) => [ratio ?? 1, target ?? 1]);
  const ticks = decades(1, Math.max(...largest));
  const most = Math.log10(ticks.at(-1)!);
  const x = (ratio: number): number =>
    plotLeft + ((plotRight - plotLeft) * Math.log10(Math.max(ratio, 1))) / most;
  const bottom = top + rows.length * rowHeight;
  const parts = [
    text(16, 22, title),
    text(16, 40, note, 'soft'),
    ...ticks.flatMap((tick) => [
      line([x(tick), top - 6], [x(tick), bottom], 'grid'),
      text(x(tick), bottom + 18, `${tick.toLocaleString('en-US')}×`, 'soft middle'),
    ]),
    ...rows.flatMap(({ trial, against, ratio, target }, index) => {
      const y = top + index * rowHeight;
      const name = trial.slice(trial.indexOf('/') + 1);
      const reached = ratio !== null && ratio >= (target ?? 0);
      const label = ratio === null ? 'not measured' : `${Number(ratio.toPrecision(3))}×`;
      const end = x(Math.max(ratio ?? 1, target ?? 1));
      return [
        text(plotLeft - 10, y + 15, `${name} : ${against}`, 'right'),
        bar(
          plotLeft,
          y + 3,
          x(ratio ?? 1) - plotLeft,
          rowHeight - 9,
          reached ? 'reached' : 'missed',
        ),
        ...(target === null
          ? []
          : [line([x(target), y], [x(target), y + rowHeight - 3], 'target')]),
        text(end + 8, y + 15, label),
      ];
    }),
  ];
  return svgDocument(width, bottom + 30, title, parts);
}
