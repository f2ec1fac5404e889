import { expect } from 'chai';
import { race } from '../../bench/race.js';
import type { Contender } from '../../bench/race.js';

const options = { rounds: 3, sample: 1, warmUp: 0.5 };

function contender(name: string, log: string[], seconds: number, failing = ''): Contender {
  const act = (what: string): number => {
    log.push(`${name} ${what}`);
    if (what.startsWith(failing) && failing !== '') throw new Error(`${name} broke`);
    return seconds;
  };
  return { name, warm: () => act('warm'), time: (calls) => act(`time ${calls}`) };
}

describe('bench: race', () => {
  it('lets all take turns, every second round backwards', async () => {
    const log: string[] = [];
    const result = await race([contender('a', log, 0.25), contender('b', log, 4)], options);
    expect(log).to.deep.equal([
      'a warm',
      'b warm',
      ...['a time 4', 'b time 1'],
      ...['b time 1', 'a time 4'],
      ...['a time 4', 'b time 1'],
    ]);
    expect(result.samples.get('a')).to.deep.equal([0.25, 0.25, 0.25]);
    expect(result.failures.size).to.equal(0);
  });

  it('goes on without one that fails and keeps its reason', async () => {
    const log: string[] = [];
    const contenders = [contender('a', log, 1, 'time'), contender('b', log, 1)];
    const { samples, failures } = await race(contenders, options);
    expect([...samples.keys()]).to.deep.equal(['b']);
    expect([...failures]).to.deep.equal([['a', 'a broke']]);
    expect(log.filter((entry) => entry.startsWith('a time'))).to.have.length(1);
  });
});
