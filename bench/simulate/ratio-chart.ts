import { bar, decades, line, svgDocument, text } from '../svg.js';
import { comparisons } from './outcome.js';
import type { Outcome } from './outcome.js';

const width = 760;
const rowHeight = 26;
const plotLeft = 250;
const plotRight = 690;
const top = 64;

/** Bars of the measured ratios on a logarithmic axis from 1, a mark at each target. */
export function ratioChart(outcomes: readonly Outcome[], where: string): string {
  const rows = outcomes.flatMap(comparisons);
  const ticks = decades(1, Math.max(...rows.flatMap(({ ratio, target }) => [ratio ?? 1, target])));
  const most = Math.log10(ticks.at(-1)!);
  const x = (ratio: number): number =>
    plotLeft + ((plotRight - plotLeft) * Math.log10(Math.max(ratio, 1))) / most;
  const bottom = top + rows.length * rowHeight;
  const parts = [
    text(16, 22, 'Simulated observations per second: spiq over its best peer'),
    text(16, 40, `T = 100, same weights and observations; mark: target. ${where}`, 'soft'),
    ...ticks.flatMap((tick) => [
      line([x(tick), top - 6], [x(tick), bottom], 'grid'),
      text(x(tick), bottom + 18, `${tick.toLocaleString('en-US')}×`, 'soft middle'),
    ]),
    ...rows.flatMap(({ trial, against, ratio, target }, index) => {
      const y = top + index * rowHeight;
      const name = trial.replace(/^simulate\//, '');
      const reached = ratio !== null && ratio >= target;
      const label = ratio === null ? 'not measured' : `${Number(ratio.toPrecision(3))}×`;
      const end = x(Math.max(ratio ?? 1, target));
      return [
        text(plotLeft - 10, y + 15, `${name} : ${against}`, 'right'),
        bar(
          plotLeft,
          y + 3,
          x(ratio ?? 1) - plotLeft,
          rowHeight - 9,
          reached ? 'reached' : 'missed',
        ),
        line([x(target), y], [x(target), y + rowHeight - 3], 'target'),
        text(end + 8, y + 15, label),
      ];
    }),
  ];
  return svgDocument(width, bottom + 30, 'Ratio of spiq to its best peer in each trial', parts);
}
