import { expect } from 'chai';
import type { Npz } from '../../ts/formats/npz/index.js';
import { Simulator } from '../../ts/simulator.js';
import type { SimulationResult } from '../../ts/simulator.js';
import {
  doubles,
  floats,
  integers,
  networkOf,
  optionsOf,
  oracle,
  oracleJson,
  spikesOf,
} from './simulate-cases.js';
import type { SimulateCase } from './simulate-cases.js';

const { rows, cases } = oracleJson('simulate.json') as {
  rows: number;
  cases: SimulateCase[];
};

/** Potentials that pass a threshold by less may fall on its other side in float32. */
const safeMargin = 2e-6;

const tally = { cases: 0, rows: 0, float32: 0, near: 0, noSpike: 0, traced: 0, steps: 0 };

/** Largest |a − b|; NaN has to meet NaN. */
function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).to.equal(b.length);
  let found = 0;
  for (let i = 0; i < a.length; i += 1) {
    if (Number.isNaN(a[i]) && Number.isNaN(b[i])) continue;
    const difference = Math.abs(a[i]! - b[i]!);
    found = Number.isNaN(difference) ? Infinity : Math.max(found, difference);
  }
  return found;
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce(
    (most, value) => (Number.isNaN(value) ? most : Math.max(most, Math.abs(value))),
    0,
  );
}

function rowOf<T extends { slice(from: number, to: number): T; length: number }>(
  values: T,
  row: number,
): T {
  const width = values.length / rows;
  return values.slice(row * width, (row + 1) * width);
}

function firingLayers(file: Npz, test: SimulateCase): number[][] {
  return file.keys
    .filter((key) => key.startsWith(`${test.key}.counts`))
    .sort()
    .map((key) => integers(file, key));
}

/** Everything in float64: outputs to 1e-9 of their size, spikes exactly. */
function checkExact(test: SimulateCase, file: Npz, { out, counts, steps }: SimulationResult): void {
  const truth = doubles(file, `${test.key}.out`);
  expect(largestDifference(out, truth), `${test.key}: float64 out`).to.be.at.most(
    1e-9 * (1 + largest(truth)),
  );
  const golden = firingLayers(file, test);
  expect(counts!.length, `${test.key}: firing layers`).to.equal(golden.length);
  counts!.forEach((ours, layer) => {
    expect(Array.from(ours), `${test.key}: float64 counts${layer}`).to.deep.equal(golden[layer]);
  });
  const expected =
    test.decoding === 'first_spike'
      ? integers(file, `${test.key}.steps`)
      : new Array<number>(rows).fill(test.T);
  expect(Array.from(steps), `${test.key}: steps`).to.deep.equal(expected);
  tally.noSpike += truth.filter(Number.isNaN).length > 0 ? 1 : 0;
}

/** In float32: the same, in rows without a near tie. */
function checkSingle(test: SimulateCase, file: Npz, { out, counts }: SimulationResult): void {
  const [truth, margin, golden] = [
    doubles(file, `${test.key}.out`),
    doubles(file, `${test.key}.margin`),
    firingLayers(file, test),
  ];
  const tolerance = 1e-4 + 2e-5 * (1 + largest(truth));
  for (let row = 0; row < rows; row += 1) {
    tally.rows += 1;
    if (margin[row]! <= safeMargin) {
      tally.near += 1;
      continue;
    }
    const what = `${test.key}: float32 row ${row}`;
    expect(
      largestDifference(rowOf(Array.from(out), row), rowOf(Array.from(truth), row)),
      what,
    ).to.be.at.most(tolerance);
    counts!.forEach((ours, layer) => {
      expect(rowOf(Array.from(ours), row), `${what}, counts${layer}`).to.deep.equal(
        rowOf(golden[layer]!, row),
      );
    });
    tally.float32 += 1;
  }
}

function checkTraces(test: SimulateCase, file: Npz, { traces }: SimulationResult): void {
  expect(traces!.length).to.be.greaterThan(1);
  traces!.forEach(({ potential, current, spikes }, layer) => {
    for (const [values, key] of [
      [potential, 'v'],
      [current, 'i'],
    ] as const) {
      const golden = doubles(file, `${test.key}.${key}${layer}`);
      const what = `${test.key}: ${key}${layer}, step by step`;
      expect(largestDifference(values, golden), what).to.be.at.most(1e-9 * (1 + largest(golden)));
    }
    const key = `${test.key}.s${layer}`;
    const golden = file.has(key) ? integers(file, key) : new Array<number>(spikes.length).fill(0);
    expect(Array.from(spikes), `${test.key}: s${layer}, step by step`).to.deep.equal(golden);
  });
  tally.traced += 1;
  tally.steps += test.T;
}

function checkCase(test: SimulateCase, file: Npz): void {
  // Given trains hold the constant 1 too where a matrix has a row for it, so they stand in for the observations.
  const observations = test.encoding === 'spikes' ? undefined : floats(file, 'obs');
  const network = networkOf(file, test);
  const options = optionsOf(test);
  const run = { rows, ...spikesOf(file, test), record: { counts: true, trace: test.trace } };
  const exact = new Simulator(network, { ...options, precision: 'float64' }).runSync(
    observations,
    run,
  );
  checkExact(test, file, exact);
  if (test.trace) checkTraces(test, file, exact);
  checkSingle(test, file, new Simulator(network, options).runSync(observations, run));
  tally.cases += 1;
}

describe('oracle: simulation (simulate.json)', () => {
  after(() => {
    console.log(
      `      ${tally.cases} cases, float64 equal to 1e-9 in each; float32 compared in ${tally.float32} of ` +
        `${tally.rows} rows, ${tally.near} too near a threshold; ${tally.noSpike} cases with rows without a ` +
        `first spike; ${tally.traced} cases traced over ${tally.steps} steps`,
    );
  });

  const nets = [...new Set(cases.map(({ net }) => net))];
  for (const net of nets) {
    const own = cases.filter((test) => test.net === net);
    it(`${net}: ${own.length} cases`, function () {
      this.timeout(120_000);
      const file = oracle(`simulate.${net}.npz`);
      for (const test of own) checkCase(test, file);
      const unused = file.keys.filter(
        (key) => key.includes('.') && !own.some((test) => key.startsWith(`${test.key}.`)),
      );
      expect(unused, 'arrays of no case').to.deep.equal([]);
    });
  }

  it('covers every setting, and float32 in most rows', () => {
    expect(tally.cases).to.equal(cases.length);
    expect(nets.length).to.be.at.least(6);
    expect(tally.traced).to.equal(4);
    expect(tally.noSpike).to.be.greaterThan(0);
    expect(tally.float32).to.be.greaterThan(0.9 * tally.rows);
    for (const [name, least] of [
      ['semantics', 2],
      ['encoding', 4],
      ['decoding', 5],
      ['reset', 3],
      ['burst', 3],
      ['refractory', 3],
      ['ternary', 2],
    ] as const) {
      expect(new Set(cases.map((test) => test[name])).size, name).to.be.at.least(least);
    }
  });

  it('would see a wrong epsilon', () => {
    const test = cases.find(
      ({ key, net }) => net === 'odd-3-33-20-9-2' && key.startsWith('direct_constant_spikes'),
    )!;
    const file = oracle(`simulate.${test.net}.npz`);
    const wrong = { ...optionsOf(test), epsilon: 0.01, precision: 'float64' } as const;
    const result = new Simulator(networkOf(file, test), wrong).runSync(floats(file, 'obs'), {
      record: { counts: true },
    });
    expect(() => checkExact(test, file, result)).to.throw();
  });
});
