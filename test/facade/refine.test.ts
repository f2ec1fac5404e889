import { expect } from 'chai';
import { Calibration, convert } from '../../ts/convert/index.js';
import type { ConversionMethod, ConvertOptions } from '../../ts/convert/index.js';
import { SpiqError } from '../../ts/errors.js';
import type { ErrorCode } from '../../ts/errors.js';
import type { Graph } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { randomNetwork, uniforms } from '../conformance/random-nets.js';
import { expectRejected } from './refused.js';

const network = randomNetwork([4, 12, 12, 3]);
const calibration = uniforms(4 * 600, -1, 1, 5);
const refinements = ['bias-shift', 'potentials', 'refit', 'tuned'] as const;

/** A convolution, and dense layers behind it. */
function mixedNetwork(): Network {
  const tensor = (shape: number[], seed: number) => ({
    shape,
    data: uniforms(
      shape.reduce((product, size) => product * size, 1),
      -0.5,
      0.6,
      seed,
    ),
  });
  return Network.fromGraph({
    nodes: [
      { kind: 'input', name: 'x', shape: [1, 5, 5] },
      { kind: 'conv', name: 'conv', weight: tensor([4, 1, 3, 3], 1), bias: tensor([4], 2) },
      { kind: 'relu', name: 'r1' },
      { kind: 'flatten', name: 'flat' },
      { kind: 'dense', name: 'fc', weight: tensor([6, 36], 3), bias: tensor([6], 4) },
      { kind: 'relu', name: 'r2' },
      { kind: 'dense', name: 'out', weight: tensor([2, 6], 5) },
    ],
    edges: [
      ['x', 'conv'],
      ['conv', 'r1'],
      ['r1', 'flat'],
      ['flat', 'fc'],
      ['fc', 'r2'],
      ['r2', 'out'],
    ],
    outputs: ['out'],
  });
}

function actions(values: ArrayLike<number>, width: number): number[] {
  return Array.from({ length: values.length / width }, (_, row) => {
    const of = Array.from({ length: width }, (__, i) => values[row * width + i]!);
    return of.indexOf(Math.max(...of));
  });
}

async function similarity(float: Network, spiking: Network, steps: number): Promise<number> {
  const rows = uniforms(float.inputSize * 500, -1, 1, 77);
  const wanted = actions(await float.forward(rows), float.outputSize);
  const simulator = new Simulator(spiking, { steps });
  const found = actions((await simulator.run(rows)).out, float.outputSize);
  simulator.close();
  return wanted.filter((action, row) => action === found[row]).length / wanted.length;
}

describe('façade: conversions that simulate', () => {
  const calls: readonly (readonly [
    what: string,
    options: ConvertOptions,
    code: ErrorCode,
    part: RegExp | string,
  ])[] = [
    ['no calibration', { method: 'refit' }, 'E_ARGUMENT', "calibration for method 'refit'"],
    ['steps 0', { method: 'bias-shift', calibration, steps: 0 }, 'E_RANGE', 'steps'],
    ['steps 1.5', { method: 'tuned', calibration, steps: 1.5 }, 'E_RANGE', 'steps'],
    ['burst 101', { method: 'refit', calibration, burst: 101 }, 'E_RANGE', 'burst'],
    ['a percentile', { method: 'refit', calibration, percentile: 0.9 }, 'E_UNSUPPORTED', "'refit'"],
    ['a headroom', { method: 'refit', calibration, headroom: 2 }, 'E_UNSUPPORTED', 'headroom'],
    ['an initial', { method: 'tuned', calibration, initial: 0 }, 'E_UNSUPPORTED', 'initial'],
    [
      'a granularity',
      { method: 'tuned', calibration, granularity: 'layer' },
      'E_UNSUPPORTED',
      'granularity',
    ],
  ];
  for (const [what, options, code, part] of calls) {
    it(`refuses ${what}: ${code}`, async () =>
      expectRejected(async () => convert(network, options), code, part));
  }

  it("tuned refuses a convolution by name and tells of 'refit'", async () => {
    const mixed = mixedNetwork();
    const rows = uniforms(25 * 20, -1, 1, 3);
    await expectRejected(
      async () => convert(mixed, { method: 'tuned', calibration: rows }),
      'E_UNSUPPORTED',
      /'tuned'.*'refit' takes others.*'r1'/,
    );
  });

  it('records the method, its T and its burst', async function () {
    this.timeout(60_000);
    const calibrated = new Calibration(network);
    await calibrated.add(calibration);
    for (const method of refinements) {
      const { graph } = await calibrated.convert({ method, steps: 3, burst: 2 });
      expect(graph.conversion).to.include({ method, steps: 3, burst: 2, calibrationRows: 600 });
      expect(graph.conversion!.scale).to.have.length(3);
    }
  });

  it('what is refitted or tuned to few steps acts more like the float network', async function () {
    this.timeout(60_000);
    const calibrated = new Calibration(network);
    await calibrated.add(calibration);
    const at = async (method: ConversionMethod): Promise<number> =>
      similarity(network, await calibrated.convert({ method, steps: 6 }), 6);
    const plain = await at('channel-percentile');
    expect(await at('refit')).to.be.greaterThan(plain);
    expect(await at('tuned')).to.be.greaterThan(plain);
  });

  it('every method but tuned takes convolutions', async () => {
    const mixed = mixedNetwork();
    const rows = uniforms(25 * 400, -1, 1, 3);
    for (const method of refinements.filter((name) => name !== 'tuned')) {
      const spiking = await convert(mixed, { method, calibration: rows, steps: 50 });
      expect(await similarity(mixed, spiking, 50), method).to.be.greaterThan(0.8);
    }
  });

  it('the same whatever the threads', async function () {
    this.timeout(60_000);
    const results: Graph[] = [];
    for (const threads of [1, 3]) {
      const { graph } = await convert(network, {
        method: 'tuned',
        calibration,
        steps: 3,
        threads,
      });
      results.push(graph);
    }
    expect(results[1]).to.deep.equal(results[0]);
  });

  it('tells how far it is, and ends when the signal says so', async () => {
    const wide = randomNetwork([4, 64, 64, 3]);
    const seen: (readonly [done: number, total: number])[] = [];
    const controller = new AbortController();
    const call = async (): Promise<Network> =>
      convert(wide, {
        method: 'tuned',
        calibration,
        steps: 100,
        signal: controller.signal,
        onProgress: (done, total) => {
          seen.push([done, total]);
          if (done > 1_000_000) controller.abort();
        },
      });
    const before = performance.now();
    const error: unknown = await call().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(SpiqError).with.property('code', 'E_CANCELLED');
    expect(performance.now() - before, 'milliseconds').to.be.lessThan(20_000);
    const work = seen.filter(([, total]) => total > 100_000_000);
    expect(work.length).to.be.greaterThan(0);
    expect(work.every(([done, total]) => done <= total)).to.equal(true);
  });
});
