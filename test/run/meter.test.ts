import { expect } from 'chai';
import { PhaseMeter, meanLargestOutput } from '../../ts/run/index.js';
import { handClock } from './folder.js';

describe('what a phase measures', () => {
  it('divides the loss by the updates of the phase, and the steps by wall time', () => {
    const { clock, set } = handClock();
    set(100);
    const meter = new PhaseMeter(undefined, clock);
    meter.addSteps(30);
    meter.addSteps();
    meter.addLoss(0.5);
    meter.addLoss(0.2, 4);
    meter.addSpikes(300, 2);
    meter.addGame(10, 20);
    meter.addGame(-2, 11);
    set(102);
    const row = meter.row();
    expect(row).to.include({
      steps: 31,
      nr_games: 2,
      average_reward: 4,
      min_game_reward: -2,
      max_game_reward: 10,
      mean_game_steps: 15.5,
      spikes_per_observation: 150,
      epoch_time: 2,
      steps_per_second: 15.5,
    });
    expect(row.meancost).to.be.closeTo(1.3 / 5, 1e-12);
    expect(row.return_std).to.be.closeTo(Math.sqrt(72), 1e-12);
  });

  it('leaves out what no event determines', () => {
    const { clock } = handClock();
    const row = new PhaseMeter(undefined, clock).row();
    expect(row).to.include({ steps: 0, nr_games: 0 });
    for (const name of ['average_reward', 'meancost', 'return_std', 'steps_per_second'] as const) {
      expect(row[name], name).to.equal(undefined);
    }
  });

  it('goes on from a saved state as if nothing had been', () => {
    const { clock, set } = handClock();
    const whole = new PhaseMeter(undefined, clock);
    whole.addGame(3, 4);
    whole.addLoss(1, 2);
    set(5);
    const saved = JSON.parse(JSON.stringify(whole.save())) as ReturnType<PhaseMeter['save']>;
    set(50);
    const resumed = new PhaseMeter(saved, clock);
    resumed.addGame(5, 6);
    set(51);
    const row = resumed.row();
    expect(row).to.include({ nr_games: 2, average_reward: 4, meancost: 1, epoch_time: 6 });
  });

  it('takes the mean of the largest outputs', () => {
    expect(meanLargestOutput([1, 5, -3, -4], 2)).to.equal(1);
  });
});
