import path from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { Run } from '../../ts/run/index.js';
import { fail, succeed, succeedJson } from './spiq.js';
import { Workspace } from './workspace.js';

interface Plotted {
  readonly sources: readonly { file: string; group: string }[];
  readonly panels: readonly {
    field: string;
    curves: readonly { group: string; phase?: string; runs: number; points: { mean: number }[] }[];
  }[];
}

describe('command line: plot', function () {
  this.timeout(60_000);
  const work = new Workspace();

  before(() => {
    for (const gamma of [0.9, 0.99]) {
      for (const seed of [1, 2]) {
        const name = gamma === 0.9 ? 'short' : 'long';
        const folder = work.path(`runs/${name}-${seed}`);
        const run = Run.create(folder, { name, seed, parameters: { agent: { gamma } } });
        run.recordPhase({ epoch: 0, phase: 'random', average_reward: 20, nr_games: 3 });
        for (let epoch = 1; epoch <= 4; epoch += 1) {
          run.recordPhase({ epoch, phase: 'train', average_reward: epoch * seed, nr_games: 2 });
          run.recordPhase({ epoch, phase: 'test', average_reward: epoch * seed + 1, nr_games: 2 });
          const totalSteps = 10 * epoch;
          run.recordEpisode({ episode: epoch, steps: 10, return: epoch * seed, totalSteps });
        }
        run.close();
      }
    }
  });

  it('puts the runs of a name together', async () => {
    const { panels, sources } = await succeedJson<Plotted>(['plot', work.path('runs')]);
    expect(sources.map(({ group }) => group)).to.deep.equal(['long', 'long', 'short', 'short']);
    expect(panels.map(({ field }) => field)).to.deep.equal(['average_reward', 'nr_games']);
    const means = panels[0]!.curves.map(({ group, phase, runs, points }) => [
      group,
      phase,
      runs,
      points.map(({ mean }) => mean),
    ]);
    expect(means).to.deep.equal([
      ['long', 'test', 2, [2.5, 4, 5.5, 7]],
      ['short', 'test', 2, [2.5, 4, 5.5, 7]],
    ]);
  });

  it('groups by run or by a parameter', async () => {
    const groups = async (by: string): Promise<string[]> => {
      const line = ['plot', work.path('runs'), '--group', by, '--quiet'];
      const { sources } = await succeedJson<Plotted>(line);
      return [...new Set(sources.map(({ group }) => group))];
    };
    expect(await groups('run')).to.deep.equal(['long-1', 'long-2', 'short-1', 'short-2']);
    expect(await groups('agent.gamma')).to.deep.equal(['agent.gamma = 0.99', 'agent.gamma = 0.9']);
    const stderr = await fail(['plot', work.path('runs'), '--group', 'agent.lr'], 'E_ARGUMENT');
    expect(stderr).to.include('agent.lr');
  });

  it('draws SVG and HTML, of phases or of episodes', async () => {
    const [svg, html] = [work.path('a.svg'), work.path('b.html')];
    const run = work.path('runs/long-1');
    const { stdout } = await succeed(['plot', run, '-o', svg, '--title', 'My run']);
    expect(stdout).to.include('average_reward: Test').and.to.include(`written to ${svg}`);
    const drawn = readFileSync(svg, 'utf8');
    expect(drawn).to.include('My run').and.to.include('Random').and.to.include('A single run.');
    const episodes = ['plot', run, work.path('runs/long-2'), '--episodes', '--window', '2'];
    await succeed([...episodes, '--x', 'total_steps', '-o', html, '--quiet']);
    expect(readFileSync(html, 'utf8')).to.include('up to 2 rows');
  });

  it("reads the original's CSV", async () => {
    const file = work.path('breakout.csv');
    const header =
      'epoch,phase,steps,nr_games,average_reward,min_game_reward,max_game_reward,last_exploration_rate,total_train_steps,replay_memory_count,meanq,meancost,weight_updates,total_time,epoch_time,steps_per_second';
    const rows = [
      '0,random,50000,279,1.09,0,6,1,0,50000,0,0,0,54.3,54.3,921',
      '1,train,250000,1359,1.15,0,8,0.775,250000,300000,0.29,0.003,62500,737,683,366',
      '1,test,125000,600,3.2,0,9,0.05,250000,300000,0.3,0.003,62500,1054,317,394',
    ];
    writeFileSync(file, `${[header, ...rows].join('\r\n')}\r\n`);
    const { panels } = await succeedJson<Plotted>(['plot', file]);
    expect(panels.map(({ field }) => field)).to.deep.equal([
      'average_reward',
      'meanq',
      'nr_games',
      'meancost',
    ]);
    expect(panels[0]!.curves.map(({ phase }) => phase)).to.deep.equal(['train', 'test', 'random']);
  });

  it('refuses what it cannot read or write', async () => {
    const run = work.path('runs/long-1');
    await fail(['plot', run, '-o', work.path('x.png')], 'E_ARGUMENT');
    await fail(['plot', work.path('none')], 'E_FILE');
    await fail(['plot', path.join(run, 'networks')], 'E_FILE');
    await fail(['plot', run, '--fields', 'speed'], 'E_ARGUMENT');
    await fail(['plot', run, '--window', '0'], 'E_RANGE');
    await fail(['plot', run, '--band', 'wide'], 'E_USAGE');
    await fail(['plot'], 'E_USAGE');
  });
});
