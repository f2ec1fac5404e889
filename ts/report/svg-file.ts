import type { Chart } from './chart.js';
import { wrapText } from './charts/names.js';
import { drawChart } from './draw.js';
import { escapeHtml } from './escape.js';
import { legendItems } from './legend.js';
import { figureColours } from './style.js';

export interface SvgPanel {
  readonly title: string;
  /** What the panel shows, in words. */
  readonly description: string;
  readonly chart: Chart;
}

export interface SvgAbout {
  readonly title: string;
  /** A line or more under the panels. */
  readonly note: string;
}

/** In SVG units. */
const gap = 24;
const headline = 44;
const panelTitle = 26;
const legendRow = 20;
const lineHeight = 18;
const swatchWidth = 36;
/** Of 13 px type, an average that leaves room for wide letters. */
const characterWidth = 7;

/** Panels as one SVG file of its own, with the colours of the scheme that its viewer prefers. */
export function renderSvg(panels: readonly SvgPanel[], { title, note }: SvgAbout): string {
  const layout = panels.length > 1 ? 'narrow' : 'wide';
  const columns = panels.length > 1 ? 2 : 1;
  const drawn = panels.map((panel, index) => drawPanel(panel, layout, index));
  const [width, height] = [
    Math.max(...drawn.map((panel) => panel.width)),
    Math.max(...drawn.map((panel) => panel.height)),
  ];
  const totalWidth = columns * width + (columns + 1) * gap;
  const rows = Math.ceil(panels.length / columns);
  const noteLines = wrapText(note, Math.floor((totalWidth - 2 * gap) / characterWidth));
  const noteTop = headline + rows * (height + gap);
  const totalHeight = noteTop + noteLines.length * lineHeight + gap / 2;
  const places = drawn.map(({ svg }, index) => {
    const x = gap + (index % columns) * (width + gap);
    const y = headline + Math.floor(index / columns) * (height + gap);
    return `<g transform="translate(${x} ${y})">\n${svg}\n</g>`;
  });
  const notes = noteLines.map((line, index) =>
    text(gap, noteTop + (index + 0.5) * lineHeight, line, 'soft'),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${totalWidth} ${totalHeight}" width="${totalWidth}" height="${totalHeight}" role="img" aria-label="${escapeHtml(title)}">
<style>
${figureColours}
svg { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; }
.title { font-size: 17px; font-weight: 650; fill: var(--ink); } .panel { font-size: 14px; font-weight: 600; fill: var(--ink); }
.label { font-size: 13px; fill: var(--ink); } .soft { font-size: 13px; fill: var(--soft); }
</style>
<rect width="${totalWidth}" height="${totalHeight}" fill="var(--card)"/>
${[text(gap, 28, title, 'title'), ...places, ...notes].join('\n')}
</svg>
`;
}

function drawPanel(
  { title, description, chart }: SvgPanel,
  layout: 'wide' | 'narrow',
  index: number,
) {
  const drawing = drawChart(chart, layout, `panel-${index + 1}`, description);
  const [, , width = 0, height = 0] = (/viewBox="([^"]*)"/.exec(drawing)?.[1] ?? '')
    .split(' ')
    .map(Number);
  const legend = layLegend(chart, width);
  const top = panelTitle + legend.height;
  // The element needs a size of its own inside another.
  const sized = drawing.replace('<svg ', `<svg y="${top}" width="${width}" height="${height}" `);
  const svg = [text(0, 14, title, 'panel'), ...legend.parts, sized].join('\n');
  return { svg, width, height: top + height };
}

/** From left to right, on as many lines as it needs. */
function layLegend(chart: Chart, width: number): { parts: string[]; height: number } {
  const items = legendItems(chart);
  let [x, row] = [0, 0];
  const parts = items.map(({ name, swatch }) => {
    const room = swatchWidth + name.length * characterWidth + 12;
    if (x > 0 && x + room > width) [x, row] = [0, row + 1];
    const y = panelTitle + row * legendRow;
    const part = `<g transform="translate(${x} ${y})">${swatch}${text(swatchWidth, 10, name, 'label')}</g>`;
    x += room;
    return part;
  });
  return { parts, height: items.length === 0 ? 0 : (row + 1) * legendRow };
}

function text(x: number, y: number, content: string, className: string): string {
  return `<text x="${x}" y="${y}" class="${className}">${escapeHtml(content)}</text>`;
}
