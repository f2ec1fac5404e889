import { expect } from 'chai';
import { decodeBareWeights } from '../../ts/formats/bare-weights.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { Decoding, SimulationOptions } from '../../ts/simulator.js';
import { Trainer } from '../../ts/trainer.js';
import type { Loss } from '../../ts/trainer/loss.js';
import type { Npz } from '../../ts/formats/npz/index.js';
import {
  doubles,
  floats,
  json,
  largest,
  largestDifference,
  needFixtures,
  npz,
  tolerance,
  withPrefix,
} from './fixtures.js';
import { spikingChain } from './spiking-chain.js';

interface Case {
  readonly key: string;
  readonly T: number;
  readonly reset: 'subtraction' | 'zero';
  readonly decoding: Decoding;
  readonly alpha: number;
  readonly beta: number;
  readonly threshold: number;
  readonly add_bias_as_observation: boolean;
  readonly loss: 'mse' | 'ce' | 'sum';
  readonly surrogate_scale: number;
}

function simulationOf(test: Case): Omit<SimulationOptions, 'precision'> {
  return {
    semantics: 'dsqn',
    steps: test.T,
    reset: test.reset,
    decoding: test.decoding,
    alpha: test.alpha,
    beta: test.beta,
    threshold: test.threshold,
    biasAsObservation: test.add_bias_as_observation,
  };
}

function lossOf(file: Npz, { key, loss }: Case): Loss {
  switch (loss) {
    case 'mse':
      return { kind: 'mse', targets: floats(file, `${key}.target`) };
    case 'ce':
      return { kind: 'cross-entropy', labels: Int32Array.from(doubles(file, `${key}.labels`)) };
    case 'sum':
      return { kind: 'weighted-sum', coefficients: floats(file, `${key}.out`).map(() => 1) };
  }
}

/** The gradient of a matrix [out, in] as the published files have it, [in, out]. */
function transposed(data: ArrayLike<number>, [out, inputs]: readonly number[]): number[] {
  return Array.from({ length: data.length }, (_, i) => {
    const [input, unit] = [Math.floor(i / out!), i % out!];
    return data[unit * inputs! + input]!;
  });
}

/** Of float32 arithmetic, the file's own largest deviation from float64; of float64, rounding alone. */
const tolerances = { float32: 2e-4, float64: 1e-9 } as const;

describe('published: the surrogate gradients (fixtures/grad)', () => {
  before(function () {
    needFixtures(this);
  });

  for (const precision of ['float32', 'float64'] as const) {
    it(`all 11 cases, losses and outputs among them, in ${precision}`, () => {
      const file = npz('grad', 'surrogate_gradients.npz');
      const cases = json<Case[]>('grad', 'surrogate_gradients.json');
      expect(cases).to.have.length(11);
      for (const test of cases) {
        const { key } = test;
        const network = Network.fromGraph(spikingChain(withPrefix(file, `${key}.`)));
        const trainer = new Trainer(network, {
          precision,
          simulation: simulationOf(test),
          surrogate: { kind: 'fast-sigmoid', slope: test.surrogate_scale },
        });
        const near = tolerances[precision];
        const observations = floats(file, `${key}.obs`);
        const { loss, gradients, outputs } = trainer.gradients(observations, lossOf(file, test));
        const golden = file.get(`${key}.loss_f64`).data[0] as number;
        expect(Math.abs(loss - golden), key).to.be.at.most(near * Math.abs(golden));
        expect(largestDifference(outputs, floats(file, `${key}.out`)), key).to.be.at.most(
          tolerance(outputs),
        );
        const expected = file.keys.filter((name) => /\.g[wb]\d_f64$/.test(name));
        const own = expected.filter((name) => name.startsWith(`${key}.g`));
        expect(gradients.map(({ field }) => field)).to.have.length(own.length);
        for (const { node, field, shape, data } of gradients) {
          const name = `${key}.g${field[0]!}${node.replace('dense', '')}_f64`;
          const golden = doubles(file, name);
          const ours = field === 'weight' ? transposed(data, shape) : data;
          const scale = largest(golden);
          expect(scale, name).to.be.greaterThan(0);
          expect(largestDifference(ours, golden) / scale, name).to.be.at.most(near);
        }
      }
    });
  }
});

describe('published: forward outputs behind the surrogate gradients (fixtures/grad)', () => {
  before(function () {
    needFixtures(this);
  });

  it('all 11 cases', () => {
    const file = npz('grad', 'surrogate_gradients.npz');
    const cases = json<Case[]>('grad', 'surrogate_gradients.json');
    expect(cases).to.have.length(11);
    for (const test of cases) {
      const { key } = test;
      const { graph } = decodeBareWeights(withPrefix(file, `${key}.`), { layout: 'in-out' });
      const simulator = new Simulator(Network.fromGraph(graph), simulationOf(test));
      const golden = floats(file, `${key}.out`);
      const { out } = simulator.runSync(floats(file, `${key}.obs`));
      expect(largestDifference(out, golden), key).to.be.at.most(tolerance(golden));
    }
  });
});
