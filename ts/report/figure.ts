import { chartTable } from './chart-table.js';
import { drawChart, layouts } from './draw.js';
import { escapeHtml } from './escape.js';
import { renderLegend } from './legend.js';
import type { Figure } from './report.js';
import { renderTable } from './table.js';

export function renderFigure(figure: Figure, number: number): string {
  const { title, caption, description, chart } = figure;
  const id = `figure-${number}`;
  const drawings = layouts.map((layout) =>
    drawChart(chart, layout, `${id}-${layout}`, description),
  );
  const table = chartTable(chart, `Figure ${number} in numbers`);
  const numbers =
    table === null
      ? ''
      : `<details><summary>${table.caption}</summary>${renderTable(table)}</details>`;
  return `<figure id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${escapeHtml(title)}</h3>
${renderLegend(chart)}
${drawings.join('\n')}
<figcaption><b>Figure ${number}.</b> ${escapeHtml(caption)}</figcaption>
${numbers}
</figure>`;
}
