import { expect } from 'chai';
import { freshGoal, goalWindow, watchGoal } from '../../ts/agent/goal.js';
import type { GoalState } from '../../ts/agent/goal.js';

/** The published rule read literally: a deque of the last hundred returns, its mean taken before the append. */
function literally(returns: readonly number[], goal: number, stayWanted: number) {
  const before: number[] = [];
  let [best, bestAt, stay, reached] = [-Infinity, -1, 0, -1];
  const means = returns.map((earned, episode) => {
    const last = before.slice(-goalWindow);
    const average = last.length < goalWindow ? null : last.reduce((a, b) => a + b, 0) / goalWindow;
    if (average !== null && average > best) [best, bestAt] = [average, episode];
    stay = average !== null && average >= goal ? stay + 1 : 0;
    if (reached < 0 && stay >= stayWanted) reached = episode;
    before.push(earned);
    return average;
  });
  return { means, best, bestAt, reached };
}

describe('bookkeeping of the goal', () => {
  it('is the published one: a hundred episodes without the present one, in a row as often as asked', () => {
    const returns = Array.from({ length: 400 }, (_, k) => 100 + 100 * Math.sin(k / 37) + (k % 7));
    const [goal, goalStay] = [150, 20];
    const expected = literally(returns, goal, goalStay);
    expect(expected.reached).to.be.greaterThan(goalWindow);
    let state: GoalState = freshGoal;
    const bests: number[] = [];
    const means = returns.map((earned, episode) => {
      const step = watchGoal(state, episode, earned, { goal, goalStay });
      ({ state } = step);
      if (step.isBest) bests.push(episode);
      expect(step.isReached).to.equal(episode === expected.reached);
      return step.mean;
    });
    means.forEach((average, k) => {
      if (average === null) expect(expected.means[k]).to.equal(null);
      else expect(average).to.be.closeTo(expected.means[k]!, 1e-9);
    });
    expect(state.reached).to.equal(expected.reached);
    expect(state.bestEpisode).to.equal(expected.bestAt);
    expect(state.bestMean).to.be.closeTo(expected.best, 1e-9);
    expect(bests.at(-1)).to.equal(expected.bestAt);
    expect(bests[0]).to.equal(goalWindow);
  });

  it('knows no goal where none is wanted', () => {
    let state: GoalState = freshGoal;
    for (let episode = 0; episode < 250; episode += 1) {
      ({ state } = watchGoal(state, episode, 500, { goal: null, goalStay: 1 }));
    }
    expect(state).to.include({ reached: null, bestMean: 500, bestEpisode: 100 });
  });
});
