import type { BarChart, Chart, LineChart } from './chart.js';
import { axisNumber } from './charts/axis.js';
import type { Table } from './report.js';

/** The figure's numbers as a table; null for a raster, whose numbers say nothing one by one. */
export function chartTable(chart: Chart, caption: string): Table | null {
  if (chart.kind === 'raster') return null;
  return chart.kind === 'line' ? lineTable(chart, caption) : barTable(chart, caption);
}

function lineTable({ x, y, series }: LineChart, caption: string): Table {
  const columns = series.flatMap(({ name, points, band }) => [
    { name, points },
    ...(band === undefined
      ? []
      : [
          { name: `${name}, lowest`, points: band.map(([at, low]) => [at, low] as const) },
          { name: `${name}, highest`, points: band.map(([at, , high]) => [at, high] as const) },
        ]),
  ]);
  const lookups = columns.map(({ points }) => new Map(points));
  const steps = [...new Set(lookups.flatMap((points) => [...points.keys()]))].sort((a, b) => a - b);
  const rows = steps.map((step) => [
    axisNumber(step, x.percent ?? false),
    ...lookups.map((points) => cell(points.get(step), y.percent)),
  ]);
  return numericTable(caption, x.title, columns, rows);
}

function barTable({ categoryTitle, categories, y, series }: BarChart, caption: string): Table {
  const rows = categories.map((category, k) => [
    category,
    ...series.map(({ values }) => cell(values[k], y.percent)),
  ]);
  return numericTable(caption, categoryTitle, series, rows);
}

function numericTable(
  caption: string,
  first: string,
  series: readonly { readonly name: string }[],
  rows: string[][],
): Table {
  const columns = [{ title: first }, ...series.map(({ name }) => ({ title: name, numeric: true }))];
  return { kind: 'table', caption, columns, rows };
}

function cell(value: number | undefined, percent = false): string {
  return value === undefined ? '–' : axisNumber(Number(value.toPrecision(4)), percent);
}
