import { expect } from 'chai';
import { selectTrials, trials } from '../../bench/simulate/trials.js';

const names = [
  'cartpole-b1',
  'cartpole-b256',
  'patel-b1',
  'patel-b32',
  'patel-frames-b1',
  'nature-b1',
  'nature-b16',
  'nature-b1-active',
  'nature-b16-active',
].map((name) => `simulate/${name}`);

const selected = (only: string): string[] => selectTrials(only).map(({ name }) => name);

describe('bench: trials', () => {
  it('are the nine that are promised', () => {
    expect(trials.map(({ name }) => name)).to.deep.equal(names);
    expect(trials.map(({ target }) => target)).to.deep.equal([1000, 30, 12, 60, 25, 20, 12, 10, 6]);
  });

  it('say their batch in their name and give the small network one thread', () => {
    for (const { name, batch, net, threads, steps } of trials) {
      expect(name).to.match(new RegExp(`-b${batch}(-active)?$`));
      expect(threads).to.equal(net === 'cartpole' ? 1 : 2);
      expect(steps).to.equal(100);
    }
  });

  it('are chosen by their name alone or by its beginning', () => {
    expect(selected('')).to.deep.equal(names);
    expect(selected('nature-b1')).to.deep.equal(['simulate/nature-b1']);
    expect(selected('simulate/patel-b32')).to.deep.equal(['simulate/patel-b32']);
    expect(selected('simulate')).to.deep.equal(names);
    expect(selected('cartpole')).to.have.length(2);
    expect(selected('absent')).to.deep.equal([]);
  });
});
