import { expect } from 'chai';
import fc from 'fast-check';
import { Random } from '../../ts/env/random.js';
import type { Observations } from '../../ts/native.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { SimulationOptions } from '../../ts/simulator.js';
import type { AnytimeOptions } from '../../ts/simulator/anytime.js';
import { build } from './build.js';
import type { Scene } from './build.js';
import { conv, delay, dense, flat, planes, pool, recipes, someOf } from './layers.js';

const { SPIQ_PROPERTY_SEED = '20240', SPIQ_PROPERTY_RUNS_TIMES = '1' } = process.env;
const graphs = recipes(
  fc.oneof(flat, planes),
  someOf(fc.oneof(dense, conv, delay, pool('average', 'max')), 3),
);

function same(ours: ArrayLike<number>, theirs: ArrayLike<number>, what: string): void {
  expect(ours.length, what).to.equal(theirs.length);
  for (let i = 0; i < ours.length; i += 1) {
    if (!Object.is(ours[i], theirs[i])) throw new Error(`${what} ${i}: ${ours[i]}, ${theirs[i]}`);
  }
}

function run(scene: Scene, more: SimulationOptions, anytime?: AnytimeOptions) {
  const { graph, options, observations } = scene;
  const simulator = new Simulator(Network.fromGraph(graph), { ...options, ...more });
  const record = { counts: true };
  return simulator.runSync(observations, { ...scene.run, record, ...(anytime ? { anytime } : {}) });
}

/** Step of the first exit of a row by the rule as the documentation states it, T if there is none. */
function exitStep(
  outs: Observations,
  width: number,
  rows: number,
  row: number,
  exit: { margin: number; patience: number; least: number },
): number {
  const steps = outs.length / (rows * width);
  let leading = 0;
  for (let t = 1; t <= steps; t += 1) {
    const start = ((t - 1) * rows + row) * width;
    const [best, second] = Array.from(outs.subarray(start, start + width)).sort((a, b) => b - a);
    leading = (best! - second!) / t >= exit.margin ? leading + 1 : 0;
    if (leading >= exit.patience && t >= exit.least) return t;
  }
  return steps;
}

function itHolds(title: string, runs: number, check: (scene: Scene, random: Random) => void): void {
  it(title, function () {
    this.timeout(60_000 * Number(SPIQ_PROPERTY_RUNS_TIMES));
    const property = fc.property(graphs, fc.nat(), (recipe, seed) => {
      const scene = build(recipe);
      if (scene.options.encoding !== 'latency') check(scene, new Random(seed));
    });
    const numRuns = runs * Number(SPIQ_PROPERTY_RUNS_TIMES);
    fc.assert(property, { seed: Number(SPIQ_PROPERTY_SEED), numRuns });
  });
}

describe('property: outputs at every T', () => {
  itHolds('are those of runs of just so many steps', 50, (scene, random) => {
    const total = scene.options.steps!;
    const every = run(scene, {}, {});
    const width = every.out.length / every.rows;
    same(every.anytime!.out.subarray(-every.rows * width), every.out, 'last');
    same(
      every.counts!.flatMap((c) => [...c]),
      run(scene, {}).counts!.flatMap((c) => [...c]),
      'counts',
    );
    for (let trial = 0; trial < 4; trial += 1) {
      const steps = 1 + Math.floor(random.uniform(0, total));
      const alone = run(scene, { steps });
      const at = (steps - 1) * every.rows * width;
      same(every.anytime!.out.subarray(at, at + alone.out.length), alone.out, `T = ${steps}`);
      const chosen = run(scene, {}, { steps: [steps] });
      same(chosen.anytime!.out, alone.out, `T = ${steps} alone`);
    }
  });
});

describe('property: early exit', () => {
  itHolds(
    'ends rows where the rule says, with what a run of so many steps gives',
    60,
    (scene, random) => {
      const { decoding } = scene.options;
      const every = run(scene, {}, {});
      const width = every.out.length / every.rows;
      if (decoding === 'first_spike' || width < 2) {
        expect(() => run(scene, {}, { exit: { margin: 0 } })).to.throw(/^early exit: expected/);
        return;
      }
      const exit = {
        margin: random.uniform(0, 0.3),
        patience: 1 + Math.floor(random.uniform(0, 4)),
        least: 1 + Math.floor(random.uniform(0, 10)),
      };
      const short = run(scene, {}, { exit });
      const full = run(scene, {}, { exit: { ...exit, verify: true } });
      same(full.out, every.out, 'verified run goes on to T');
      same(short.exit!.steps, full.exit!.steps, 'steps');
      same(short.exit!.out, full.exit!.out, 'outputs');
      same(short.out, short.exit!.out, 'outputs of the run');
      same(short.steps, short.exit!.steps, 'steps of the run');
      for (let row = 0; row < every.rows; row += 1) {
        const steps = exitStep(every.anytime!.out, width, every.rows, row, exit);
        expect(short.steps[row], `row ${row}`).to.equal(steps);
        const alone = run(scene, { steps });
        const [from, to] = [row * width, (row + 1) * width];
        same(short.out.subarray(from, to), alone.out.subarray(from, to), `row ${row}`);
        expect(short.totalSpikes[row]).to.equal(alone.totalSpikes[row]);
      }
    },
  );
});
