import { expect } from 'chai';
import { compareMethods } from '../../ts/analysis/compare.js';
import type { CompareOptions } from '../../ts/analysis/compare-options.js';
import type { MethodComparison } from '../../ts/analysis/comparison.js';
import { comparisonReport } from '../../ts/analysis/page.js';
import { Network } from '../../ts/network.js';
import { randomGraph, uniforms } from '../conformance/random-nets.js';
import { itFitsBrowsers } from './browser.js';

const calibration = uniforms(4 * 400, 0, 1, 3);
const about = { network: 'models/a-network.onnx', footer: 'spiq 0.1.0' };

/** Of a network whose layers have names as long as exporters write them. */
async function compare(
  outputs: number,
  options: Partial<CompareOptions> = {},
): Promise<MethodComparison> {
  const { nodes, edges, outputs: ends } = randomGraph([4, 20, 16, 12, outputs]);
  const long = (name: string): string => `/features/features.10/${name}/activation`;
  const network = Network.fromGraph({
    nodes: nodes.map((node) => ({ ...node, name: long(node.name) })),
    edges: edges.map(([from, to]) => [long(from), long(to)]),
    outputs: ends.map(long),
  });
  return (await compareMethods(network, { calibration, ...options })).comparison;
}

/** With everything that a page can have. */
async function whole(): Promise<MethodComparison> {
  const [all, channels] = [await compare(3), await compare(3, { granularity: 'channel' })];
  return { ...all, skipped: channels.skipped };
}

function rowsOf(html: string, caption: string): string[] {
  const table = html.split('<caption>').find((part) => part.startsWith(caption)) ?? '';
  return [...table.split('</table>')[0]!.matchAll(/<th scope="row">([^<]*)</g)].map(
    ([, name]) => name!,
  );
}

describe('the comparison in a browser', function () {
  this.timeout(60_000);
  itFitsBrowsers({
    html: async () => comparisonReport(await whole(), about),
    figures: 3,
    tables: 3,
  });
});

describe('the page of a comparison', () => {
  it('has the methods in their order, every layer and every reason', async () => {
    const comparison = await whole();
    const html = comparisonReport(comparison, about);
    const names = comparison.methods.map(({ method }) => method);
    expect(names.length).to.be.above(4);
    for (const caption of ['At T = 100', 'Agreement after T', 'Operations for one']) {
      expect(rowsOf(html, caption), caption).to.deep.equal(names);
    }
    const layers = comparison.methods[0]!.layers.map(({ name }) => name);
    expect(layers).to.have.length(4);
    expect(rowsOf(html, `${names[0]!} at T = 100: rates`)).to.deep.equal(layers);
    expect(rowsOf(html, `${names[0]!} at T = 100: channels`)).to.deep.equal(layers.slice(0, 3));
    const reasons = comparison.skipped.map(({ method }) => method);
    expect(rowsOf(html, 'Methods that do not apply')).to.deep.equal(reasons);
    expect(html).to.include('of the best 6 methods').and.to.include('of the best 3 methods');
    expect(html).to.include('every tenth row, held back');
    expect(comparisonReport(comparison, about)).to.equal(html);
  });

  it('speaks of accuracy where there are labels, and of one method alone', async () => {
    const labels = new Float32Array(400);
    const methods = ['robust'] as const;
    const html = comparisonReport(await compare(3, { labels, methods, times: [40] }), about);
    expect(html).to.include('Accuracy of the float network').and.to.include('the method robust');
    expect(html).to.not.include('against simulation time').and.to.not.include('Best method</dt>');
    expect(html).to.not.include('undefined').and.to.not.include('NaN');
  });

  it('speaks of the error of a single output', async () => {
    const html = comparisonReport(await compare(1, { times: [10, 50] }), about);
    expect(html).to.include('Output error against simulation time');
    expect(html).to.not.include('undefined').and.to.not.include('NaN');
  });

  it('keeps hostile names as text', async () => {
    const html = comparisonReport(await compare(2), { network: '<script>x</script>/"&' });
    expect(html).to.not.include('<script>');
    expect(html).to.include('&lt;script&gt;');
  });
});
