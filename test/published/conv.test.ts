import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { Npz } from '../../ts/formats/npz/index.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { SimulationOptions } from '../../ts/simulator.js';
import { referenceSimulate } from '../reference/simulate.js';
import { convGraph } from './conv-graph.js';
import type { ConvCase, ConvNet } from './conv-graph.js';
import {
  doubles,
  fixtures,
  floats,
  json,
  largestDifference,
  needFixtures,
  npz,
  tolerance,
} from './fixtures.js';

/** Rows below this margin may legitimately flip a spike in float32 (MANIFEST.md). */
const safeMargin = 2e-6;

const tally = { cases: 0, rows: 0, compared: 0 };

interface Golden {
  readonly net: ConvNet;
  readonly file: Npz;
}

function goldens(): Golden[] {
  return readdirSync(path.join(fixtures, 'conv'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({
      net: json<ConvNet>('conv', name),
      file: npz('conv', name.replace('.json', '.npz')),
    }));
}

function optionsOf(test: ConvCase): SimulationOptions {
  const { T, encoding, decoding, reset, alpha, beta, threshold } = test;
  return { semantics: 'dsqn', steps: T, encoding, decoding, reset, alpha, beta, threshold };
}

function checkCase(network: Network, { net, file }: Golden, test: ConvCase): void {
  const label = `${net.net} ${test.key}`;
  const [obs, rows] = [floats(file, 'obs'), file.get('obs').shape[0]!];
  const exact = new Simulator(network, { ...optionsOf(test), precision: 'float64' }).runSync(obs);
  const truth = doubles(file, `${test.key}.out_f64`);
  expect(largestDifference(exact.out, truth), `${label}: float64`).to.be.at.most(1e-9);

  const single = new Simulator(network, optionsOf(test)).runSync(obs, { record: { counts: true } });
  const golden = floats(file, `${test.key}.out`);
  const [same, margin] = [
    file.get(`${test.key}.same_train`).data,
    floats(file, `${test.key}.margin`),
  ];
  for (let row = 0; row < rows; row += 1) {
    tally.rows += 1;
    if (Number(same[row]) === 0 || margin[row]! <= safeMargin) continue;
    const ofRow = <T extends { length: number; slice(from: number, to: number): T }>(all: T): T =>
      all.slice((row * all.length) / rows, ((row + 1) * all.length) / rows);
    const difference = largestDifference(ofRow(single.out), ofRow(golden));
    expect(difference, `${label}: row ${row}`).to.be.at.most(tolerance(golden));
    single.counts!.forEach((counts, layer) => {
      const key = `${test.key}.spikes${layer}`;
      if (!file.has(key)) return;
      const theirs = Array.from(ofRow(Array.from(file.get(key).data, Number)));
      expect(Array.from(ofRow(counts)), `${label}: ${key}, row ${row}`).to.deep.equal(theirs);
    });
    tally.compared += 1;
  }
  tally.cases += 1;
}

describe('published: convolutional networks (fixtures/conv)', () => {
  before(function () {
    needFixtures(this);
  });

  it('every case of every network', function () {
    this.timeout(120_000);
    const all = goldens();
    expect(all.length).to.be.at.least(2);
    for (const golden of all) {
      const network = Network.fromGraph(convGraph(golden.net, golden.file));
      for (const test of golden.net.cases) checkCase(network, golden, test);
    }
    expect(tally.compared, 'rows compared in float32').to.be.greaterThan(tally.rows / 2);
    console.log(
      `      ${tally.cases} cases, ${tally.rows} rows within 1e-9 of the float64 truth; in float32 ` +
        `outputs and spike counts compared in ${tally.compared}`,
    );
  });

  it('the reference simulator too', function () {
    this.timeout(60_000);
    const rows = 2;
    for (const { net, file } of goldens()) {
      const graph = convGraph(net, file);
      const [all, allRows] = [floats(file, 'obs'), file.get('obs').shape[0]!];
      const obs = all.slice(0, (rows * all.length) / allRows);
      for (const test of net.cases.filter(({ T }) => T <= 100)) {
        const options = { ...optionsOf(test), precision: 'float64' } as const;
        const { out, counts } = referenceSimulate(graph, obs, options);
        const truth = doubles(file, `${test.key}.out_f64`).slice(0, out.length);
        const label = `${net.net} ${test.key}`;
        expect(largestDifference(out, truth), label).to.be.at.most(1e-9);
        counts.forEach((ours, layer) => {
          const key = `${test.key}.spikes${layer}`;
          if (!file.has(key)) return;
          const theirs = Array.from(file.get(key).data, Number).slice(0, ours.length);
          expect(Array.from(ours), `${label}: ${key}`).to.deep.equal(theirs);
        });
      }
    }
  });
});
