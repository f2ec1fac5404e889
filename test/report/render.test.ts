import { expect } from 'chai';
import { renderReport } from '../../ts/report/render.js';
import type { Chart } from '../../ts/report/chart.js';
import type { Block, Report } from '../../ts/report/report.js';

const hostile = `<script>alert(1)</script>"'&<img src=x onerror=alert(1)>\u0000{a|b}`;

const charts = (text: string): Chart[] => [
  {
    kind: 'line',
    x: { title: text, scale: 'log' },
    y: { title: text, percent: true },
    series: [
      {
        name: text,
        points: [
          [1, 0.5],
          [10, 0.75],
        ],
      },
      { name: text, points: [[1, 0.25]] },
    ],
  },
  {
    kind: 'bar',
    categoryTitle: text,
    categories: [text, 'other'],
    y: { title: text },
    series: [
      { name: text, values: [1, 2] },
      { name: text, values: [3, 4] },
    ],
  },
  {
    kind: 'raster',
    x: { title: text },
    steps: 10,
    groups: [
      {
        name: text,
        size: 2,
        events: [
          [0, 0],
          [9, 1],
        ],
      },
    ],
  },
];

/** Every kind of block, with the same text wherever text may stand. */
function everyBlock(text: string): Report {
  const figures = charts(text).map((chart): Block => ({
    kind: 'figure',
    title: text,
    caption: text,
    description: text,
    chart,
  }));
  return {
    title: text,
    subtitle: text,
    footer: text,
    blocks: [
      { kind: 'heading', text },
      { kind: 'paragraph', text },
      { kind: 'highlights', items: [{ label: text, value: text, note: text }] },
      { kind: 'facts', rows: [[text, text]] },
      {
        kind: 'table',
        caption: text,
        columns: [{ title: text }, { title: text }],
        rows: [[text, text]],
      },
      { kind: 'commands', items: [{ purpose: text, command: text }] },
      ...figures,
    ],
  };
}

/** What is inside the figures' SVG depends on which labels have room. */
function withoutDrawings(html: string): string {
  return html.replace(/(<svg class="[^>]*>).*?<\/svg>/gs, '$1</svg>');
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** The names of all elements in the page but the inside of drawings, with how often they occur. */
function tagCounts(html: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, name = ''] of withoutDrawings(html).matchAll(/<([a-z][a-z0-9]*)/gi)) {
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('renderReport', () => {
  it('turns hostile text into text everywhere', () => {
    const html = renderReport(everyBlock(hostile));
    const harmless = renderReport(everyBlock('harmless'));
    expect(tagCounts(html)).to.deep.equal(tagCounts(harmless));
    expect(html).to.not.match(/<script|<img/i);
    expect(count(html, '&lt;script&gt;')).to.be.above(40);
    expect(count(withoutDrawings(html), '&lt;script&gt;')).to.equal(
      count(withoutDrawings(harmless), 'harmless'),
    );
    expect(html.match(/<text [^>]*>&lt;script&gt;/g)).to.have.length.above(5);
    expect(html).to.not.include('\u0000');
  });

  it('gives the same bytes for the same report', () => {
    expect(renderReport(everyBlock('text'))).to.equal(renderReport(everyBlock('text')));
  });

  it('uses every id once', () => {
    const html = renderReport(everyBlock('text'));
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).to.include('figure-3');
    expect(new Set(ids).size).to.equal(ids.length);
    const targets = [...html.matchAll(/(?:url\(#|aria-labelledby=")([^)"]*)/g)].map(([, id]) => id);
    expect(targets).to.not.be.empty;
    expect(ids).to.include.members(targets);
  });

  it('holds nothing that would make a browser fetch or run anything', () => {
    const html = renderReport(everyBlock('text'));
    const addresses = [...html.matchAll(/\b(?:src|href|action)="([^"]*)"/g)].map(
      ([, address]) => address,
    );
    expect(addresses).to.deep.equal(['data:,']);
    expect(html).to.not.match(/@import|url\((?!#)|<script|\son\w+=/i);
    expect(html).to.include(
      `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`,
    );
  });

  it('gives table headers their scope and figures a name', () => {
    const html = renderReport(everyBlock('text'));
    const headers = [...html.matchAll(/<th[ >][^>]*/g)].map(([header]) => header);
    expect(headers).to.have.length.above(4);
    for (const header of headers) expect(header).to.match(/scope="(col|row)"/);
    const drawings = [...html.matchAll(/<svg class="(?:wide|narrow)"[^>]*>/g)].map(([svg]) => svg);
    expect(drawings).to.have.length(6);
    for (const svg of drawings)
      expect(svg).to.match(/viewBox="0 0 \d+ \d+" role="img" aria-label="text"/);
  });

  it('counts the figures and repeats their numbers as tables', () => {
    const html = renderReport(everyBlock('text'));
    expect(html.match(/<b>Figure \d<\/b>|<b>Figure \d\.<\/b>/g)).to.deep.equal([
      '<b>Figure 1.</b>',
      '<b>Figure 2.</b>',
      '<b>Figure 3.</b>',
    ]);
    expect(html).to.include(
      '<tr><th scope="row">10</th><td class="number">75 %</td><td class="number">–</td></tr>',
    );
    expect(html).to.include(
      '<tr><th scope="row">other</th><td class="number">2</td><td class="number">4</td></tr>',
    );
    expect(html).to.not.include('Figure 3 in numbers');
  });

  it('leaves out what a report does not have', () => {
    const html = renderReport({ title: 'bare', blocks: [] });
    expect(html)
      .to.include('<title>bare</title>')
      .and.to.not.match(/class="lead"|<footer/);
  });
});
