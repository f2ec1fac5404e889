/** Figures as plain data; `draw.ts` turns each into SVG. */
export type Chart = LineChart | BarChart | RasterChart;

export interface Axis {
  readonly title: string;
  readonly scale?: 'linear' | 'log';
  /** Shows 0.25 as 25 %. */
  readonly percent?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** Where to put labels, if not at round numbers. */
  readonly ticks?: readonly number[];
  /** Begins near the smallest value instead of at zero. */
  readonly fitted?: boolean;
}

export interface LineChart {
  readonly kind: 'line';
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly LineSeries[];
}

export interface LineSeries {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  /** A shaded area behind the line: x, its lower and its upper end. */
  readonly band?: readonly (readonly [x: number, low: number, high: number])[];
}

export interface BarChart {
  readonly kind: 'bar';
  /** Categories from top to bottom, for names that are long or many. */
  readonly horizontal?: boolean;
  readonly categoryTitle: string;
  readonly categories: readonly string[];
  readonly y: Axis;
  /** One value for each category. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/** Which unit of which group was active at which step: groups from top to bottom, steps to the right, shown from 1. */
export interface RasterChart {
  readonly kind: 'raster';
  readonly x: Axis;
  readonly steps: number;
  readonly groups: readonly {
    readonly name: string;
    readonly size: number;
    /** Pairs of step and unit, both from 0. */
    readonly events: readonly (readonly [number, number])[];
  }[];
}
