import { expect } from 'chai';
import { argmaxRows } from '../../ts/agent/argmax.js';
import { analyse } from '../../ts/analysis/analyse.js';
import { compareMethods } from '../../ts/analysis/compare.js';
import type { CompareProgress } from '../../ts/analysis/compare-options.js';
import { conversionMethods, convert } from '../../ts/convert/index.js';
import type { ConversionMethod } from '../../ts/convert/index.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { randomNetwork, uniforms } from '../conformance/random-nets.js';
import { expectRejected } from '../facade/refused.js';

const network = randomNetwork([4, 16, 12, 3]);
const calibration = uniforms(4 * 500, 0, 1, 3);
const times = [5, 20, 60] as const;

/** Rows k of `rows` for which `keep` says so. */
function rowsWhere(rows: Float32Array, keep: (row: number) => boolean): Float32Array {
  const kept = Array.from({ length: rows.length / 4 }, (_, k) => k).filter(keep);
  return Float32Array.from(kept.flatMap((k) => Array.from(rows.subarray(4 * k, 4 * k + 4))));
}

const isHeldBack = (row: number): boolean => row % 10 === 9;
const [held, others] = [
  rowsWhere(calibration, isHeldBack),
  rowsWhere(calibration, (row) => !isHeldBack(row)),
];

describe('analysis: comparison of methods', function () {
  this.timeout(60_000);

  it('gives the scores of networks converted and run one by one', async () => {
    const { comparison, best } = await compareMethods(network, { calibration, times, steps: 20 });
    expect(comparison).to.include({
      calibrationRows: 450,
      testRows: 50,
      heldBack: true,
      steps: 20,
    });
    expect(JSON.parse(JSON.stringify(comparison))).to.deep.equal(comparison);
    const { methods, skipped } = comparison;
    const named = [...methods, ...skipped].map(({ method }) => method);
    expect(named.sort()).to.deep.equal([...conversionMethods].sort());
    const float = network.forwardSync(held);
    const wanted = argmaxRows(float, 50);
    for (const { method, scores, layers, cost } of methods) {
      const spiking = await convert(network, { method, calibration: others, steps: 20 });
      for (const [index, steps] of times.entries()) {
        const { out, q } = new Simulator(spiking, { steps }).runSync(held);
        const same = argmaxRows(out, 50).filter((action, row) => action === wanted[row]).length;
        const error = q!.reduce((sum, value, k) => sum + Math.abs(value - float[k]!), 0);
        const size = float.reduce((sum, value) => sum + Math.abs(value), 0);
        const score = scores[index]!;
        expect(score, method).to.include({ steps, agreement: same / 50, accuracy: null });
        expect(score.relativeError, method).to.be.closeTo(error / size, 1e-6);
      }
      const alone = await analyse(network, spiking, held, { steps: 20 });
      expect(layers, method).to.deep.equal(alone.layers);
      expect(cost, method).to.deep.equal(alone.cost);
    }
    const ranks = methods.map(({ scores }) => scores[1]!.agreement!);
    expect(ranks).to.deep.equal([...ranks].sort((a, b) => b - a));
    const { method } = methods[0]!;
    const first = await convert(network, { method, calibration: others, steps: 20 });
    expect(best.graph).to.deep.equal(first.graph);
  });

  it('scores rows of their own, and accuracy by labels', async () => {
    const test = uniforms(4 * 40, 0, 1, 9);
    const float = argmaxRows(network.forwardSync(test), 40);
    // Every fourth label is another: the float network is right in three of four.
    const labels = float.map((action, row) => (row % 4 === 0 ? (action + 1) % 3 : action));
    const methods: ConversionMethod[] = ['robust', 'channel-maximum'];
    const { comparison } = await compareMethods(network, {
      calibration,
      test,
      labels,
      methods,
      times,
    });
    expect(comparison).to.include({
      calibrationRows: 500,
      testRows: 40,
      heldBack: false,
      steps: 20,
    });
    expect(comparison.float.accuracy).to.equal(0.75);
    for (const { scores, method } of comparison.methods) {
      const spiking = await convert(network, { method, calibration, steps: 20 });
      const { out } = new Simulator(spiking, { steps: 60 }).runSync(test);
      const right = argmaxRows(out, 40).filter((action, row) => action === labels[row]).length;
      expect(scores[2]!.accuracy).to.equal(right / 40);
    }
    // Labels of the calibration follow the rows that are held back.
    const all = argmaxRows(network.forwardSync(calibration), 500);
    const own = await compareMethods(network, { calibration, labels: all, methods, times });
    expect(own.comparison.float.accuracy).to.equal(1);
    for (const { scores } of own.comparison.methods) {
      for (const { accuracy, agreement } of scores) expect(accuracy).to.equal(agreement);
    }
  });

  it('takes rows in any pieces, and no more of them than it is told', async () => {
    const methods: ConversionMethod[] = ['robust', 'percentile'];
    const options = { methods, times, calibrationRows: 300 };
    const whole = await compareMethods(network, { ...options, calibration });
    async function* pieces(): AsyncGenerator<Float32Array> {
      for (let k = 0; k < 500; k += 7) yield calibration.subarray(4 * k, 4 * Math.min(k + 7, 500));
      await Promise.reject(new Error('read too far'));
    }
    const pieced = await compareMethods(network, { ...options, calibration: pieces() });
    expect(pieced.comparison).to.deep.equal(whole.comparison);
    expect(whole.comparison).to.include({ calibrationRows: 270, testRows: 30 });
  });

  it('judges a single output by its error', async () => {
    const single = randomNetwork([4, 16, 1]);
    const { comparison } = await compareMethods(single, { calibration, times });
    const errors = comparison.methods.map(({ scores }) => scores[1]!.relativeError!);
    expect(errors).to.deep.equal([...errors].sort((a, b) => a - b));
    for (const { scores, suggestedSteps } of comparison.methods) {
      expect(scores.map(({ agreement }) => agreement)).to.deep.equal([null, null, null]);
      if (scores.every(({ relativeError }) => relativeError! <= 0.05)) {
        expect(suggestedSteps).to.equal(5);
      }
    }
    const labels = new Float32Array(500);
    const call = async () => compareMethods(single, { calibration, labels, times });
    await expectRejected(call, 'E_SHAPE', 'at least 2 outputs');
  });

  it('lists the methods that an option does not apply to, with the reason', async () => {
    const granularity = 'channel';
    const { comparison } = await compareMethods(network, { calibration, times, granularity });
    const skipped = comparison.skipped.map(({ method }) => method);
    expect(skipped).to.include.members(['robust', 'data', 'model', 'model-bound']);
    expect(comparison.skipped[0]!.reason).to.include("granularity of method 'robust'");
    expect(comparison.methods.map(({ method }) => method)).to.include('percentile');
    const none = async () =>
      compareMethods(network, { calibration, times, granularity, methods: ['robust', 'data'] });
    await expectRejected(none, 'E_UNSUPPORTED', 'robust');
  });

  it('passes options on to every method', async () => {
    const { best } = await compareMethods(network, {
      calibration,
      times,
      methods: ['balance', 'percentile'],
      burst: 4,
      initial: 0.25,
    });
    const neurons = best.graph.nodes.filter((node) => node.kind === 'neuron');
    expect(neurons).to.have.length(3);
    // The read-out, the last of them, starts at 0.
    for (const neuron of neurons.slice(0, 2))
      expect(neuron).to.include({ burst: 4, initial: 0.25 });
  });

  it('tells how far it is, stage by stage', async () => {
    const seen: CompareProgress[] = [];
    const methods: ConversionMethod[] = ['robust', 'data'];
    await compareMethods(network, {
      calibration,
      times,
      methods,
      onProgress: (progress) => seen.push(progress),
    });
    const stages = seen.map(({ stage, method = '' }) => `${stage} ${method}`.trim());
    const each = methods.flatMap((method) =>
      ['conversion', 'simulation', 'analysis'].map((stage) => `${stage} ${method}`),
    );
    expect([...new Set(stages)]).to.deep.equal(['calibration', ...each]);
    const last = seen.filter(({ stage }) => stage === 'simulation').at(-1)!;
    expect(last).to.include({ done: 50, total: 50 });
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const call = async (): Promise<unknown> =>
      compareMethods(network, {
        calibration,
        times: [10_000_000],
        signal: controller.signal,
        onProgress: ({ stage }) => {
          if (stage === 'simulation') controller.abort();
        },
      });
    let code: unknown;
    await call().catch((error: unknown) => (code = (error as { code: unknown }).code));
    expect(code).to.equal('E_CANCELLED');
  });

  const refusals: readonly [what: string, options: object, code: string, part: string][] = [
    ['too few rows', { calibration: calibration.subarray(0, 36) }, 'E_SHAPE', 'at least 10'],
    ['no rows', { calibration: undefined }, 'E_ARGUMENT', 'calibration'],
    ['rows null', { calibration: null }, 'E_ARGUMENT', 'calibration'],
    ['no times', { times: [] }, 'E_ARGUMENT', "'times'"],
    ['times that fall', { times: [20, 10] }, 'E_RANGE', '10 behind 20'],
    ['a time of 0', { times: [0] }, 'E_RANGE', "'times'"],
    ['steps not among the times', { steps: 7 }, 'E_ARGUMENT', "'steps'"],
    ['no methods', { methods: [] }, 'E_ARGUMENT', "'methods'"],
    ['an unknown method', { methods: ['best'] }, 'E_ARGUMENT', 'one of robust'],
    ['half a test row', { test: new Float32Array(6) }, 'E_SHAPE', 'rows of 4'],
    ['too few labels', { labels: [1, 2] }, 'E_SHAPE', 'labels'],
    ['a tolerance of 2', { tolerance: 2 }, 'E_RANGE', 'tolerance'],
    ['a burst of 0', { burst: 0 }, 'E_RANGE', 'burst'],
    ['calibrationRows 0', { calibrationRows: 0 }, 'E_RANGE', 'calibrationRows'],
    ['a misspelt name', { step: 20 }, 'E_ARGUMENT', "'step'"],
  ];
  for (const [what, options, code, part] of refusals) {
    it(`refuses ${what}: ${code}`, async () => {
      const call = async () => compareMethods(network, { calibration, times, ...options });
      await expectRejected(call, code as 'E_RANGE', part);
    });
  }

  it('refuses a network that spikes already', async () => {
    const spiking = await convert(network, { method: 'model' });
    const call = async () => compareMethods(spiking, { calibration, times });
    await expectRejected(call, 'E_ARGUMENT', 'a float network');
  });

  it('works on a network read from a file as on one made by program', async () => {
    const file = new URL('../../../models/cartpole-dqn.onnx', import.meta.url).pathname;
    const dqn = await Network.load(file);
    const { comparison } = await compareMethods(dqn, {
      calibration,
      times,
      methods: ['channel-percentile'],
    });
    expect(comparison.methods[0]!.layers).to.have.length(3);
  });
});
