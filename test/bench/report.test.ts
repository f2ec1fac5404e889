import { expect } from 'chai';
import { failedOutcome } from '../../bench/compare/outcome.js';
import type { Outcome } from '../../bench/compare/outcome.js';
import { ratioChart } from '../../bench/compare/ratio-chart.js';
import { ratioTable, report } from '../../bench/compare/ratio-table.js';
import { decades, escapeXml } from '../../bench/svg.js';

const outcome: Outcome = {
  ...failedOutcome(
    { name: 'simulate/a', target: 10, besideTargets: { NEST: 100 } },
    'observations/s',
    '',
  ),
  errors: { Norse: 'no module <norse>' },
  spiq: 500,
  peers: { 'torch loop': 20, SpikingJelly: 25 },
  beside: { NEST: 4 },
  ratio: 20,
  spread: { spiq: { median: 500, low: 400, high: 550 } },
};

describe('bench: report', () => {
  it('shows each ratio beside its target and whether it is reached', () => {
    const [, best, nest] = ratioTable([outcome]).split('\n');
    expect(best).to.match(/simulate\/a +SpikingJelly +20\.0× +10\.0× +reached/);
    expect(nest).to.match(/simulate\/a +NEST +125× +100× +reached/);
    expect(ratioTable([{ ...outcome, ratio: 9.9 }])).to.contain('missed');
  });

  it('says where a ratio has no target', () => {
    const free = { ...outcome, target: null, besideTargets: {} };
    expect(ratioTable([free]).split('\n')[1]).to.match(/20\.0× +– +no target/);
    const svg = ratioChart([free], { title: 'Ratios', note: '' });
    expect(svg)
      .to.not.contain('class="target"')
      .and.to.not.match(/NaN|null/);
  });

  it('names what did not work', () => {
    const failed = failedOutcome({ name: 'simulate/b', target: 3 }, 'x/s', 'no convolutions');
    const text = report([outcome, failed], []);
    expect(text).to.contain('FAILED simulate/a: Norse: no module <norse>');
    expect(text).to.contain('FAILED simulate/b: trial: no convolutions');
    expect(text).to.contain('not measured');
    expect(text).to.contain('500 (400..550)');
  });

  it('draws a chart for both colour schemes, its texts escaped', () => {
    const svg = ratioChart([outcome], { title: 'Ratios', note: 'a <machine> & "more"' });
    expect(svg).to.contain('a &lt;machine&gt; &amp; &quot;more&quot;');
    expect(svg).to.contain('prefers-color-scheme: dark');
    expect(svg.match(/<rect /g)).to.have.length(2);
    expect(svg.match(/class="target"/g)).to.have.length(2);
    expect(svg).not.to.match(/NaN|Infinity|undefined/);
  });

  it('escapes what XML reserves and what it forbids', () => {
    expect(escapeXml(`<&>"'\u0007x`)).to.equal('&lt;&amp;&gt;&quot;&#39;\ufffdx');
  });

  it('spans powers of ten', () => {
    expect(decades(1, 950)).to.deep.equal([1, 10, 100, 1000]);
    expect(decades(1, 1)).to.deep.equal([1, 10]);
  });
});
