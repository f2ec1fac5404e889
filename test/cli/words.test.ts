import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { repositoryRoot } from '../scripts/repository.js';
import { skipUnless } from '../support/skips.js';
import { dqn, fail, runProgram, spiq, spiqProgram, stackTrace, succeed } from './spiq.js';

const commands = ['convert', 'simulate', 'test', 'doctor', 'demo'];

/** Option names such as `--obs` and `-T` that a help text defines. */
function optionsIn(help: string): string[] {
  const [, body = ''] = /\nOptions:\n([\s\S]*?)\n\n/.exec(help) ?? [];
  return [...body.matchAll(/^ {2}(-.*?)(?: {2}|$)/gm)].flatMap(([, flags = '']) =>
    flags.split(', ').map((flag) => flag.split(' ')[0]!),
  );
}

function examplesIn(help: string): string[] {
  return [...help.matchAll(/^ {2}\$ (.+)$/gm)].map(([, line]) => line!);
}

describe('command line: help and usage', function () {
  this.timeout(60_000);

  it('shows the commands, exit codes and examples, asked or not', async () => {
    const [bare, asked, help] = await Promise.all([
      succeed([]),
      succeed(['--help']),
      succeed(['help']),
    ]);
    expect(asked.stdout).to.equal(bare.stdout);
    expect(help.stdout).to.equal(bare.stdout);
    for (const name of commands) expect(bare.stdout).to.match(new RegExp(`^  ${name} `, 'm'));
    expect(bare.stdout).to.include('130 interrupted');
    for (const line of examplesIn(bare.stdout)) {
      const [, name = ''] = line.split(' ');
      expect(commands, line).to.include(name);
    }
  });

  it('says its version', async () => {
    const manifest = readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    for (const flag of ['--version', '-V']) {
      expect((await succeed([flag])).stdout).to.equal(`${version}\n`);
    }
  });

  for (const name of commands) {
    it(`${name} --help has examples, whose options exist`, async () => {
      const { stdout, stderr } = await succeed([name, '--help']);
      expect(stderr).to.equal('');
      expect((await succeed(['help', name])).stdout).to.equal(stdout);
      const options = optionsIn(stdout);
      expect(options).to.include.members(['--json', '--quiet', '--threads', '--help']);
      const examples = examplesIn(stdout);
      expect(examples).to.not.deep.equal([]);
      for (const example of examples.filter((line) => line.startsWith('spiq '))) {
        const words = example.split(' ');
        expect(words[1]).to.equal(name);
        expect(options, example).to.include.members(words.filter((word) => word.startsWith('-')));
      }
    });
  }

  it('offers the nearest command or option for a misspelt one', async () => {
    expect(await fail(['konvert'], 'E_USAGE')).to.match(
      /unknown command 'konvert'[^]*mean convert\?/,
    );
    expect(await fail(['help', 'simulte'], 'E_USAGE')).to.match(/'simulte'[^]*mean simulate\?/);
    expect(await fail(['simulate', dqn, '--semantic', 'dsqn'], 'E_USAGE')).to.match(
      /unknown option '--semantic'[^]*mean --semantics\?/,
    );
    expect(await fail(['convert', dqn, '--otput', 'out.npz'], 'E_USAGE')).to.match(
      /unknown option '--otput'[^]*mean --output\?/,
    );
    expect(await fail(['--nonsense'], 'E_USAGE')).to.include("unknown option '--nonsense'");
  });

  it('says what is missing or too much', async () => {
    for (const name of ['convert', 'simulate', 'test']) {
      expect(await fail([name], 'E_USAGE')).to.include("missing required argument 'network'");
    }
    expect(await fail(['convert', dqn], 'E_USAGE')).to.include('expected -o FILE');
    expect(await fail(['simulate', dqn], 'E_USAGE')).to.include('expected --obs FILE');
    expect(await fail(['doctor', 'now'], 'E_USAGE')).to.include('too many arguments');
    // In `fail` --json follows: it must not be taken for the value.
    const { code, stderr } = await spiq(['simulate', dqn, '--obs']);
    expect(stderr).to.include("'--obs <file[:key]>' argument missing");
    expect(code).to.equal(2);
  });

  it('writes errors to stderr alone where --json is not given, even with --quiet', async () => {
    for (const [args, code, message] of [
      [['simulat'], 2, "unknown command 'simulat'\n(Did you mean simulate?) [E_USAGE]"],
      [
        ['test', dqn, '--episodes', '0', '--quiet'],
        1,
        'episodes: expected a whole number of at least 1, received 0 [E_RANGE]',
      ],
    ] as const) {
      expect(await spiq(args)).to.deep.equal({ code, stdout: '', stderr: `spiq: ${message}\n` });
    }
  });

  it('refuses a value that no option has, and names those it has', async () => {
    expect(await fail(['convert', dqn, '-o', 'x.npz', '--method', 'magic'], 'E_USAGE')).to.include(
      'robust, data, model',
    );
    expect(await fail(['test', dqn, '--env', 'Pong'], 'E_USAGE')).to.include('cart-pole');
    expect(await fail(['test', dqn, '--episodes', 'many'], 'E_USAGE')).to.include('a whole number');
    expect(await fail(['simulate', dqn, '--threshold', ''], 'E_USAGE')).to.include('a number');
    expect(await fail(['doctor', '--threads', '1.5'], 'E_USAGE')).to.include('a whole number');
  });

  const inShell = (line: string) =>
    runProgram('/bin/sh', ['-c', line], { env: { NODE: process.execPath, SPIQ: spiqProgram } });

  it('puts up with a reader that goes away', async () => {
    const closed = await inShell('{ "$NODE" "$SPIQ" doctor --json; echo "code $?" >&2; } | true');
    expect(closed.stderr).to.equal('code 0\n');
  });

  it('fails when its result cannot be written', async function () {
    skipUnless(this, existsSync('/dev/full'), 'this system has no /dev/full');
    const full = await inShell('"$NODE" "$SPIQ" doctor --json > /dev/full');
    expect(full.code).to.equal(1);
    expect(full.stderr).to.match(/^spiq: cannot write to stdout: ENOSPC.*\[E_FILE\]\n$/);
    expect(full.stderr).to.not.match(stackTrace);
  });
});
