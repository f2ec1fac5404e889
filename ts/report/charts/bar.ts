import type { BarChart } from '../chart.js';
import { seriesColour } from '../palette.js';
import { categoryAxis, verticalAxis } from './axis.js';
import { margin, type ChartOption } from './option.js';

export function barOption(chart: BarChart): ChartOption {
  return {
    grid: margin,
    xAxis: categoryAxis(chart.categoryTitle, chart.categories),
    yAxis: verticalAxis(chart.y),
    series: chart.series.map(({ values }, index) => ({
      type: 'bar',
      silent: true,
      data: [...values],
      color: seriesColour(index),
      itemStyle: { borderRadius: [2, 2, 0, 0] },
      barGap: '8%',
      barCategoryGap: '22%',
      barMaxWidth: 56,
    })),
  };
}
