import type { RasterChart } from '../chart.js';
import { seriesColour } from '../palette.js';
import { bandAxis, horizontalAxis } from './axis.js';
import { leftMarginFor, shortName } from './names.js';
import { margin, type ChartOption, type Size } from './option.js';

/** Rows left empty between two groups. */
const gap = 2;
const longestName = 18;
const topMargin = 8;
const tallestRow = 9;
const shortestRow = 1;
const idealPlotHeight = 320;

export function rasterHeight(chart: RasterChart): number {
  const ideal = idealPlotHeight / rowsOf(chart);
  const row = Math.min(tallestRow, Math.max(shortestRow, ideal));
  return Math.round(topMargin + row * rowsOf(chart) + margin.bottom);
}

export function rasterOption(chart: RasterChart, size: Size): ChartOption {
  const rows = rowsOf(chart);
  const leftMargin = leftMarginOf(chart);
  const columnWidth = (size.width - leftMargin - margin.right) / chart.steps;
  const rowHeight = (size.height - topMargin - margin.bottom) / rows;
  const symbolSize = [Math.max(0.8, columnWidth * 0.72), Math.max(0.8, rowHeight * 0.8)];
  const bands = placeBands(chart);
  return {
    grid: { ...margin, left: leftMargin, top: topMargin },
    xAxis: horizontalAxis({
      ticks: stepTicks(chart.steps),
      ...chart.x,
      min: 0.5,
      max: chart.steps + 0.5,
    }),
    yAxis: bandAxis(bands, rows),
    series: marks(chart, bands, symbolSize),
  };
}

function marks(
  chart: RasterChart,
  bands: readonly { readonly top: number }[],
  symbolSize: number[],
) {
  return chart.groups.flatMap(({ events }, index) => {
    // echarts cannot draw a `large` series without data.
    if (events.length === 0) return [];
    return {
      type: 'scatter' as const,
      silent: true,
      // All marks of a group become one path: a hundredth of the size of one element each.
      large: true,
      largeThreshold: 0,
      symbol: 'rect',
      symbolSize,
      color: seriesColour(index),
      itemStyle: { opacity: 1 },
      data: events.map(([step, unit]) => [step + 1, (bands[index]?.top ?? 0) + unit + 0.5]),
    };
  });
}

/** 1 and at most ten round numbers after it: steps are counted from 1 where people read them. */
function stepTicks(steps: number): number[] {
  const width = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((w) => steps / w <= 10) ?? steps;
  const round = Array.from({ length: Math.floor(steps / width) }, (_, k) => (k + 1) * width);
  return [...new Set([1, ...round])];
}

function leftMarginOf({ groups }: RasterChart): number {
  return leftMarginFor(groups.map(({ name }) => shortName(name, longestName)));
}

function rowsOf({ groups }: RasterChart): number {
  return groups.reduce((sum, { size }) => sum + size, 0) + gap * (groups.length - 1);
}

function placeBands({ groups }: RasterChart): { name: string; top: number; middle: number }[] {
  let top = 0;
  return groups.map(({ name, size }) => {
    const band = { name: shortName(name, longestName), top, middle: top + size / 2 };
    top += size + gap;
    return band;
  });
}
