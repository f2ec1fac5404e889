import fc from 'fast-check';
import { Random } from '../../ts/env/random.js';
import { build } from './build.js';
import {
  branch,
  conv,
  convTranspose,
  delay,
  dense,
  flat,
  lines,
  moving,
  planes,
  pool,
  recipes,
  reshaping,
  scale,
  someOf,
} from './layers.js';
import type { Recipe } from './recipe.js';
import { compareStream } from './stream.js';

const { SPIQ_PROPERTY_SEED = '20240', SPIQ_PROPERTY_RUNS_TIMES = '1' } = process.env;
const anyShape = fc.oneof(flat, lines, planes);
const any = fc.oneof(
  dense,
  conv,
  convTranspose,
  pool('average', 'sum', 'max'),
  reshaping,
  scale,
  moving,
  branch('residual'),
  branch('concat'),
  delay,
);

function itStreams(
  title: string,
  graphs: fc.Arbitrary<Recipe>,
  runs: number,
  changes: boolean,
): void {
  it(title, function () {
    this.timeout(60_000 * Number(SPIQ_PROPERTY_RUNS_TIMES));
    const property = fc.property(graphs, fc.nat(), (recipe, seed) => {
      const scene = build(recipe);
      const { observations, options } = scene;
      const random = new Random(seed);
      const later =
        changes && observations !== undefined
          ? {
              from: Math.floor(random.uniform(0, options.steps!)),
              observations: observations.map(() => random.uniform(-0.3, 1.3)),
            }
          : undefined;
      for (const precision of ['float32', 'float64'] as const)
        compareStream(scene, seed, precision, later);
    });
    const numRuns = runs * Number(SPIQ_PROPERTY_RUNS_TIMES);
    fc.assert(property, { seed: Number(SPIQ_PROPERTY_SEED), numRuns });
  });
}

describe('property: streams give what one run gives, in any pieces, saved and restored', () => {
  itStreams('fully connected with delays', recipes(flat, fc.tuple(dense, delay)), 40, false);
  itStreams('convolutions with delays', recipes(anyShape, fc.tuple(conv, delay, conv)), 40, false);
  itStreams('maxima of spikes', recipes(planes, fc.tuple(conv, pool('max'))), 30, false);
  itStreams('any graph', recipes(anyShape, someOf(any, 4)), 80, false);
});

describe('property: streams whose observations change', () => {
  itStreams('fully connected with delays', recipes(flat, fc.tuple(dense, delay)), 40, true);
  itStreams('any graph', recipes(anyShape, someOf(any, 3)), 60, true);
});
