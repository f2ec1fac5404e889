import { expect } from 'chai';
import type { Npz } from '../../ts/formats/npz/index.js';
import { toFloat32, toFloat64 } from '../../ts/formats/npz/index.js';
import type { Graph, GraphNode, Tensor } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import type { SimulationOptions } from '../../ts/simulator.js';
import { Trainer } from '../../ts/trainer.js';
import type { Loss, Optimiser, Surrogate } from '../../ts/trainer.js';
import { chainOf } from '../conformance/random-nets.js';
import { largestDifference } from '../published/fixtures.js';
import { oracle, oracleJson } from './simulate-cases.js';

interface TrainingCase {
  readonly key: string;
  readonly spiking: boolean;
  readonly loss: 'mse' | 'huber' | 'cross-entropy' | 'policy-gradient';
  readonly optimiser: Optimiser;
  readonly clip: { readonly value?: number; readonly norm?: number };
}

interface Listing {
  readonly cases: readonly TrainingCase[];
  readonly simulation: {
    readonly semantics: 'direct';
    readonly decoding: 'mean_potential';
    readonly epsilon: number;
    readonly steps: number;
    readonly surrogate: Surrogate;
  };
}

// float32: sums of products, ten times over, and of spiking networks over the steps besides. In float64 nothing but
// rounding is left.
const tolerances = { float32: 2e-5, float64: 1e-11 } as const;

function tensorOf(file: Npz, name: string): Tensor {
  const array = file.get(name);
  return { shape: array.shape, data: toFloat32(array).data };
}

function graphOf(file: Npz, { key, spiking }: TrainingCase): Graph {
  const nodes = [0, 1, 2].flatMap((layer): GraphNode[] => {
    const dense = {
      kind: 'dense',
      name: `dense${layer}`,
      weight: tensorOf(file, `${key}.begin.w${layer}`),
      bias: tensorOf(file, `${key}.begin.b${layer}`),
    } as const;
    if (spiking) return [dense, { kind: 'neuron', name: `neurons${layer}` }];
    return layer === 2 ? [dense] : [dense, { kind: 'relu', name: `relu${layer}` }];
  });
  return chainOf([{ kind: 'input', name: 'x', shape: [4] }, ...nodes]);
}

function lossOf(file: Npz, { key, loss }: TrainingCase): Loss {
  const targets = toFloat32(file.get(`${key}.targets`)).data;
  const labels = Int32Array.from(toFloat64(file.get(`${key}.labels`)).data);
  switch (loss) {
    case 'mse':
      return { kind: loss, targets };
    case 'huber':
      return { kind: loss, targets, delta: 0.7 };
    case 'cross-entropy':
      return { kind: loss, labels };
    case 'policy-gradient':
      return { kind: loss, actions: labels, returns: targets.filter((_, i) => i % 3 === 0) };
  }
}

describe('oracle: training by another program', () => {
  const listing = oracleJson('training.json') as Listing;
  const file = oracle('training.npz');
  const { surrogate, semantics, decoding, epsilon, steps } = listing.simulation;
  const simulation: SimulationOptions = { semantics, decoding, epsilon, steps };

  it('has every optimiser, every schedule and both ways to cut gradients', () => {
    const kinds = listing.cases.map(({ optimiser }) => optimiser.kind);
    expect(new Set(kinds).size).to.equal(6);
    const rates = listing.cases.map(({ optimiser: { learningRate } }) =>
      typeof learningRate === 'object' ? learningRate.kind : 'constant',
    );
    expect(new Set(rates).size).to.equal(5);
    const clips = listing.cases.flatMap(({ clip }) => Object.keys(clip));
    expect(clips).to.include.members(['value', 'norm']);
  });

  for (const precision of ['float32', 'float64'] as const) {
    it(`ten losses of each case, and the weights after them, in ${precision}`, () => {
      expect(listing.cases).to.have.length(28);
      for (const test of listing.cases) {
        const { key, optimiser, clip, spiking } = test;
        const trainer = new Trainer(Network.fromGraph(graphOf(file, test)), {
          ...{ precision, optimiser, clip },
          ...(spiking ? { surrogate, simulation } : {}),
        });
        const loss = lossOf(file, test);
        const observations = toFloat32(file.get(`${key}.obs`)).data;
        const golden = toFloat64(file.get(`${key}.losses`)).data;
        const losses = Array.from(golden, () => trainer.updateSync(observations, loss));
        expect(losses).to.have.length(10);
        const near = tolerances[precision];
        losses.forEach((value, update) => {
          const expected = golden[update]!;
          expect(value, `${key}: ${update}`).to.be.closeTo(
            expected,
            near * (1 + Math.abs(expected)),
          );
        });
        // Networks hold float32.
        const { nodes } = trainer.network().graph;
        const layers = nodes.flatMap((node) => (node.kind === 'dense' ? [node] : []));
        layers.forEach(({ weight, bias }, layer) => {
          for (const [name, tensor] of [
            [`w${layer}`, weight],
            [`b${layer}`, bias!],
          ] as const) {
            const after = toFloat64(file.get(`${key}.end.${name}`)).data;
            expect(largestDifference(tensor.data, after), `${key}: ${name}`).to.be.at.most(
              Math.max(near, 3e-7),
            );
          }
        });
      }
    });
  }
});
