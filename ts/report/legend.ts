import type { Chart } from './chart.js';
import { escapeHtml } from './escape.js';
import { seriesColour, seriesDash, seriesMarker } from './palette.js';

const markerShapes: Readonly<Record<string, string>> = {
  circle: '<circle cx="14" cy="6" r="4"/>',
  rect: '<rect x="10" y="2" width="8" height="8"/>',
  triangle: '<path d="M14 2L18 10L10 10Z"/>',
  diamond: '<path d="M14 1L18 6L14 11L10 6Z"/>',
};

export interface LegendItem {
  readonly name: string;
  /** An SVG element 12 units high. */
  readonly swatch: string;
}

/** Nothing where there is one series only, and for a raster, which names its bands itself. */
export function legendItems(chart: Chart): LegendItem[] {
  if (chart.kind === 'raster' || chart.series.length < 2) return [];
  return chart.series.map(({ name }, index) => ({
    name,
    swatch: chart.kind === 'line' ? lineSwatch(index) : barSwatch(index),
  }));
}

/** HTML rather than part of the drawing, so that it wraps on a narrow page. */
export function renderLegend(chart: Chart): string {
  const items = legendItems(chart).map(
    ({ name, swatch }) => `<li>${swatch}${escapeHtml(name)}</li>`,
  );
  return items.length === 0 ? '' : `<ul class="legend">${items.join('')}</ul>`;
}

function lineSwatch(index: number): string {
  const colour = seriesColour(index);
  const marker = markerShapes[seriesMarker(index)] ?? '';
  const dash = seriesDash(index).join(' ');
  return `<svg width="28" height="12" viewBox="0 0 28 12" aria-hidden="true" fill="${colour}"><path d="M0 6L28 6" stroke="${colour}" stroke-width="2.25" stroke-dasharray="${dash || 'none'}"/>${marker}</svg>`;
}

function barSwatch(index: number): string {
  return `<svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><rect width="12" height="12" rx="2" fill="${seriesColour(index)}"/></svg>`;
}
