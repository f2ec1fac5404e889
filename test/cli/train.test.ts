import { existsSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { RunOutcome } from '../../ts/experiments/outcome.js';
import type { ExperimentSummary } from '../../ts/experiments/summary.js';
import { fail, spiq, succeed, succeedJson } from './spiq.js';
import { Workspace } from './workspace.js';

interface Told {
  readonly summaries: readonly ExperimentSummary[];
  readonly runs: readonly (RunOutcome & { readonly network: string })[];
}

/** Small enough to be over in a moment. */
const small = ['--set', 'maxSteps=40', '--set', 'batch=16', '--set', 'learningStarts=0'];
const quick = [...small, '--set', 'validateEpisodes=2', '--set', 'validateSteps=40'];

describe('command line: train', function () {
  this.timeout(120_000);
  const work = new Workspace();

  it('lists the experiments and prints their parameters', async () => {
    const listed = await succeedJson<{ name: string; agent: string }[]>(['train', '--list']);
    const names = listed.map(({ name }) => name);
    for (const letter of 'abcde') {
      expect(names).to.include.members([`cartpole-${letter}`, `mountain-car-${letter}`]);
    }
    expect(new Set(names).size).to.equal(names.length);
    const { stdout } = await succeed(['train', '--list']);
    expect(stdout.trimEnd().split('\n')).to.have.length(names.length);
    const line = ['train', 'cartpole-d', '--parameters', '--set', 'hidden=3,4'];
    const parameters = await succeedJson<Record<string, unknown>>(line);
    expect(parameters.hidden).to.deep.equal([3, 4]);
    expect(parameters).to.include({ semantics: 'dsqn', gamma: 0.999, seed: 0 });
    expect((await succeed(line)).stdout).to.match(/^hidden +3,4 +units of each hidden layer$/m);
  });

  it('trains, scores, keeps networks, and does not run again what has ended', async () => {
    const out = work.path('runs');
    const line = ['train', 'cart-pole-dqn', '--episodes', '20', ...quick, '--out', out];
    const { summaries, runs } = await succeedJson<Told>([...line, '--seeds', '2', '--seed', '4']);
    expect(runs.map(({ seed }) => seed)).to.deep.equal([4, 5]);
    const [summary] = summaries;
    expect(summary!.scores).to.deep.equal(runs.map(({ score }) => score.mean));
    expect(summary).to.include({
      experiment: 'cart-pole-dqn',
      against: 'cartpole-a',
      episodes: 20,
    });
    const folder = path.join(out, 'cart-pole-dqn', 'seed-4');
    expect(readdirSync(folder)).to.include.members([
      ...['config.json', 'episodes.csv', 'metrics.csv', 'checkpoints', 'networks', 'outcome.json'],
    ]);
    const episodes = readFileSync(path.join(folder, 'episodes.csv'), 'utf8').trimEnd().split('\n');
    expect(episodes).to.have.length(21);
    const metrics = readFileSync(path.join(folder, 'metrics.csv'), 'utf8').trimEnd().split('\n');
    const phases = metrics.slice(1).map((row) => row.split(',')[1]);
    expect(phases).to.deep.equal(['random', 'train', 'test', 'train', 'test', 'play']);
    const valued = metrics.slice(2, 6).map((row) => Number(row.split(',')[10]));
    expect(new Set(valued).size, 'meanq of train and test, of two networks').to.equal(2);
    expect(valued.every(Number.isFinite)).to.equal(true);
    expect(runs[0]!.network).to.equal(path.join(folder, 'networks', 'chosen.npz'));

    const { mean } = await succeedJson<{ mean: number }>([
      ...['test', runs[0]!.network, '--episodes', '5'],
    ]);
    expect(mean).to.be.greaterThan(5);
    const before = readFileSync(path.join(folder, 'episodes.csv'), 'utf8');
    const again = await succeedJson<Told>([...line, '--seeds', '2', '--seed', '4']);
    expect(again.runs).to.deep.equal(runs);
    expect(readFileSync(path.join(folder, 'episodes.csv'), 'utf8')).to.equal(before);
    const { stdout } = await succeed([...line, '--seed', '4']);
    expect(stdout).to.match(/^score, 100 greedy episodes +[\d.]+ +226.31 \(32.74\)$/m);
  });

  it('goes on after Ctrl-C to the very same end', async () => {
    const line = (out: string): string[] => [
      ...['train', 'cart-pole-dsqn', '--episodes', '120', ...quick, '--set', 'stopScore=none'],
      ...['--seed', '2', '--out', work.path(out)],
    ];
    const folder = (out: string) => path.join(work.path(out), 'cart-pole-dsqn', 'seed-2');
    const whole = await succeedJson<Told>(line('whole'));
    const stopped = await spiq(line('parts'), { interruptAt: /seed 2: / });
    expect(stopped.code, stopped.stderr).to.equal(130);
    expect(stopped.stderr).to.include(`to go on: spiq train --resume ${folder('parts')}`);
    expect(existsSync(path.join(folder('parts'), 'outcome.json'))).to.equal(false);
    const resumed = await succeedJson<Told>(['train', '--resume', work.path('parts')]);
    const timeless = ({ runs }: Told) =>
      runs.map((run) => ({ ...run, seconds: 0, network: path.basename(run.network) }));
    expect(timeless(resumed)).to.deep.equal(timeless(whole));
    for (const name of ['chosen', 'last']) {
      const file = (out: string) => path.join(folder(out), 'networks', `${name}.npz`);
      expect(readFileSync(file('parts')).equals(readFileSync(file('whole')))).to.equal(true);
    }
    const columns = (out: string) =>
      readFileSync(path.join(folder(out), 'episodes.csv'), 'utf8')
        .split('\n')
        .map((row) => row.split(',').filter((_, column) => column !== 4));
    expect(columns('parts')).to.deep.equal(columns('whole'));
  });

  it('begins with a network that is given, keeps it, and takes no other later', async () => {
    const out = work.path('further');
    const line = ['train', 'cart-pole-dqn', '--episodes', '20', ...quick, '--out', out];
    const still = ['--set', 'learningRate=1e-30', '--set', 'epsilonStart=0'];
    const model = 'models/cartpole-dqn.onnx';
    const { runs } = await succeedJson<Told>([...line, ...still, '--network', model]);
    expect(runs[0]!.score.mean, 'as it plays already').to.equal(500);
    const folder = path.join(out, 'cart-pole-dqn', 'seed-0');
    expect(readdirSync(path.join(folder, 'networks'))).to.include('first.npz');
    const first = path.join(folder, 'networks', 'first.npz');
    await succeed([...line, ...still, '--network', first, '--quiet']);
    await succeed([...line, ...still, '--quiet']);
    await succeed([...line, '--seed', '1', '--quiet']);
    const other = path.join(out, 'cart-pole-dqn', 'seed-1', 'networks', 'last.npz');
    await fail([...line, ...still, '--network', other], 'E_STATE');
    await fail([...line, '--seed', '1', '--network', model], 'E_STATE');
    await fail(['train', '--resume', out, '--network', first], 'E_USAGE');
    const elsewhere = ['--out', work.path('unfit'), '--network', model];
    const wider = ['train', 'dqn', '--set', 'frames=2', ...elsewhere];
    expect(await fail(wider, 'E_SHAPE')).to.include('expected 8 inputs, received 4');
    await fail(['train', 'cartpole-classifier', ...elsewhere], 'E_ARGUMENT');
    expect(existsSync(work.path('unfit'))).to.equal(false);
  });

  it('lets a classifier learn from a folder, or from a teacher that it trains first', async () => {
    const out = work.path('classes');
    const set = ['--set', 'batches=300', '--set', 'reportEvery=100'];
    const fixture = work.path('taught');
    const first = ['train', 'cartpole-a', '--episodes', '5', '--out', out, '--quiet'];
    await succeed(first);
    const line = ['train', 'cartpole-classifier', ...set];
    const { runs } = await succeedJson<Told>([...line, '--out', out]);
    expect(runs[0]!.classified!.accuracy).to.be.within(0.4, 1);
    const replay = path.join(out, 'cartpole-classifier', 'seed-0', 'replay');
    const told = await succeedJson<Told>([...line, '--replay', replay, '--out', fixture]);
    const plain = (run: Told['runs'][number]) => ({ ...run, network: '', seconds: 0 });
    expect(told.runs.map(plain)).to.deep.equal(runs.map(plain));
  });

  it('refuses what it does not know, before it makes a folder', async () => {
    const out = work.path('never');
    const line = ['train', 'cart-pole-dqn', '--out', out];
    expect(await fail(['train', 'pong', '--out', out], 'E_ARGUMENT')).to.include('cartpole-a');
    expect(await fail(['train'], 'E_USAGE')).to.include('--list');
    await fail([...line, '--seeds', '0'], 'E_RANGE');
    await fail([...line, '--set', 'batch'], 'E_USAGE');
    await fail([...line, '--set', 'seed=3'], 'E_USAGE');
    expect(await fail([...line, '--set', 'bach=3'], 'E_ARGUMENT')).to.include('received bach');
    await fail([...line, '--episodes', '0'], 'E_ARGUMENT');
    await fail([...line, '--replay', out], 'E_FILE');
    await fail(['train', '--resume', out], 'E_FILE');
    // What only an agent finds wrong.
    await fail([...line, '--set', 'environment=Pong'], 'E_ARGUMENT');
    await fail([...line, '--set', 'filters=8,3'], 'E_ARGUMENT');
    expect(existsSync(out)).to.equal(false);
  });

  it('scores what sees several frames, and goes on with nothing but what a run began with', async () => {
    const out = work.path('frames');
    const line = ['train', 'dqn', '--episodes', '12', '--set', 'frames=2', '--out', out];
    const { runs } = await succeedJson<Told>(line);
    expect(runs[0]!.score.mean).to.be.greaterThan(5);
    const folder = path.join(out, 'dqn', 'seed-0');
    const rows = readFileSync(path.join(folder, 'metrics.csv'), 'utf8').trim().split('\n');
    const phases = rows.slice(1).map((row) => row.split(',').slice(0, 2).join(' '));
    expect(phases).to.deep.equal(['0 random', '1 train', '1 play']);
    const other = await fail([...line, '--set', 'gamma=0.9'], 'E_STATE');
    expect(other).to.include('parameter gamma').and.to.include('expected 0.99, received 0.9');
    await succeed([...line, '--threads', '2', '--quiet']);
    const beside = await fail(['train', '--resume', out, '--set', 'gamma=0.9'], 'E_USAGE');
    expect(beside).to.include('--set');
    renameSync(path.join(out, 'dqn'), path.join(out, 'renamed'));
    await fail(['train', '--resume', out], 'E_STATE');
  });
});
