import { appendFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Network } from '../../ts/network.js';
import { Run, readRun } from '../../ts/run/index.js';
import { expectError } from '../formats/helpers/expect-error.js';
import { freshFolders, handClock } from './folder.js';

const publishedHeader =
  'epoch,phase,steps,nr_games,average_reward,min_game_reward,max_game_reward,last_exploration_rate,' +
  'total_train_steps,replay_memory_count,meanq,meancost,weight_updates,total_time,epoch_time,steps_per_second';

describe('run directory', () => {
  const folderOf = freshFolders();
  const options = { name: 'cart-pole', seed: 7, parameters: { gamma: 0.99, net: [16, 16] } };
  const episode = (number: number) => ({
    episode: number,
    steps: 10,
    return: 10 * number,
    totalSteps: 10 * number,
    epsilon: 0.5,
  });
  let folder: string;
  beforeEach(() => {
    folder = join(folderOf(), 'run');
  });

  it('starts with the sixteen published columns, then its own', () => {
    Run.create(folder, { ...options, columns: ['mood'] }).close();
    const [first] = readFileSync(join(folder, 'metrics.csv'), 'utf8').split('\n');
    expect(first!.startsWith(`${publishedHeader},seed,`)).to.equal(true);
    expect(first!.endsWith(',mood')).to.equal(true);
  });

  it('comes back with its configuration and its rows', () => {
    const { clock, set } = handClock();
    const run = Run.create(folder, { ...options, clock });
    set(2.5);
    run.recordPhase({ epoch: 1, phase: 'train', steps: 100, meanq: NaN, average_reward: -3.25 });
    run.recordEpisode(episode(1));
    const { config, metrics, episodes } = readRun(folder);
    expect(config).to.deep.equal(run.config);
    expect(config.parameters).to.deep.equal(options.parameters);
    expect(metrics.strings('phase')).to.deep.equal(['train']);
    expect([...metrics.numbers('average_reward')]).to.deep.equal([-3.25]);
    expect([...metrics.numbers('total_time')]).to.deep.equal([2.5]);
    expect([...metrics.numbers('seed')]).to.deep.equal([7]);
    expect(metrics.strings('meanq')).to.deep.equal(['nan']);
    expect(metrics.strings('meancost')).to.deep.equal(['']);
    expect(episodes.rows).to.deep.equal([['1', '10', '10', '10', '2.5', '0.5']]);
    run.close();
  });

  it('drops the rows behind the checkpoint that it is resumed from, and keeps the clock going', () => {
    const first = handClock();
    const run = Run.create(folder, { ...options, clock: first.clock });
    run.recordEpisode(episode(1));
    first.set(10);
    run.saveCheckpoint({ number: 1, state: { episode: 1 } });
    run.recordEpisode(episode(2));
    run.recordPhase({ epoch: 1, phase: 'test' });
    first.set(20);
    run.close();

    const second = handClock();
    second.set(1000);
    const again = Run.open(folder, { clock: second.clock });
    expect(again.resume()!.state).to.deep.equal({ episode: 1 });
    second.set(1003);
    expect(again.rows).to.deep.equal({ metrics: 0, episodes: 1 });
    again.recordEpisode(episode(2));
    again.close();
    const { episodes } = readRun(folder);
    expect(episodes.strings('episode')).to.deep.equal(['1', '2']);
    expect([...episodes.numbers('seconds')]).to.deep.equal([0, 13]);
  });

  it('begins anew where there is no checkpoint', () => {
    const run = Run.create(folder, options);
    run.recordEpisode(episode(1));
    run.close();
    const again = Run.open(folder);
    expect(again.resume()).to.equal(undefined);
    expect(again.rows).to.deep.equal({ metrics: 0, episodes: 0 });
    again.close();
  });

  it('mends a last line that a crash has torn', () => {
    const run = Run.create(folder, options);
    run.recordEpisode(episode(1));
    run.recordEpisode(episode(2));
    run.saveCheckpoint({ number: 2, state: {} });
    run.close();
    appendFileSync(join(folder, 'episodes.csv'), '3,10,3');
    expect(readRun(folder).episodes.length).to.equal(2);
    const again = Run.open(folder);
    expect(again.rows.episodes).to.equal(2);
    again.resume();
    again.recordEpisode(episode(3));
    again.close();
    expect(readRun(folder).episodes.strings('episode')).to.deep.equal(['1', '2', '3']);
  });

  it('refuses rows before it is known where an opened run goes on', () => {
    Run.create(folder, options).close();
    const run = Run.open(folder);
    expectError(() => run.recordEpisode(episode(1)), 'E_STATE', 'resume()');
    expectError(() => run.recordPhase({ epoch: 1, phase: 'train' }), 'E_STATE');
    expectError(() => run.saveCheckpoint({ number: 1, state: {} }), 'E_STATE');
    run.close();
  });

  it('refuses a second writer, and lets readers in', () => {
    const run = Run.create(folder, options);
    expectError(() => Run.open(folder), 'E_STATE', folder, `process ${process.pid}`);
    expect(readRun(folder).config.name).to.equal('cart-pole');
    run.close();
    Run.open(folder).close();
  });

  it('refuses to start in a folder with a run or with other things', () => {
    Run.create(folder, options).close();
    expectError(() => Run.create(folder, options), 'E_STATE', 'config.json');
    const other = join(folderOf(), 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'thesis.tex'), '');
    expectError(() => Run.create(other, options), 'E_STATE', 'thesis.tex');
    expect(readdirSync(other)).to.deep.equal(['thesis.tex']);
  });

  it('starts where a run died before it had a configuration', () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'metrics.csv'), 'epo');
    const run = Run.create(folder, options);
    run.recordPhase({ epoch: 0, phase: 'random', steps: 5 });
    run.close();
    expect(readRun(folder).metrics.length).to.equal(1);
  });

  it('refuses unknown columns, phases and options, and parameters that JSON would change', () => {
    const run = Run.create(folder, options);
    const phase = 'train' as const;
    expectError(() => run.recordPhase({ epoch: 1, phase, reward: 1 }), 'E_ARGUMENT', 'reward');
    expectError(() => run.recordPhase({ epoch: 1, phase: 'nap' as never }), 'E_ARGUMENT', 'nap');
    expectError(() => run.saveNetwork('../x', undefined as never), 'E_ARGUMENT', '../x');
    run.close();
    const other = join(folderOf(), 'other');
    const start = (change: object) => () => Run.create(other, { ...options, ...change });
    expectError(start({ parameters: { rate: NaN } }), 'E_NOT_FINITE', 'parameters.rate');
    expectError(start({ parameters: { f: new Float32Array(2) } }), 'E_ARGUMENT', 'parameters.f');
    expectError(start({ seed: -1 }), 'E_RANGE', 'seed');
    expectError(start({ name: '' }), 'E_ARGUMENT', 'name');
    expectError(start({ columns: ['meanq'] }), 'E_ARGUMENT', 'meanq');
    expectError(start({ colour: 1 }), 'E_ARGUMENT', 'colour');
  });

  it('refuses a file of rows whose columns are not its own', () => {
    Run.create(folder, options).close();
    writeFileSync(join(folder, 'episodes.csv'), 'episode,score\n1,2\n');
    expectError(() => Run.open(folder), 'E_FORMAT', 'episodes.csv', 'episode,score');
    // The failed attempt leaves no lock behind.
    writeFileSync(
      join(folder, 'episodes.csv'),
      'episode,steps,return,total_steps,seconds,epsilon\n',
    );
    Run.open(folder).close();
  });

  it('keeps networks', async () => {
    const run = Run.create(folder, options);
    const network = await Network.load('models/cartpole-dqn.onnx');
    const file = run.saveNetwork('episode-10', network);
    run.close();
    const back = await Network.load(file);
    const observation = Float32Array.of(0.1, 0, -0.05, 0.3);
    expect(back.forwardSync(observation)).to.deep.equal(network.forwardSync(observation));
  });
});
