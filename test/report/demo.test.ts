import { expect } from 'chai';
import { significant } from '../../ts/demo/format.js';
import { histogram } from '../../ts/demo/histogram.js';
import { demoReport } from '../../ts/demo/report.js';
import { demoTable } from '../../ts/demo/table.js';
import { sampleResult } from './sample.js';

describe('the demonstration', () => {
  it('prints aligned tables of at most 100 columns', () => {
    const [compared = [], agreement = []] = demoTable(sampleResult())
      .split('\n\n')
      .map((table) => table.split('\n'));
    const lines = [...compared, ...agreement];
    expect(compared).to.have.length(6);
    expect(agreement).to.have.length(8);
    expect(new Set(lines.map((line) => line.length)).size).to.equal(1);
    expect(lines[0]).to.have.length.at.most(100);
    expect(lines[2]).to.match(/^same action as the float network +– +94\.2 %$/);
    expect(lines[3]).to.match(/1,930,000 +84,100$/);
    expect(agreement[0]).to.match(/^same action, 2,000 observations +direct +dsqn$/);
    expect(agreement[1]).to.match(/^simulation time T = 5 +59\.6 % +57\.0 %$/);
    expect(agreement[7]).to.match(/^simulation time T = 500 +99\.4 % +99\.0 %$/);
  });

  it('sorts the simulation times and marks those that one semantics lacks', () => {
    const result = sampleResult();
    const curves = [
      { semantics: 'dsqn' as const, points: [{ steps: 1000, share: 1 }] },
      { semantics: 'direct' as const, points: [{ steps: 20, share: 0.5 }] },
    ];
    const table = demoTable({ ...result, agreement: { observations: 7, curves } });
    const [, agreement = ''] = table.split('\n\n');
    expect(agreement.replace(/ {2,}/g, ' | ').split('\n')).to.deep.equal([
      'same action, 7 observations | direct | dsqn',
      'simulation time T = 20 | 50.0 % | –',
      'simulation time T = 1,000 | – | 100.0 %',
    ]);
  });

  it('writes all it was told on the page', () => {
    const html = demoReport(sampleResult());
    for (const text of [
      '<title>CartPole-v1: from a float network to spikes</title>',
      'models/cartpole/q-network.onnx',
      '4 – 16 – 16 – 2 units, 386 parameters',
      'largest deviation from onnxruntime 1.30.0 on 256 observations: 2.3\u00a0×\u00a010⁻⁵',
      'layer, percentile 0.99; calibrated on 20,000 observations',
      'direct semantics, 100 steps, constant encoding, potential decoding',
      '<td class="number">34.551</td>',
      'seeds 1000 to 1099',
      'Both networks choose action 1.',
      'npx spiq simulate spiking.npz --input observations.npz --steps 100 --out spikes.npz',
      'spiq 0.1.0 · Node.js v20.20.2 · Intel(R) Xeon(R) Processor @ 2.10GHz, 2 threads, avx512',
    ]) {
      expect(html).to.include(text);
    }
    expect(html.match(/<figure /g)).to.have.length(4);
  });

  it('says so where the networks choose differently', () => {
    const result = sampleResult();
    const html = demoReport({ ...result, raster: { ...result.raster, spikingAction: 0 } });
    expect(html).to.include('The float network chooses action 1, the spiking one 0.');
  });

  it('copes with one episode, one layer, one step count and no spikes', () => {
    const result = sampleResult(1);
    const { raster, agreement, activity, conversion } = result;
    const { percentile, ...method } = conversion;
    expect(percentile).to.equal(0.99);
    const small = {
      ...result,
      conversion: method,
      raster: { ...raster, layers: [{ name: 'only', neurons: 1, spikes: [] }] },
      activity: { ...activity, layers: [{ name: 'only', spikesPerStep: [0] }] },
      agreement: {
        ...agreement,
        curves: [{ semantics: 'direct' as const, points: [{ steps: 1, share: 1 }] }],
      },
    };
    const html = demoReport(small);
    expect(html).to.include('<dd class="note">one episode</dd>');
    expect(html).to.not.match(/NaN|Infinity|undefined|null|, percentile/);
    expect(demoTable(small)).to.not.match(/±.*±|null|NaN/);
    expect(demoTable(small)).to.match(/\nsimulation time T = 1 +100\.0 % +–$/);
  });
});

describe('significant', () => {
  it('keeps large and tiny numbers readable', () => {
    expect(significant(12345)).to.equal('12,300');
    expect(significant(0.0123456)).to.equal('0.0123');
    expect(significant(2.29e-5)).to.equal('2.3\u00a0×\u00a010⁻⁵');
    expect(significant(1e-12)).to.equal('1.0\u00a0×\u00a010⁻¹²');
    expect(significant(0)).to.equal('0');
  });
});

describe('histogram', () => {
  it('puts every value into one bin', () => {
    const { labels, shares } = histogram([
      [9, 10, 199, 200],
      [500, 500],
    ]);
    expect(labels[0]).to.equal('0–49');
    expect(labels.at(-1)).to.equal('500');
    expect(labels).to.have.length(11);
    expect(shares[0]?.filter((share) => share > 0)).to.deep.equal([0.5, 0.25, 0.25]);
    expect(shares[1]?.at(-1)).to.equal(1);
  });

  it('names single values and negative ones', () => {
    expect(histogram([[500, 500]])).to.deep.equal({ labels: ['500'], shares: [[1]] });
    expect(histogram([[-21, 21]]).labels.slice(0, 2)).to.deep.equal(['-25–-21', '-20–-16']);
    expect(histogram([[0, 1e6]]).labels).to.have.length.at.most(12);
  });
});
