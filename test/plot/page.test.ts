import { expect } from 'chai';
import { learningCurves } from '../../ts/plot/index.js';
import type { CurveSource } from '../../ts/plot/index.js';
import { curvesPage, curvesSvg } from '../../ts/plot/page.js';
import { parseCsv } from '../../ts/run/index.js';
import { browserForCases, itFitsBrowsers } from '../report/browser.js';

/** Three runs that learn at their own pace. */
function sources(group: string): CurveSource[] {
  return [3, 5, 8].map((pace) => {
    const rows = Array.from({ length: 20 }, (_, k) => {
      const level = 500 / (1 + Math.exp(pace - k));
      return [`${k + 1},train,${level * 0.8},${level / 6}`, `${k + 1},test,${level},${level / 6}`];
    });
    const lines = ['epoch,phase,average_reward,meanq', '0,random,20,', ...rows.flat()];
    return { group, file: group, table: parseCsv(`${lines.join('\n')}\n`, group) };
  });
}
const fields = ['average_reward', 'meanq'];
const one = learningCurves(sources('a'), { fields });

describe('learning curves as a page', () => {
  itFitsBrowsers({ html: () => curvesPage(one, { title: 'CartPole' }), figures: 2, tables: 2 });

  it('says how the numbers became curves, and shows them with their bands', () => {
    const html = curvesPage(one, { title: 'CartPole <5>', footer: 'spiq' });
    expect(html).to.include('CartPole &lt;5&gt;');
    expect(html).to.include('mean of 3 runs');
    expect(html).to.include('from the lowest to the highest run');
    expect(html).to.include('Nothing is smoothed');
    expect(html).to.include('Test, highest');
    const smoothed = learningCurves(sources('a'), { fields, window: 4, band: 'error' });
    const words = curvesPage(smoothed, { title: 'a' });
    expect(words).to.include('mean of up to 4 rows').and.to.include('standard error');
  });
});

describe('learning curves as an SVG file', () => {
  const svg = curvesSvg(learningCurves([...sources('a'), ...sources('b & c')], { fields }), {
    title: 'Two',
  });

  const browserOf = browserForCases();

  it('is well-formed, and its texts and lines lie inside it, in the colours of either scheme', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browserOf().newPage({
        colorScheme,
        viewport: { width: 900, height: 700 },
      });
      await page.setContent(`<body style="margin:0">${svg}</body>`);
      const judge = `(() => {
        const source = ${JSON.stringify(svg)};
        const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
        const root = document.querySelector('svg');
        const frame = root.getBoundingClientRect();
        const outside = [...root.querySelectorAll('text, path, polygon')].filter((mark) => {
          const box = mark.getBoundingClientRect();
          return box.left < frame.left || box.right > frame.right || box.bottom > frame.bottom;
        });
        return {
          errors: parsed.querySelectorAll('parsererror').length,
          outside: outside.map((mark) => mark.outerHTML),
          texts: root.querySelectorAll('text').length,
          paper: getComputedStyle(root.querySelector('rect')).fill,
        };
      })()`;
      const found = await page.evaluate<Record<string, unknown>>(judge);
      expect(found).to.deep.include({ errors: 0, outside: [] });
      expect(found.texts).to.be.above(20);
      expect(found.paper).to.equal(
        colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(28, 32, 39)',
      );
      await page.close();
    }
  });

  it('is one whole document with a band for each curve and the same bytes every time', () => {
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).to.equal(true);
    expect(svg).to.include('b &amp; c').and.to.not.include('b & c');
    expect([...svg.matchAll(/opacity="0\.18"/g)]).to.have.length(4);
    expect(svg).to.not.match(/NaN|undefined|Infinity/);
    const again = curvesSvg(learningCurves([...sources('a'), ...sources('b & c')], { fields }), {
      title: 'Two',
    });
    expect(again).to.equal(svg);
  });
});
