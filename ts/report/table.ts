import { escapeHtml } from './escape.js';
import type { Table } from './report.js';

/** A wide table scrolls in its own frame; `tabindex` lets the keyboard scroll it too. */
export function renderTable({ caption, columns, rows }: Table): string {
  const classOf = (index: number): string => {
    const { numeric = false, wide = false } = columns[index] ?? {};
    if (numeric) return ' class="number"';
    return wide ? ' class="words"' : '';
  };
  const head = columns.map(
    ({ title }, index) => `<th scope="col"${classOf(index)}>${escapeHtml(title)}</th>`,
  );
  const body = rows.map((cells) => {
    const line = cells.map((text, index) =>
      index === 0
        ? `<th scope="row"${classOf(0)}>${escapeHtml(text)}</th>`
        : `<td${classOf(index)}>${escapeHtml(text)}</td>`,
    );
    return `<tr>${line.join('')}</tr>`;
  });
  const name = escapeHtml(caption);
  return `<div class="scroll" role="region" tabindex="0" aria-label="${name}"><table>
<caption>${name}</caption>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}
