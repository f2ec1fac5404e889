import { expect } from 'chai';
import { dqn, fail, observations, succeed, succeedJson } from './spiq.js';
import { Workspace, bareWeights } from './workspace.js';

interface Played {
  readonly environment: string;
  readonly spiking: boolean;
  readonly returns: readonly number[];
  readonly mean: number;
  readonly std: number | null;
  readonly standardError: number | null;
  readonly similarity: number | null;
  readonly steps: number;
  readonly observationsPerSecond: number;
  readonly spikesPerObservation?: number;
}

describe('command line: test', function () {
  this.timeout(60_000);
  const work = new Workspace();
  let snn = '';
  before(async () => {
    snn = await work.convertExample();
  });
  const play = async (...args: string[]): Promise<Played> => succeedJson<Played>(['test', ...args]);

  it('lets the float network play', async () => {
    const played = await play(dqn, '--episodes', '6', '--max-steps', '80');
    expect(played).to.include({ environment: 'cart-pole', spiking: false, similarity: null });
    expect(played.returns).to.deep.equal(new Array(6).fill(80));
    expect(played).to.include({ mean: 80, std: 0, standardError: 0, steps: 480 });
    expect(played.observationsPerSecond).to.be.above(0);
    expect(played).to.not.have.property('spikesPerObservation');
  });

  it('lets the spiking network play, and compares it with the float one', async () => {
    const played = await play(
      snn,
      '--compare',
      dqn,
      '--episodes',
      '5',
      '--max-steps',
      '100',
      '-T',
      '50',
    );
    expect(played.spiking).to.equal(true);
    expect(played.mean).to.be.above(50);
    expect(played.similarity).to.be.within(0.6, 1);
    expect(played.spikesPerObservation).to.be.above(1);
    const longer = await play(
      snn,
      '--compare',
      dqn,
      '--episodes',
      '5',
      '--max-steps',
      '100',
      '-T',
      '2000',
    );
    expect(longer.similarity).to.be.above(played.similarity!);
    expect(longer.spikesPerObservation).to.be.above(played.spikesPerObservation! * 20);
  });

  it('plays a float network as it stands with --spiking, and says when options have no effect', async () => {
    const played = await play(
      dqn,
      '--spiking',
      '--episodes',
      '2',
      '--semantics',
      'dsqn',
      '-T',
      '30',
    );
    expect(played.spiking).to.equal(true);
    expect(played.spikesPerObservation).to.be.above(0);
    const { stderr } = await succeed([
      'test',
      dqn,
      '--episodes',
      '1',
      '--max-steps',
      '5',
      '-T',
      '30',
    ]);
    expect(stderr).to.match(/^note: .* plays in float: options of a simulation have no effect/m);
  });

  it('resets episode k with seed + k', async () => {
    const weights = work.write('random.npz', bareWeights([4, 8, 2], 3));
    const returns = async (...more: string[]) =>
      (await play(weights, '--layout', 'out-in', ...more)).returns;
    const five = await returns('--episodes', '5', '--seed', '10');
    expect(await returns('--episodes', '5', '--seed', '10')).to.deep.equal(five);
    expect(await returns('--episodes', '2', '--seed', '13')).to.deep.equal(five.slice(3));
    const single = await play(weights, '--layout', 'out-in', '--episodes', '1');
    expect(single).to.include({ std: null, standardError: null });
  });

  it('prints a table, or nothing with --quiet', async () => {
    const line = ['test', snn, '--compare', dqn, '--episodes', '2', '--max-steps', '20'];
    const { stdout } = await succeed(line);
    expect(stdout).to.match(/\nepisodes +2\nmean return +20\.00 \(0\.00\)\nsimilarity +[\d.]+ %\n/);
    expect(stdout).to.match(/\nobservations per second +[\d,]+\nspikes per observation +[\d.]+\n$/);
    expect(await succeed([...line, '--quiet'])).to.include({ stdout: '', stderr: '' });
  });

  it('refuses networks, environments and numbers that do not fit', async () => {
    const wrongIn = work.write('in.npz', bareWeights([3, 2]));
    const wrongOut = work.write('out.npz', bareWeights([4, 3]));
    const bare = ['--layout', 'out-in'];
    expect(await fail(['test', wrongIn, ...bare], 'E_SHAPE')).to.include(
      'expected 4 inputs, received 3',
    );
    expect(await fail(['test', wrongOut, ...bare], 'E_SHAPE')).to.include(
      'expected 2 outputs, received 3',
    );
    expect(await fail(['test', wrongIn], 'E_ARGUMENT')).to.include('--layout');
    expect(await fail(['test', snn, '--bias-as-observation'], 'E_SHAPE')).to.include('received 3');
    expect(await fail(['test', dqn, '--compare', snn], 'E_ARGUMENT')).to.include('a float network');
    expect(await fail(['test', dqn, '--compare', observations], 'E_FORMAT')).to.include('w0');
    expect(await fail(['test', work.path('none.onnx')], 'E_FILE')).to.include('ENOENT');
    expect(await fail(['test', dqn, '--env', 'Pong'], 'E_USAGE')).to.include('cart-pole');
    expect(await fail(['test', dqn, '--episodes', '0'], 'E_RANGE')).to.include('at least 1');
    expect(await fail(['test', dqn, '--max-steps', '0'], 'E_RANGE')).to.include('at least 1');
    expect(await fail(['test', dqn, '--seed', '-1'], 'E_RANGE')).to.include('seed');
    expect(await fail(['test', snn, '-T', '0'], 'E_RANGE')).to.include('1 to 10000000');
  });
});
