import type { CustomSeriesOption } from 'echarts/charts';
import type { LineChart, LineSeries } from '../chart.js';
import { seriesColour, seriesDash, seriesMarker } from '../palette.js';
import { horizontalAxis, verticalAxis } from './axis.js';
import { margin, type ChartOption } from './option.js';

/** Above so many points a marker on each would hide the line. */
const mostMarkers = 16;
const bandOpacity = 0.18;

export function lineOption(chart: LineChart): ChartOption {
  return {
    grid: margin,
    xAxis: horizontalAxis(chart.x),
    yAxis: verticalAxis(chart.y),
    series: chart.series.flatMap((series, index) => [
      ...bandOf(series, index),
      lineOf(series, index),
    ]),
  };
}

function lineOf({ points }: LineSeries, index: number) {
  return {
    type: 'line' as const,
    silent: true,
    clip: false,
    data: points.map(([x, y]) => [x, y]),
    color: seriesColour(index),
    lineStyle: { width: 2.25, type: seriesDash(index) },
    symbol: seriesMarker(index),
    symbolSize: 8,
    showSymbol: points.length <= mostMarkers,
  };
}

/** One outline, there along the upper ends and back along the lower ones: pieces would show their seams. */
function bandOf({ band = [] }: LineSeries, index: number): CustomSeriesOption[] {
  if (band.length < 2) return [];
  const data = band.map(([x, low, high]) => [x, low, high]);
  return [
    {
      type: 'custom',
      silent: true,
      data,
      encode: { x: 0, y: [1, 2] },
      renderItem: ({ dataIndex }, api) => {
        if (dataIndex > 0) return null;
        const there = band.map(([x, , high]) => api.coord([x, high]));
        const back = band.map(([x, low]) => api.coord([x, low])).reverse();
        const style = { fill: seriesColour(index), opacity: bandOpacity };
        return { type: 'polygon', shape: { points: [...there, ...back] }, style };
      },
    },
  ];
}
