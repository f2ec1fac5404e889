import { expect } from 'chai';
import { OurSide } from '../../bench/preprocess/our-side.js';
import { peersOf } from '../../bench/preprocess/peers.js';
import { frameCount, trials } from '../../bench/preprocess/trials.js';
import { verifyPixels } from '../../bench/preprocess/verify.js';

describe('bench: preprocessing', () => {
  it('has the trials that are promised, with their targets', () => {
    expect(trials.map(({ name, target }) => [name, target])).to.deep.equal([
      ['preprocess/patel', 20],
      ['preprocess/mnih', 20],
      ['preprocess/nature', null],
    ]);
  });

  for (const trial of trials) {
    it(`${trial.name}: frames and observations are the same in every run, and differ`, () => {
      const made = new OurSide(trial).observations();
      expect(made).to.have.length(frameCount);
      expect(new OurSide(trial).observations()).to.deep.equal(made);
      expect(new Set(made.map((observation) => observation.join())).size).to.equal(frameCount);
    });

    it(`${trial.name}: has peers, all verified`, () => {
      const peers = peersOf(trial);
      expect(peers).to.not.have.length(0);
      expect(peers.every(({ counted, verified }) => counted && verified)).to.equal(true);
    });
  }

  it('is timed on whole observations', async () => {
    const contender = new OurSide(trials[0]!).contender();
    expect(await contender.time(20)).to.be.greaterThan(0);
  });

  it('refuses peers with another pixel, too few or none', () => {
    const ours = [Uint8Array.of(1, 2), Uint8Array.of(3, 4)];
    verifyPixels(ours, [1, 2, 3, 4], 'x');
    expect(() => verifyPixels(ours, [1, 2, 3, 5], 'x')).to.throw('pixel 3: 4 is not the 5 of x');
    expect(() => verifyPixels(ours, [1, 2, 3], 'x')).to.throw('3 pixels in place of 4');
    expect(() => verifyPixels([], [], 'x')).to.throw('0 pixels');
  });
});
