import { renderBlock } from './blocks.js';
import { escapeHtml } from './escape.js';
import type { Report } from './report.js';
import { styleSheet } from './style.js';

/**
 * One HTML page that needs nothing but itself: no script, no request, figures as SVG. The same report gives
 * the same bytes. The policy in its head makes the browser refuse whatever a mistake might let in.
 */
export function renderReport({ title, subtitle, blocks, footer }: Report): string {
  let figures = 0;
  const nextFigure = (): number => (figures += 1);
  const body = blocks.map((block) => renderBlock(block, nextFigure));
  const lead = subtitle === undefined ? '' : `<p class="lead">${escapeHtml(subtitle)}</p>`;
  const end = footer === undefined ? '' : `<footer>${escapeHtml(footer)}</footer>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>
${styleSheet}
</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
${lead}
</header>
<main>
${body.join('\n')}
</main>
${end}
</body>
</html>
`;
}
