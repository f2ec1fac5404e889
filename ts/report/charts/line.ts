import type { LineChart } from '../chart.js';
import { seriesColour, seriesDash, seriesMarker } from '../palette.js';
import { horizontalAxis, verticalAxis } from './axis.js';
import { margin, type ChartOption } from './option.js';

/** Above so many points a marker on each would hide the line. */
const mostMarkers = 16;

export function lineOption(chart: LineChart): ChartOption {
  return {
    grid: margin,
    xAxis: horizontalAxis(chart.x),
    yAxis: verticalAxis(chart.y),
    series: chart.series.map(({ points }, index) => ({
      type: 'line',
      silent: true,
      clip: false,
      data: points.map(([x, y]) => [x, y]),
      color: seriesColour(index),
      lineStyle: { width: 2.25, type: seriesDash(index) },
      symbol: seriesMarker(index),
      symbolSize: 8,
      showSymbol: points.length <= mostMarkers,
    })),
  };
}
