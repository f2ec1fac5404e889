import { expect } from 'chai';
import type { Npz } from '../../ts/formats/npz/index.js';
import { toFloat32, toFloat64 } from '../../ts/formats/npz/index.js';
import type { Graph, GraphNode } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { Trainer } from '../../ts/trainer.js';
import type { TrainerOptions } from '../../ts/trainer.js';
import { chainOf } from '../conformance/random-nets.js';
import { largest, largestDifference } from '../published/fixtures.js';
import { oracle, oracleJson } from './simulate-cases.js';

interface GraphCase {
  readonly key: string;
  /** As ts/graph.ts has them, with shapes in the place of arrays. */
  readonly nodes: readonly Readonly<Record<string, unknown>>[];
  readonly edges: Graph['edges'];
}

interface SpikingCase {
  readonly key: string;
  readonly semantics: 'direct' | 'dsqn';
  readonly decoding: 'potential' | 'spikes' | 'mean_potential' | 'max_potential';
  readonly reset: 'subtraction' | 'zero';
  readonly attached: boolean;
  readonly surrogate: NonNullable<TrainerOptions['surrogate']>;
  readonly alpha: number;
  readonly beta: number;
  readonly threshold: number;
  readonly epsilon: number;
  readonly steps: number;
}

/** Of a case's largest gradient: float32 sums of some hundreds of products; roundings of float64. */
function toleranceOf(precision: 'float32' | 'float64', graph: Graph): number {
  if (precision === 'float32') return 1e-4;
  // A norm's factor is rounded to float32, as where it is folded into a layer's weights.
  return graph.nodes.some(({ kind }) => kind === 'batch_norm') ? 1e-6 : 1e-11;
}

const precisions = ['float32', 'float64'] as const;

const arrayFields = 'weight bias factor offset scale shift mean variance slopes'.split(' ');

function graphOf(file: Npz, { key, nodes, edges }: GraphCase): Graph {
  const filled = nodes.map((node): GraphNode => {
    const whole: Record<string, unknown> = { ...node };
    for (const field of arrayFields) {
      const name = `${key}.${String(node.name)}.${field}`;
      if (!file.has(name)) continue;
      whole[field] = { shape: node[field], data: toFloat32(file.get(name)).data };
    }
    return whole as unknown as GraphNode;
  });
  return { nodes: filled, edges, outputs: [filled.at(-1)!.name] };
}

function layersOf(file: Npz, { key, alpha, beta, threshold, reset }: SpikingCase): Graph {
  const nodes = [0, 1, 2].flatMap((layer): GraphNode[] => {
    const weight = file.get(`${key}.dense${layer}.weight`);
    const bias = file.get(`${key}.dense${layer}.bias`);
    return [
      {
        kind: 'dense',
        name: `dense${layer}`,
        weight: { shape: weight.shape, data: toFloat32(weight).data },
        bias: { shape: bias.shape, data: toFloat32(bias).data },
      },
      { kind: 'neuron', name: `neurons${layer}`, alpha, beta, threshold, reset },
    ];
  });
  return chainOf([{ kind: 'input', name: 'x', shape: [5] }, ...nodes]);
}

/** Outputs and every gradient of a case against the oracle's; gives the fields that were compared. */
function compare(file: Npz, key: string, graph: Graph, options: TrainerOptions): string[] {
  const precision = options.precision ?? 'float32';
  const near = toleranceOf(precision, graph);
  const trainer = new Trainer(Network.fromGraph(graph), options);
  const found = trainer.gradients(toFloat32(file.get(`${key}.obs`)).data, {
    kind: 'weighted-sum',
    coefficients: toFloat32(file.get(`${key}.coefficients`)).data,
  });
  const golden = file.keys.filter((name) => name.startsWith(`${key}.gradient.`));
  const scale = Math.max(...golden.map((name) => largest(toFloat64(file.get(name)).data)));
  const out = toFloat64(file.get(`${key}.out`)).data;
  expect(largestDifference(found.outputs, out), key).to.be.at.most(near * (1 + largest(out)));
  for (const { node, field, shape, data } of found.gradients) {
    const name = `${key}.gradient.${node}.${field}`;
    const array = file.get(name);
    // NumPy has written single numbers as arrays of one.
    expect(shape.length === 0 ? [1] : shape, name).to.deep.equal(array.shape);
    expect(largestDifference(data, toFloat64(array).data), name).to.be.at.most(near * scale);
  }
  expect(
    found.gradients.map(({ node, field }) => `${key}.gradient.${node}.${field}`),
  ).to.have.members(golden);
  return found.gradients.map(({ field }) => field);
}

describe('oracle: gradients by another program', () => {
  for (const precision of precisions) {
    it(`of random graphs with every kind of layer, in ${precision}`, () => {
      const file = oracle('gradients.npz');
      const cases = (oracleJson('gradients.json') as { cases: GraphCase[] }).cases;
      expect(cases).to.have.length(24);
      const fields = new Set<string>();
      for (const test of cases) {
        const graph = graphOf(file, test);
        for (const field of compare(file, test.key, graph, { precision })) fields.add(field);
      }
      expect([...fields]).to.have.members(arrayFields.slice(0, 6));
    });

    it(`of spiking layers, thresholds and decays in every setting, in ${precision}`, () => {
      const file = oracle('gradients.spiking.npz');
      const cases = (oracleJson('gradients.spiking.json') as { cases: SpikingCase[] }).cases;
      expect(cases).to.have.length(24);
      for (const test of cases) {
        const { key, semantics, decoding, steps, epsilon, surrogate, attached } = test;
        const fields = compare(file, key, layersOf(file, test), {
          precision,
          surrogate,
          reset: attached ? 'attached' : 'detached',
          trainable: { thresholds: true, alpha: true, beta: true },
          simulation: {
            semantics,
            decoding,
            steps,
            ...(semantics === 'direct' ? { epsilon } : {}),
          },
        });
        expect(fields).to.include.members(['weight', 'bias', 'threshold', 'alpha', 'beta']);
      }
    });
  }
});
