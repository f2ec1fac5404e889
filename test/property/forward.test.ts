import { expect } from 'chai';
import fc from 'fast-check';
import type { Graph, GraphNode, Tensor } from '../../ts/graph.js';
import { engineInfo } from '../../ts/info.js';
import type { Observations } from '../../ts/native.js';
import { Network } from '../../ts/network.js';
import { everyImportedKind } from '../formats/helpers/every-kind.js';
import { referenceForward } from '../reference/forward.js';
import { shapeOf } from '../reference/shapes.js';
import { build } from './build.js';
import {
  branch,
  conv,
  convTranspose,
  dense,
  flat,
  groupedConv,
  lines,
  moving,
  planes,
  pool,
  recipes,
  reshaping,
  someOf,
} from './layers.js';
import { showGraph } from './show-graph.js';
import { Weights } from './weights.js';

const { SPIQ_PROPERTY_SEED = '20240', SPIQ_PROPERTY_RUNS_TIMES = '1' } = process.env;

const layers = fc.oneof(
  dense,
  conv,
  groupedConv,
  convTranspose,
  pool('average', 'sum', 'max'),
  reshaping,
  moving,
  branch('residual'),
  branch('concat'),
);
const graphs = recipes(fc.oneof(flat, lines, planes), someOf(layers, 4)).map((recipe) => ({
  ...recipe,
  // A network needs a layer with weights.
  head: 3,
  run: {
    ...recipe.run,
    encoding: 'constant' as const,
    twoInputNeurons: false,
    biasAsObservation: false,
  },
}));

/** ReLUs of all sorts in place of the neurons. */
function withRelus(graph: Graph, seed: number): Graph {
  const weights = new Weights(seed, false);
  const channels = new Map<string, readonly number[]>();
  const nodes = graph.nodes.map((node, i): GraphNode => {
    const from = graph.edges.filter(([, to]) => to === node.name).map(([name]) => name);
    const shape = shapeOf(
      node,
      from.map((name) => channels.get(name)!),
    );
    channels.set(node.name, shape);
    if (node.kind !== 'neuron' && node.kind !== 'accumulator') return node;
    const slopes: Tensor = weights.factors(shape[0]!);
    const fields = [{}, { slope: 0.1 }, { slopes }, { cap: 0.5 }, { slopes, cap: 0.25 }];
    return { kind: 'relu', name: node.name, ...fields[(seed + i) % fields.length] };
  });
  return { ...graph, nodes };
}

function compare(graph: Graph, observations: Observations): void {
  const network = Network.fromGraph(graph);
  for (const precision of ['float32', 'float64'] as const) {
    const expected = referenceForward(graph, observations, precision);
    for (const isa of engineInfo().isas) {
      for (const threads of [1, 2]) {
        const ours = network.forwardSync(observations, { precision, isa, threads });
        expect(ours.length).to.equal(expected.length);
        const at = expected.findIndex((value, i) => !Object.is(value, ours[i]));
        if (at < 0) continue;
        const found = `${ours[at]} instead of ${expected[at]} at ${at}`;
        throw new Error(
          `${found}\n  ${precision}, ${isa}, ${threads} threads\n${showGraph(graph)}`,
        );
      }
    }
  }
}

describe('property: the float forward pass', () => {
  it('gives the bits of the reference for any graph', function () {
    this.timeout(60_000 * Number(SPIQ_PROPERTY_RUNS_TIMES));
    const property = fc.property(graphs, fc.nat({ max: 1000 }), (recipe, seed) => {
      const { graph, observations } = build(recipe);
      compare(withRelus(graph, seed), observations!);
    });
    const numRuns = 80 * Number(SPIQ_PROPERTY_RUNS_TIMES);
    fc.assert(property, { seed: Number(SPIQ_PROPERTY_SEED), numRuns });
  });

  it('gives them for what imported networks bring', () => {
    compare(everyImportedKind(), new Weights(3, false).observations(2 * 40));
  });
});
