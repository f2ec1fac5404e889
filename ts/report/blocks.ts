import { escapeHtml } from './escape.js';
import { renderFigure } from './figure.js';
import type { Block, Commands, Facts, Highlights } from './report.js';
import { renderTable } from './table.js';

/** `nextFigure` counts the figures of the page from 1. */
export function renderBlock(block: Block, nextFigure: () => number): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case 'paragraph':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'highlights':
      return renderHighlights(block);
    case 'facts':
      return renderFacts(block);
    case 'table':
      return renderTable(block);
    case 'commands':
      return renderCommands(block);
    case 'figure':
      return renderFigure(block, nextFigure());
  }
}

function renderHighlights({ items }: Highlights): string {
  const tiles = items.map(({ label, value, note }) => {
    const small = note === undefined ? '' : `<dd class="note">${escapeHtml(note)}</dd>`;
    return `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>${small}</div>`;
  });
  return `<dl class="highlights">\n${tiles.join('\n')}\n</dl>`;
}

function renderFacts({ rows }: Facts): string {
  const lines = rows.map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return `<dl class="facts">\n${lines.join('\n')}\n</dl>`;
}

function renderCommands({ items }: Commands): string {
  const steps = items.map(({ purpose, command }) => {
    return `<li><p>${escapeHtml(purpose)}</p><pre><code>${escapeHtml(command)}</code></pre></li>`;
  });
  return `<ol class="commands">\n${steps.join('\n')}\n</ol>`;
}
