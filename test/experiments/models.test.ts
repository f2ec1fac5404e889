import { expect } from 'chai';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { narrowHalf, widenHalf } from '../../ts/formats/half.js';
import {
  Network,
  Simulator,
  evaluate,
  findModel,
  floatPolicy,
  modelNames,
  openGames,
  spikingPolicy,
  withHistory,
  withTimeLimit,
  wrapGroup,
} from '../../ts/index.js';
import { repositoryRoot } from '../scripts/repository.js';
import { gymSuite } from '../support/suite.js';

interface Score {
  readonly mean: number;
  readonly std: number;
  readonly seed: number;
  readonly returns: readonly number[];
}

interface Recipe {
  readonly score: Score;
  readonly converted?: readonly (Score & { readonly T: number; readonly similarity: number })[];
  readonly training: { readonly frames: number };
}

const folder = path.join(repositoryRoot, 'models');
const recipeOf = (name: string): Recipe =>
  JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Recipe;

const expected = ['breakout', 'breakout-patel', 'breakout-patel-spiking', 'breakout-spiking'];

/** As tables write it. */
const scoreText = ({ mean, std }: Score): string => `${mean.toFixed(2)} (${std.toFixed(2)})`;

describe('models that come with spiq', function () {
  this.timeout(300_000);
  const suite = gymSuite();

  it('are named, and small enough to be cloned', () => {
    expect(modelNames()).to.include.members(expected);
    const bytes = readdirSync(folder).map((name) => statSync(path.join(folder, name)).size);
    expect(bytes.reduce((sum, size) => sum + size)).to.be.below(48 * 2 ** 20);
  });

  for (const name of expected) {
    it(`${name}: its file plays as its recipe says`, async () => {
      const { file, environment, epsilon, simulation } = findModel(name)!;
      const { score } = recipeOf(name);
      const network = await Network.load(file);
      const { name: game, view, history, maxSteps, ...played } = environment;
      const { python } = suite;
      const group = await openGames(game, { ...played, view, copies: 2, python });
      const seen = wrapGroup(group, (one) => {
        const limited = withTimeLimit(one, maxSteps);
        return history === 1 ? limited : withHistory(limited, history);
      });
      const simulator = simulation && new Simulator(network, simulation);
      const { act } = simulator ? spikingPolicy(simulator) : floatPolicy(network);
      const options = { environment: seen, act, episodes: 2, seed: score.seed, epsilon };
      const { returns } = await evaluate(options);
      expect(returns).to.deep.equal(score.returns.slice(0, 2));
      simulator?.close();
      await group.close();
    });

    it(`${name}: its weights are of half precision`, async () => {
      const { graph } = await Network.load(findModel(name)!.file);
      const weights = graph.nodes.flatMap((node) => ('weight' in node ? [node.weight.data] : []));
      const large = weights.filter(({ length }) => length >= 1024);
      expect(large).to.have.length.at.least(1);
      for (const data of large) {
        const given = Float32Array.from(data);
        expect(widenHalf(narrowHalf(given, name))).to.deep.equal(given);
      }
    });

    it(`${name}: the documentation tells its scores`, () => {
      const { score, converted = [], training } = recipeOf(name);
      const text = readFileSync(path.join(repositoryRoot, 'docs', 'games.md'), 'utf8');
      expect(text).to.include(scoreText(score));
      for (const one of converted) {
        expect(text).to.include(scoreText(one));
        expect(text).to.include(`${(one.similarity * 100).toFixed(2)} %`);
      }
      expect(text).to.include((training.frames / 1e6).toFixed(2));
    });
  }
});
