import type { BarChart } from '../chart.js';
import { seriesColour } from '../palette.js';
import { categoryAxis, horizontalAxis, nameAxis, verticalAxis } from './axis.js';
import { leftMarginFor, shortName } from './names.js';
import { margin, type ChartOption } from './option.js';

const topMargin = 8;
const barWidth = 13;
const betweenCategories = 11;

export function barHeight({ categories, series }: BarChart): number {
  const each = series.length * (barWidth + 1) + betweenCategories;
  return topMargin + categories.length * each + margin.bottom;
}

export function barOption(chart: BarChart): ChartOption {
  return chart.horizontal === true ? horizontalBars(chart) : uprightBars(chart);
}

function uprightBars(chart: BarChart): ChartOption {
  return {
    grid: margin,
    xAxis: categoryAxis(chart.categoryTitle, chart.categories),
    yAxis: verticalAxis(chart.y),
    series: seriesOf(chart, { borderRadius: [2, 2, 0, 0], barMaxWidth: 56 }),
  };
}

function horizontalBars(chart: BarChart): ChartOption {
  const names = chart.categories.map((name) => shortName(name));
  return {
    grid: { ...margin, top: topMargin, left: leftMarginFor(names) },
    xAxis: { ...horizontalAxis(chart.y), splitLine: verticalAxis(chart.y).splitLine },
    yAxis: nameAxis(names),
    series: seriesOf(chart, { borderRadius: [0, 2, 2, 0], barMaxWidth: barWidth }),
  };
}

function seriesOf(
  chart: BarChart,
  { borderRadius, barMaxWidth }: { borderRadius: number[]; barMaxWidth: number },
): NonNullable<ChartOption['series']> {
  return chart.series.map(({ values }, index) => ({
    type: 'bar' as const,
    silent: true,
    data: [...values],
    color: seriesColour(index),
    itemStyle: { borderRadius },
    barGap: '8%',
    barCategoryGap: '22%',
    barMaxWidth,
  }));
}
