import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { isErrorCode } from '../../ts/errors.js';
import { answer } from '../cli/answer.js';
import { dqn, observations, stackTrace } from '../cli/spiq.js';
import { Workspace, bareWeights, f4 } from '../cli/workspace.js';
import { mutate, seededNumbers } from '../formats/helpers/mutate.js';

const lines = 400;
const damagedFiles = 150;
/** Milliseconds for one line; the work of each is kept small, so most need a tenth of one percent of it. */
const slowest = 10_000;

/** What holds for every command line whatsoever. */
async function expectCivil(argv: readonly string[], story: string): Promise<number> {
  const begin = performance.now();
  const { code, stdout, stderr } = await answer(argv);
  const label = `${story}: ${JSON.stringify(argv)} gave ${code}, ${stderr}`;
  expect(performance.now() - begin, label).to.be.below(slowest);
  expect(code, label).to.be.oneOf([0, 1, 2]);
  expect(stderr + stdout, label).to.not.match(stackTrace);
  const told = /^spiq: [^]* \[(E_[A-Z_]+)\]\n$/m.exec(stderr)?.[1];
  expect(isErrorCode(told), label).to.equal(code !== 0);
  expect(told === 'E_USAGE', label).to.equal(code === 2);
  expect(told, label).to.not.equal('E_INTERNAL');
  const isHelp = stdout.startsWith('Usage: ') || /^\d+\.\d+\.\d+\S*\n$/.test(stdout);
  if (argv.includes('--json') && !isHelp) {
    const { error } = JSON.parse(stdout) as { error?: { code: string } };
    expect(error?.code, label).to.equal(told);
  } else if (code !== 0) {
    expect(stdout, label).to.equal('');
  }
  return code;
}

describe('command lines at random', function () {
  this.timeout(120_000);
  const work = new Workspace();
  const handlers = process.listenerCount('SIGINT');

  before(async () => {
    const values = Array.from({ length: 12 }, (_, at) => Math.sin(at));
    work.write('obs.npz', { obs: f4([3, 4], values), nan: f4([1, 4], [1, NaN, 3, 4]) });
    work.writeNpy('obs.npy', f4([3, 4], values));
    work.write('wide.npz', { obs: f4([2, 5], values.slice(2)) });
    work.write('spikes.npz', {
      s: { shape: [9, 3, 4], dtype: 'u1', data: new Uint8Array(108).fill(1) },
    });
    work.write('bare.npz', bareWeights([4, 5, 2]));
    writeFileSync(work.path('empty'), '');
    const line = ['convert', dqn, '--calibration', observations, '--quiet', '-o'];
    for (const name of ['snn.npz', 'snn.onnx']) {
      expect((await answer([...line, work.path(name)])).code).to.equal(0);
    }
  });

  it('end with an exit code and, where they fail, with a known error', async () => {
    const next = seededNumbers(20);
    const pick = <T>(from: readonly T[]): T => from[next(from.length)]!;
    const at = (...names: string[]): string[] => names.map((name) => work.path(name));
    const networks = [
      dqn,
      ...at('snn.npz', 'snn.onnx', 'bare.npz', 'obs.npz', 'empty', 'none.onnx', ''),
      '',
    ];
    const arrays = [
      ...at(
        'obs.npz',
        'obs.npy',
        'obs.npz:obs',
        'obs.npz:nan',
        'wide.npz',
        'spikes.npz',
        'snn.npz',
      ),
      ...at('obs.npz:', 'obs.npz:none', 'none.npz', 'empty', 'bare.npz:w0'),
      ...[':', ''],
    ];
    const outputs = at(
      'out.npz',
      'out.onnx',
      'out.txt',
      'none/out.npz',
      '',
      'empty/out.npz',
      '.npz',
    );
    // Small enough that every valid line is quick.
    const whole = [
      '1',
      '2',
      '7',
      '20',
      '0',
      '-1',
      '1.5',
      'abc',
      '',
      '10000001',
      '99999999999999999999',
      '1e400',
      'NaN',
      '0x9',
      ' 5',
    ];
    const real = ['0', '1', '0.5', '0.99', '-1', '1e-30', '1e30', 'NaN', 'Infinity', 'x', ''];
    const words = [
      'robust',
      'data',
      'model',
      'direct',
      'dsqn',
      'constant',
      'poisson',
      'equidistant',
      'latency',
      'spikes',
    ];
    const names = [
      ...words,
      'potential',
      'first_spike',
      'mean_potential',
      'zero',
      'value',
      'out-in',
      'in-out',
      'float64',
      'baseline',
      'cart-pole',
      'cuda',
      '',
    ];
    const values: Record<string, readonly string[]> = {
      ...Object.fromEntries(
        ['--obs', '--input-spikes', '--calibration'].map((flag) => [flag, arrays]),
      ),
      ...Object.fromEntries(
        ['-o', '--output', '--report', '--save-replay'].map((flag) => [flag, outputs]),
      ),
      ...Object.fromEntries(
        [
          ...['-T', '--episodes', '--max-steps', '--seed', '--calibration-rows', '--threads'],
          ...['--noops', '--history', '--replay-rows'],
        ].map((flag) => [flag, whole]),
      ),
      ...Object.fromEntries(
        ['--percentile', '--threshold', '--alpha', '--beta', '--epsilon', '--explore'].map(
          (flag) => [flag, real],
        ),
      ),
      ...Object.fromEntries(
        [
          '--method',
          '--semantics',
          '--encoding',
          '--decoding',
          '--reset',
          '--layout',
          '--net-layout',
          '--precision',
          '--isa',
          '--env',
          '--history-order',
          '--history-padding',
        ].map((flag) => [flag, names]),
      ),
      '--compare': networks,
    };
    const flags = [
      '--json',
      '--quiet',
      '--record',
      '--spiking',
      '--bias-as-observation',
      '--two-input-neurons',
      '--help',
      '--version',
      '--nonsense',
      '-x',
      '--',
      '',
    ];
    const option = (): string[] => {
      if (next(4) === 0) return [pick(flags)];
      const flag = pick(Object.keys(values));
      return next(12) === 0 ? [flag] : [flag, pick(values[flag]!)];
    };
    /** Lines that are likely to get somewhere, so that options meet each other and not only the parser. */
    const likely = (): string[] =>
      pick([
        ['simulate', pick(networks), '--obs', pick(arrays)],
        ['simulate', pick(networks.slice(0, 3)), '--obs', work.path('obs.npz:obs')],
        [
          'simulate',
          work.path('bare.npz'),
          '--layout',
          pick(['out-in', 'in-out']),
          '--input-spikes',
          work.path('spikes.npz'),
          '-T',
          '9',
        ],
        ['convert', pick(networks), '--calibration', pick(arrays), '-o', pick(outputs)],
        ['test', pick(networks), '--episodes', '2', '--max-steps', '5', '-T', '4'],
        ['doctor'],
        ['demo', '--episodes', '1', '-T', '2', '--nonsense'],
        ['help', pick(['convert', 'nothing', '--json', '']), 'demo'],
        [pick(['konvert', 'simulat', '', '-', '--', '--json'])],
      ]);
    const seen = new Map<number, number>();
    for (let index = 0; index < lines; index += 1) {
      const more = Array.from({ length: next(4) }, option).flat();
      const code = await expectCivil([...likely(), ...more], `line ${index}`);
      seen.set(code, (seen.get(code) ?? 0) + 1);
    }
    for (const code of [0, 1, 2])
      expect(seen.get(code), `lines that gave ${code}`).to.be.above(lines / 20);
    expect(work.names.filter((name) => name.endsWith('.partial'))).to.deep.equal([]);
  });

  it('refuse damaged files with a known error, or read them', async () => {
    const next = seededNumbers(21);
    const subjects = ['snn.npz', 'snn.onnx', 'bare.npz', 'obs.npz'].map(
      (name) => [name, readFileSync(work.path(name))] as const,
    );
    let refused = 0;
    for (let index = 0; index < damagedFiles; index += 1) {
      const [name, sound] = subjects[index % subjects.length]!;
      const { bytes, story } = mutate(sound, next);
      const damaged = work.path(`damaged-${name}`);
      writeFileSync(damaged, bytes);
      const [network, obs] =
        name === 'obs.npz' ? [dqn, `${damaged}:obs`] : [damaged, work.path('obs.npz:obs')];
      const more = name === 'bare.npz' ? ['--layout', 'out-in'] : [];
      const json = next(2) === 0 ? ['--json'] : [];
      const argv = ['simulate', network, '--obs', obs, '-T', '3', ...more, ...json];
      if ((await expectCivil(argv, `${name}: ${story}`)) !== 0) refused += 1;
    }
    expect(refused).to.be.within(damagedFiles / 4, damagedFiles - 1);
  });

  it('leave no handler behind', () => {
    expect(process.listenerCount('SIGINT')).to.equal(handlers);
    expect(process.stdout.listenerCount('error')).to.be.at.most(2);
  });
});
