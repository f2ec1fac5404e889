import type { Axis } from '../chart.js';
import { ink, rule, softInk } from '../palette.js';
import { margin } from './option.js';

/** In SVG units. */
export const fontSize = 13;

const line = { lineStyle: { color: softInk, width: 1 } };
/** At the foot of the plot, wherever the other axis has its zero. */
const baseLine = { ...line, onZero: false };
const label = { color: softInk, fontSize, hideOverlap: true };
const title = { color: ink, fontSize };

/** The title of an upright axis stands level above it, where it reads without turning the head. */
const uprightTitle = {
  nameLocation: 'end' as const,
  nameGap: 16,
  nameTextStyle: { ...title, align: 'left' as const, padding: [0, 0, 0, 4 - margin.left] },
};

const levelTitle = { nameLocation: 'middle' as const, nameGap: 30, nameTextStyle: title };

export function horizontalAxis(axis: Axis) {
  return { ...valueAxis(axis), ...levelTitle, axisLine: baseLine, splitLine: { show: false } };
}

export function verticalAxis(axis: Axis) {
  return {
    ...valueAxis(axis),
    ...uprightTitle,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: rule, width: 1 } },
  };
}

export function categoryAxis(name: string, categories: readonly string[]) {
  return {
    type: 'category' as const,
    data: [...categories],
    name,
    ...levelTitle,
    axisLine: baseLine,
    axisTick: { ...line, alignWithLabel: true },
    axisLabel: label,
  };
}

/** Categories from top to bottom, each by its name. */
export function nameAxis(names: readonly string[]) {
  return {
    type: 'category' as const,
    inverse: true,
    data: [...names],
    axisLine: line,
    axisTick: { show: false },
    axisLabel: { ...label, color: ink, hideOverlap: false, interval: 0 },
  };
}

/** Rows of a raster: names stand in the middle of their band, at `ticks`. */
export function bandAxis(
  bands: readonly { readonly name: string; readonly middle: number }[],
  max: number,
) {
  const names = new Map(bands.map(({ name, middle }) => [middle, name]));
  const customValues = [...names.keys()];
  return {
    type: 'value' as const,
    inverse: true,
    min: 0,
    max,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: {
      ...label,
      color: ink,
      hideOverlap: false,
      customValues,
      formatter: (value: number) => names.get(value) ?? '',
    },
  };
}

function valueAxis({
  title: name,
  scale = 'linear',
  percent = false,
  fitted = false,
  min,
  max,
  ticks,
}: Axis) {
  const customValues = ticks === undefined ? {} : { customValues: [...ticks] };
  return {
    type: scale === 'log' ? ('log' as const) : ('value' as const),
    name,
    scale: fitted,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    axisTick: { ...line, ...customValues },
    axisLabel: {
      ...label,
      ...customValues,
      formatter: (value: number) => axisNumber(value, percent),
    },
  };
}

/** Rounded to what float64 arithmetic of the ticks leaves certain, so that 0.30000000000000004 is 0.3. */
export function axisNumber(value: number, percent: boolean): string {
  const shown = Number((percent ? value * 100 : value).toPrecision(6));
  return percent ? `${shown} %` : shown.toLocaleString('en', { maximumFractionDigits: 6 });
}
