import { expect } from 'chai';
import { ScoreSums, compareScores, suggestSteps } from '../../ts/analysis/scores.js';
import type { MethodScore } from '../../ts/analysis/scores.js';

const nothing = { agreement: null, accuracy: null, relativeError: null, rmse: null };

function at(steps: number, more: Partial<MethodScore>): MethodScore {
  return { steps, ...nothing, ...more };
}

describe('analysis: scores', () => {
  it('are counted over pieces of rows', () => {
    const sums = new ScoreSums(10, 2, true);
    const float = [1, 2, 4, 3];
    sums.add({ rows: 2, out: [5, 6, 7, 8], q: [1, 2, 2, 4], float, labels: [1, 0] });
    sums.add({ rows: 1, out: [1, 0], q: [0, 0], float: [-1, 1], labels: [0] });
    // Agreeing: row 0 alone. Right: rows 0 and 2. Errors: 0 0 2 1 and 1 1, of magnitudes 10 and 2.
    expect(sums.result()).to.deep.equal({
      steps: 10,
      agreement: 1 / 3,
      accuracy: 2 / 3,
      relativeError: 5 / 12,
      rmse: Math.sqrt(7 / 6),
    });
  });

  it('say nothing of what they cannot know', () => {
    const sums = new ScoreSums(10, 1, false);
    sums.add({ rows: 2, out: [5, 6], q: undefined, float: [0, 0], labels: undefined });
    expect(sums.result()).to.deep.equal(at(10, {}));
    const zeros = new ScoreSums(10, 1, false);
    zeros.add({ rows: 1, out: [5], q: [5], float: [0], labels: undefined });
    expect(zeros.result()).to.deep.equal(at(10, { rmse: 5 }));
  });

  it('suggest the time from which on all are as good as the float network', () => {
    const agreements = (...values: number[]) =>
      values.map((agreement, k) => at(10 * (k + 1), { agreement }));
    expect(suggestSteps(agreements(0.9, 0.996, 0.999), null)).to.equal(20);
    // Better at 20 than at 30: from 20 on would be a promise that 30 does not keep.
    expect(suggestSteps(agreements(0.9, 0.996, 0.98, 1), null)).to.equal(40);
    expect(suggestSteps(agreements(1, 1, 0.9), null)).to.equal(null);
    expect(suggestSteps(agreements(0.9, 0.95), null, 0.1)).to.equal(10);
    const accuracies = [at(10, { accuracy: 0.8, agreement: 0.9 }), at(20, { accuracy: 0.85 })];
    expect(suggestSteps(accuracies, 0.853)).to.equal(20);
    const errors = [at(10, { relativeError: 0.06 }), at(20, { relativeError: 0.04 })];
    expect(suggestSteps(errors, null)).to.equal(20);
    expect(suggestSteps([at(10, {})], null)).to.equal(null);
  });

  it('rank by accuracy, then agreement, then error', () => {
    const better = (a: Partial<MethodScore>, b: Partial<MethodScore>): void => {
      expect(compareScores(at(1, a), at(1, b))).to.be.below(0);
      expect(compareScores(at(1, b), at(1, a))).to.be.above(0);
    };
    better({ accuracy: 0.9, agreement: 0.5 }, { accuracy: 0.8, agreement: 0.9 });
    better({ agreement: 0.9, relativeError: 1 }, { agreement: 0.8, relativeError: 0 });
    better({ agreement: 0.9, relativeError: 0.1 }, { agreement: 0.9, relativeError: 0.2 });
    better({ agreement: 0.9, relativeError: 0.1 }, { agreement: 0.9 });
    better({ rmse: 0.1 }, { rmse: 0.2 });
    expect(compareScores(at(1, {}), at(1, {}))).to.equal(0);
  });
});
