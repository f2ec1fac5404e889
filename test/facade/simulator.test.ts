import { expect } from 'chai';
import type { ErrorCode } from '../../ts/errors.js';
import { SpiqError } from '../../ts/errors.js';
import type { GraphNode, InputNode } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { AsyncRunOptions, SimulationOptions } from '../../ts/simulator.js';
import { randomNetwork } from '../conformance/random-nets.js';
import { chain, tensor } from '../formats/helpers/graphs.js';
import { expectRefused, expectRejected } from './refused.js';

const network = randomNetwork([2, 3, 1]);
const x = Float32Array.of(0.5, 0.25);

describe('façade: what a Simulator refuses to be', () => {
  const behind = (node: GraphNode, input: Partial<InputNode> = {}): Network =>
    Network.fromGraph(
      chain(
        { kind: 'input', name: 'x', shape: [2], ...input },
        { kind: 'dense', name: 'fc', weight: tensor([3, 2]) },
        node,
      ),
    );

  it('given spikes of a network whose input changes values', () => {
    const neuron = { kind: 'neuron', name: 'n' } as const;
    for (const field of ['factor', 'offset']) {
      const scaled = behind(neuron, { [field]: tensor([2]) });
      expectRefused(
        () => new Simulator(scaled, { encoding: 'spikes' }),
        'E_UNSUPPORTED',
        "input node 'x'",
      );
      expect(new Simulator(scaled, { encoding: 'poisson' }).encodedSize).to.equal(2);
    }
    expect(new Simulator(behind(neuron), { encoding: 'spikes' }).encodedSize).to.equal(2);
  });

  it('neurons in the place of ReLUs that they do not compute', () => {
    const negative = { shape: [3], data: Float32Array.of(0.1, 0, -0.1) };
    for (const field of [{ slope: -0.1 }, { slopes: negative }, { cap: 0.5 }]) {
      const network = behind({ kind: 'relu', name: 'r', ...field });
      expectRefused(() => new Simulator(network), 'E_UNSUPPORTED', "relu node 'r'");
    }
  });

  const options: readonly (readonly [
    option: object | null | string,
    code: ErrorCode,
    part: RegExp | string,
  ])[] = [
    [{ stepz: 5 }, 'E_ARGUMENT', "'stepz'"],
    [{ steps: 0 }, 'E_RANGE', 'from 1 to 10000000, received 0'],
    [{ steps: -1 }, 'E_RANGE', 'steps'],
    [{ steps: 10_000_001 }, 'E_RANGE', 'steps'],
    [{ steps: 1.5 }, 'E_RANGE', 'received 1.5'],
    [{ steps: NaN }, 'E_RANGE', 'received NaN'],
    [{ steps: Infinity }, 'E_RANGE', 'received Infinity'],
    [{ steps: '100' }, 'E_ARGUMENT', "received '100'"],
    [{ steps: null }, 'E_ARGUMENT', 'received null'],
    [{ steps: 5n }, 'E_ARGUMENT', 'received a bigint'],
    [{ semantics: 'snn' }, 'E_ARGUMENT', 'one of direct, dsqn'],
    [{ encoding: 'rate' }, 'E_ARGUMENT', 'one of constant, poisson'],
    [{ encoding: 2 }, 'E_ARGUMENT', 'encoding'],
    [{ decoding: 'count' }, 'E_ARGUMENT', 'one of potential'],
    [{ decoding: Symbol('spikes') }, 'E_ARGUMENT', 'a symbol'],
    [{ reset: 'hard' }, 'E_ARGUMENT', 'one of subtraction'],
    [{ threshold: 0 }, 'E_RANGE', 'threshold'],
    [{ threshold: -1 }, 'E_RANGE', 'threshold'],
    [{ threshold: Infinity }, 'E_RANGE', 'threshold'],
    [{ threshold: '1' }, 'E_ARGUMENT', 'threshold'],
    [{ alpha: 1.01 }, 'E_RANGE', 'alpha'],
    [{ beta: NaN }, 'E_RANGE', 'beta'],
    [{ epsilon: 0.5 }, 'E_RANGE', 'epsilon'],
    [{ epsilon: -1e-9 }, 'E_RANGE', 'epsilon'],
    [{ twoInputNeurons: 1 }, 'E_ARGUMENT', 'true or false'],
    [{ biasAsObservation: 'yes' }, 'E_ARGUMENT', 'true or false'],
    [{ precision: 'double' }, 'E_ARGUMENT', 'one of float32, float64'],
    [{ threads: 0 }, 'E_RANGE', 'threads'],
    [{ threads: 1000 }, 'E_RANGE', 'threads'],
    [{ isa: 'neon9' }, 'E_ARGUMENT', "'neon9'"],
    [{ semantics: 'dsqn', encoding: 'latency' }, 'E_UNSUPPORTED', "'latency'"],
    [{ semantics: 'dsqn', decoding: 'mean_potential' }, 'E_UNSUPPORTED', 'decoding'],
    [{ semantics: 'dsqn', reset: 'value' }, 'E_UNSUPPORTED', 'reset'],
    [null, 'E_ARGUMENT', 'simulation option'],
    ['fast', 'E_ARGUMENT', 'simulation option'],
  ];
  for (const [option, code, part] of options) {
    const shown =
      option === null || typeof option === 'string'
        ? option
        : Object.entries(option)
            .map(([name, value]) => `${name} ${String(value)}`)
            .join(', ');
    it(`${String(shown)}: ${code}`, () => {
      expectRefused(() => new Simulator(network, option as SimulationOptions), code, part);
    });
  }

  it('what the published semantics lack: refractory steps, ternary units, bursts', () => {
    for (const neurons of [
      { refractory: 1 },
      { ternary: true },
      { burst: 2 },
      { reset: 'value' },
    ] as const) {
      const own = randomNetwork([2, 3, 1], { neurons });
      expect(() => new Simulator(own)).to.not.throw();
      expectRefused(
        () => new Simulator(own, { semantics: 'dsqn' }),
        'E_UNSUPPORTED',
        "semantics 'dsqn'",
      );
    }
  });

  it('a bias observation where the network has a single input', () => {
    const single = randomNetwork([1, 2]);
    expectRefused(
      () => new Simulator(single, { biasAsObservation: true }),
      'E_SHAPE',
      'bias observation',
    );
  });

  it('a threshold that is 0 or infinite in its precision', () => {
    for (const threshold of [1e-60, 1e300]) {
      expectRefused(() => new Simulator(network, { threshold }), 'E_RANGE', 'threshold');
      expect(() => new Simulator(network, { threshold, precision: 'float64' })).to.not.throw();
    }
  });
});

describe('façade: what a run refuses', () => {
  const simulator = new Simulator(network, { steps: 10 });
  const given = new Simulator(network, { steps: 10, encoding: 'spikes' });
  const calls: readonly (readonly [
    what: string,
    simulator: Simulator,
    observations: unknown,
    options: unknown,
    code: ErrorCode,
    part: RegExp | string,
  ])[] = [
    ['an array', simulator, [1, 2], {}, 'E_ARGUMENT', 'observations'],
    ['half a row', simulator, new Float32Array(3), {}, 'E_SHAPE', 'rows of 2 values'],
    ['no row', simulator, new Float32Array(0), {}, 'E_SHAPE', 'observations'],
    ['NaN', simulator, Float32Array.of(1, NaN), {}, 'E_NOT_FINITE', 'observations element 1'],
    [
      'infinity',
      simulator,
      Float64Array.of(-Infinity, 1),
      {},
      'E_NOT_FINITE',
      'observations element 0',
    ],
    [
      'a double beyond float32',
      simulator,
      Float64Array.of(1e300, 1),
      {},
      'E_NOT_FINITE',
      'observations element 0',
    ],
    ['a misspelt name', simulator, x, { sed: 1 }, 'E_ARGUMENT', "'sed'"],
    ['a misspelt recording', simulator, x, { record: { count: true } }, 'E_ARGUMENT', "'count'"],
    ['record null', simulator, x, { record: null }, 'E_ARGUMENT', 'record'],
    ['counts 1', simulator, x, { record: { counts: 1 } }, 'E_ARGUMENT', 'true or false'],
    ['seed -1', simulator, x, { seed: -1 }, 'E_RANGE', 'seed'],
    ['seed 2^53', simulator, x, { seed: 2 ** 53 }, 'E_RANGE', 'seed'],
    ['seed "1"', simulator, x, { seed: '1' }, 'E_ARGUMENT', 'seed'],
    [
      'firstObservation 0.5',
      simulator,
      x,
      { firstObservation: 0.5 },
      'E_RANGE',
      'firstObservation',
    ],
    ['rows that contradict', simulator, x, { rows: 2 }, 'E_SHAPE', "'rows'"],
    ['options null', simulator, x, null, 'E_ARGUMENT', 'run option'],
    [
      'spikes with another encoding',
      simulator,
      x,
      { spikes: new Int8Array(20) },
      'E_ARGUMENT',
      'input spikes',
    ],
    ['no spikes', given, x, {}, 'E_ARGUMENT', 'input spikes'],
    ['spikes unsigned', given, x, { spikes: new Uint8Array(20) }, 'E_ARGUMENT', 'an Int8Array'],
    ['too few steps of spikes', given, x, { spikes: new Int8Array(18) }, 'E_SHAPE', 'T = 10'],
    [
      'half a step of spikes',
      given,
      x,
      { spikes: new Int8Array(21) },
      'E_SHAPE',
      'spikes of 1 rows',
    ],
    ['rows 0', given, undefined, { spikes: new Int8Array(20), rows: 0 }, 'E_SHAPE', 'rows'],
    ['rows -1', given, undefined, { spikes: new Int8Array(20), rows: -1 }, 'E_SHAPE', 'rows'],
    ['rows NaN', given, undefined, { spikes: new Int8Array(20), rows: NaN }, 'E_SHAPE', 'rows'],
  ];
  for (const [what, engine, observations, options, code, part] of calls) {
    it(`${what}: ${code}`, async () => {
      const [input, run] = [observations as Float32Array, options as AsyncRunOptions];
      expectRefused(() => engine.runSync(input, run), code, part);
      await expectRejected(async () => engine.run(input, run), code, part);
    });
  }

  it('neither observations nor rows', () => {
    for (const options of [{}, { spikes: new Int8Array(20) }]) {
      let error: unknown;
      try {
        given.runSync(undefined, options);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).to.be.instanceOf(SpiqError);
      expect(error).to.have.property('code', 'E_ARGUMENT');
      expect((error as SpiqError).message).to.match(
        /expected observations, or spikes and 'rows', received/,
      );
    }
  });

  it("an 'into' of another type or size", async () => {
    for (const into of [new Float64Array(1), new Float32Array(2), [0], 'out']) {
      const options = { into } as unknown as AsyncRunOptions;
      await expectRejected(
        async () => simulator.run(x, options),
        'E_ARGUMENT',
        'a Float32Array of 1 values',
      );
    }
  });

  it('a trace beyond 2 GiB', () => {
    const long = new Simulator(network, { steps: 10_000_000 });
    const rows = new Float32Array(2 * 100);
    expectRefused(() => long.runSync(rows, { record: { trace: true } }), 'E_MEMORY', '2 GiB');
  });

  it('a signal and a progress function that are none', async () => {
    for (const [name, value] of [
      ['signal', 5],
      ['onProgress', 5],
      ['borrow', 'yes'],
    ] as const) {
      const options = { [name]: value } as unknown as AsyncRunOptions;
      await expectRejected(async () => simulator.run(x, options), 'E_ARGUMENT', name);
    }
  });

  it('a result that overflows', () => {
    const double = new Simulator(randomNetwork([2, 1]), { precision: 'float64' });
    expectRefused(
      () => double.runSync(Float64Array.of(1e308, 0)),
      'E_NOT_FINITE',
      'decoded output',
    );
  });
});

describe('façade: what a Simulator accepts', () => {
  it('ten million steps, and a signal that ends them', async () => {
    const long = new Simulator(network, { steps: 10_000_000 });
    const controller = new AbortController();
    const job = long.run(new Float32Array(2 * 10_000), { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    let error: unknown;
    await job.catch((thrown: unknown) => (error = thrown));
    expect(error).to.have.property('code', 'E_CANCELLED');
  });

  it('describes itself', () => {
    const simulator = new Simulator(network, { twoInputNeurons: true, biasAsObservation: true });
    expect(simulator.observationSize).to.equal(1);
    expect(simulator.encodedSize).to.equal(3);
    expect(simulator.outputSize).to.equal(1);
    expect(simulator.layers.map(({ units, fires }) => [units, fires])).to.deep.equal([
      [3, true],
      [1, false],
    ]);
  });

  it('spikes without observations, and more steps of them than T', () => {
    const simulator = new Simulator(network, { steps: 4, encoding: 'spikes', decoding: 'spikes' });
    const spikes = new Int8Array(2 * 2 * 6).fill(1);
    const long = simulator.runSync(undefined, { rows: 2, spikes });
    expect(long.rows).to.equal(2);
    expect(
      simulator.runSync(undefined, { rows: 2, spikes: spikes.subarray(0, 16) }).out,
    ).to.deep.equal(long.out);
  });
});
