import { expect } from 'chai';
import { frame, numberOf } from '../../bench/replay/contents.js';
import { OurSide } from '../../bench/replay/our-side.js';
import { trials } from '../../bench/replay/trials.js';
import type { ReplayTrial } from '../../bench/replay/trials.js';
import { shareOfOdd, verifyDraws } from '../../bench/replay/verify.js';

/** A trial of the kind over a smaller memory. */
const small = (kind: ReplayTrial['kind']): ReplayTrial => ({
  ...trials.find((trial) => trial.kind === kind)!,
  transitions: 2000,
  episode: kind === 'frames' ? 2000 : 200,
});

describe('bench: replay', () => {
  for (const kind of ['uniform', 'prioritised', 'frames'] as const) {
    it(`${kind}: spiq draws whole transitions from everywhere, as often as it should`, () => {
      const trial = small(kind);
      verifyDraws(new OurSide(trial).draws(), trial, 'spiq');
    });
  }

  it('refuses draws that favour a part of the memory or miss the priorities', () => {
    const [uniform, prioritised] = [small('uniform'), small('prioritised')];
    const middle = 0.5 * (1 + 1 / uniform.episode);
    verifyDraws({ place: middle, odd: 0.5 }, uniform, 'x');
    expect(() => verifyDraws({ place: 0.45, odd: 0.5 }, uniform, 'x')).to.throw('mean place');
    expect(() => verifyDraws({ place: middle, odd: 0.47 }, uniform, 'x')).to.throw('odd rows');
    expect(() => verifyDraws({ place: middle, odd: 0.5 }, prioritised, 'x')).to.throw('odd rows');
    expect(() => verifyDraws({ place: NaN, odd: 0.5 }, uniform, 'x')).to.throw('mean place');
    verifyDraws({ place: middle, odd: shareOfOdd() }, prioritised, 'x');
    expect(shareOfOdd()).to.be.closeTo(0.777, 0.001);
  });

  it('tells frames by their first two pixels', () => {
    for (const c of [0, 255, 256, 20_000]) expect(numberOf(frame(c), 0)).to.equal(c);
  });
});
