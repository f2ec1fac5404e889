import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Chart } from './chart.js';
import { barHeight, barOption } from './charts/bar.js';
import { lineOption } from './charts/line.js';
import type { ChartOption, Size } from './charts/option.js';
import { rasterHeight, rasterOption } from './charts/raster.js';
import { cleanSvg } from './clean-svg.js';

echarts.use([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, SVGRenderer]);

/**
 * Each figure is drawn twice and the style sheet shows one: text scaled down from the wide drawing would be
 * unreadable on a phone. In SVG units, with room for about 60 and 30 characters of text.
 */
const widths = { wide: 760, narrow: 360 } as const;
const heights = { wide: 340, narrow: 280 } as const;

export type Layout = keyof typeof widths;
export const layouts: readonly Layout[] = ['wide', 'narrow'];

/** The chart as one `<svg>` element for use inside HTML; `id` prefixes the ids in it. */
export function drawChart(chart: Chart, layout: Layout, id: string, label: string): string {
  const height = heightOf(chart) ?? heights[layout];
  const size: Size = { width: widths[layout], height };
  const canvas = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    canvas.setOption({
      animation: false,
      textStyle: { fontFamily: 'inherit' },
      ...optionOf(chart, size),
    });
    return cleanSvg(canvas.renderToSVGString(), { id, label, className: layout });
  } finally {
    canvas.dispose();
  }
}

/** Of charts that grow with what they show. */
function heightOf(chart: Chart): number | undefined {
  if (chart.kind === 'raster') return rasterHeight(chart);
  return chart.kind === 'bar' && chart.horizontal === true ? barHeight(chart) : undefined;
}

function optionOf(chart: Chart, size: Size): ChartOption {
  if (chart.kind === 'line') return lineOption(chart);
  if (chart.kind === 'bar') return barOption(chart);
  return rasterOption(chart, size);
}
