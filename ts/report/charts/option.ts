import type {
  BarSeriesOption,
  CustomSeriesOption,
  LineSeriesOption,
  ScatterSeriesOption,
} from 'echarts/charts';
import type { GridComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';

/** What the modules registered in `draw.ts` understand of echarts' options. */
export type ChartOption = ComposeOption<
  | BarSeriesOption
  | CustomSeriesOption
  | LineSeriesOption
  | ScatterSeriesOption
  | GridComponentOption
>;

/** In SVG units, which are CSS pixels where the figure is shown at its natural size. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Room around the plotting area for labels and axis titles, in SVG units. */
export const margin = { left: 52, right: 18, top: 34, bottom: 50 } as const;
