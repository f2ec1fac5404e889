import { mean, sampleDeviation } from '../agent/statistics.js';
import { valueAt } from './smooth.js';
import type { Trace } from './smooth.js';

/** `range`: from the smallest to the largest run; `error`: the mean ± its standard error over the runs. */
export const bands = ['range', 'error', 'none'] as const;
export type Band = (typeof bands)[number];

export interface CurvePoint {
  readonly x: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** How many runs have a value here. */
  readonly runs: number;
}

/** A drawing shows no more. */
const mostPoints = 400;

/** The runs of a group as one curve, as long as at least half of them have a value. */
export function merge(traces: readonly Trace[], band: Band): CurvePoint[] {
  return gridOf(traces).flatMap((x) => {
    const values = traces.flatMap((one) => valueAt(one, x) ?? []);
    if (values.length === 0 || 2 * values.length < traces.length) return [];
    const centre = mean(values);
    const [low, high] = ends(values, centre, band);
    return [{ x, mean: centre, low, high, runs: values.length }];
  });
}

function ends(values: readonly number[], centre: number, band: Band): [low: number, high: number] {
  if (band === 'range') {
    return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  }
  if (band === 'none') return [centre, centre];
  const error = (sampleDeviation(values) ?? 0) / Math.sqrt(values.length);
  return [centre - error, centre + error];
}

/** Every x that a run has, or evenly spaced ones where they are too many. */
function gridOf(traces: readonly Trace[]): number[] {
  const all = [...new Set(traces.flatMap(({ x }) => [...x]))].sort((a, b) => a - b);
  if (all.length <= mostPoints) return all;
  const [first, last] = [all[0]!, all.at(-1)!];
  return Array.from(
    { length: mostPoints },
    (_, k) => first + ((last - first) * k) / (mostPoints - 1),
  );
}
