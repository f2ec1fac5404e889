import { renderReport } from '../report/render.js';
import { renderSvg } from '../report/svg-file.js';
import type { Chart, LineSeries } from '../report/chart.js';
import type { Block } from '../report/report.js';
import type { Curve, CurvePanel, Curves } from './curves.js';
import { capitalised, methodOf, nameOf, titleOf } from './words.js';

export interface CurvesAbout {
  readonly title: string;
  readonly footer?: string;
}

/** The curves as one page of HTML that needs nothing but itself. */
export function curvesPage(curves: Curves, { title, footer }: CurvesAbout): string {
  const figures = curves.panels.map((panel): Block => {
    const description = describe(panel, curves);
    const heading = capitalised(titleOf(panel.field));
    const caption = methodOf(curves);
    return { kind: 'figure', title: heading, caption, description, chart: chartOf(panel, curves) };
  });
  return renderReport({ title, blocks: figures, ...(footer !== undefined && { footer }) });
}

/** The curves as one SVG file, panels side by side from left to right and top to bottom. */
export function curvesSvg(curves: Curves, { title, footer }: CurvesAbout): string {
  const panels = curves.panels.map((panel) => ({
    title: capitalised(titleOf(panel.field)),
    description: describe(panel, curves),
    chart: chartOf(panel, curves),
  }));
  const note = methodOf(curves) + (footer === undefined ? '' : ` ${footer}`);
  return renderSvg(panels, { title, note });
}

function chartOf({ curves }: CurvePanel, { x }: Curves): Chart {
  return {
    kind: 'line',
    x: { title: titleOf(x), fitted: true },
    y: { title: '', fitted: true },
    series: curves.map((curve) => seriesOf(curve, nameOf(curve, curves))),
  };
}

function seriesOf({ points, runs }: Curve, name: string): LineSeries {
  const band = points.map(({ x, low, high }) => [x, low, high] as const);
  const shown = runs > 1 && points.some(({ low, high }) => low < high);
  return { name, points: points.map(({ x, mean }) => [x, mean] as const), ...(shown && { band }) };
}

function describe({ field, curves }: CurvePanel, { x }: Curves): string {
  const ends = curves.map((curve) => {
    const [first, last] = [curve.points[0]!, curve.points.at(-1)!];
    const value = (number: number): string => String(Number(number.toPrecision(3)));
    return `${nameOf(curve, curves)} from ${value(first.mean)} to ${value(last.mean)}`;
  });
  return `${capitalised(titleOf(field))} against ${titleOf(x)}: ${ends.join('; ')}.`;
}
