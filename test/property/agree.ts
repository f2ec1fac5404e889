import { expect } from 'chai';
import fc from 'fast-check';
import { engineInfo } from '../../ts/info.js';
import type { ReferenceResult } from '../reference/record.js';
import { build } from './build.js';
import { compareWithReference } from './compare.js';
import type { Recipe } from './recipe.js';

// Other seeds and more runs are for somebody who looks for failures; a failure prints the seed to give here.
const { SPIQ_PROPERTY_SEED = '20240', SPIQ_PROPERTY_RUNS_TIMES = '1' } = process.env;
const seed = Number(SPIQ_PROPERTY_SEED);

/** A test that `runs` graphs drawn from `recipes` give the same bits in the engine as in the reference. */
export function itAgrees(title: string, recipes: fc.Arbitrary<Recipe>, runs: number): void {
  it(title, function () {
    const numRuns = runs * Number(SPIQ_PROPERTY_RUNS_TIMES);
    this.timeout(60_000 * Number(SPIQ_PROPERTY_RUNS_TIMES));
    // Where there is no addon this says so at once, before anything is shrunk.
    expect(engineInfo().isas).to.include('baseline');
    const rates: number[] = [];
    const property = fc.property(recipes, (recipe) => {
      rates.push(...firingRates(compareWithReference(build(recipe))));
    });
    fc.assert(property, { seed, numRuns });
    // Layers that are silent, or fire in every step, would compare little.
    const lively = rates.filter((rate) => rate > 0.02 && rate < 0.98).length;
    expect(lively / rates.length, 'share of layers with medium rates').to.be.greaterThan(0.5);
  });
}

/** Of each firing layer the spikes of a unit in a step; bursts can bring more than one. */
function firingRates({ counts, steps }: ReferenceResult): number[] {
  const allSteps = steps.reduce((sum, count) => sum + count, 0);
  return counts.map((layer) => {
    const spikes = layer.reduce((sum, count) => sum + Math.abs(count), 0);
    return spikes / (allSteps * (layer.length / steps.length));
  });
}
