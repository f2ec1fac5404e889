import { expect } from 'chai';
import { BareRepository } from './bare-repository.js';
import { importScript } from './repository.js';

interface Toolchain {
  checkNode: (version?: string) => void;
}

describe('scripts: a machine that lacks something', () => {
  let repository: BareRepository;

  beforeEach(() => {
    repository = new BareRepository();
  });
  afterEach(() => repository.remove());

  const putProgram = (name: string, body: string) => repository.putProgram(name, body);
  const run = (script: string, args?: string[], env?: Record<string, string>) =>
    repository.run(script, args, env);

  function expectOneSentence(result: { status: number | null; text: string }, about: RegExp): void {
    expect(result.status).to.equal(1);
    expect(result.text).to.match(about);
    expect(result.text.split('\n'), result.text).to.have.length(1);
  }

  it('names the compiler', () => {
    expectOneSentence(run('setup.mjs'), /needs a C\+\+17 compiler and found none.*install/);
  });

  it('names a CXX that does not exist', () => {
    expectOneSentence(
      run('setup.mjs', [], { CXX: 'no-such-compiler' }),
      /CXX names 'no-such-compiler'/,
    );
  });

  it('names CMake', () => {
    putProgram('c++', 'exit 0');
    expectOneSentence(run('setup.mjs'), /needs CMake 3\.18 or newer and found none.*install/);
  });

  it('names make and ninja', () => {
    putProgram('c++', 'exit 0');
    putProgram('cmake', 'echo cmake version 3.25.1');
    expectOneSentence(run('setup.mjs'), /needs make or ninja.*install/);
  });

  it('names a CMake that is too old', () => {
    putProgram('c++', 'exit 0');
    putProgram('make', 'exit 0');
    putProgram('cmake', 'echo cmake version 3.16.3');
    expectOneSentence(run('setup.mjs'), /CMake 3\.18 or newer and .* is 3\.16\.3/);
  });

  it('names a compiler that cannot do C++17', () => {
    putProgram('c++', 'echo "unknown option -std=c++17" >&2; exit 1');
    putProgram('make', 'exit 0');
    putProgram('cmake', 'echo cmake version 3.25.1');
    expectOneSentence(run('setup.mjs'), /could not build a line of C\+\+17 \(unknown option/);
  });

  it('asks for the set-up where only a build was wanted and packages are absent', () => {
    putProgram('c++', 'exit 0');
    putProgram('make', 'exit 0');
    putProgram('cmake', 'echo cmake version 3.25.1');
    const result = run('setup.mjs', ['--build']);
    expect(result.status).to.equal(1);
    expect(result.text.split('\n').at(-1)).to.match(
      /packages are not installed: run npm run setup/,
    );
  });

  it('names Python', () => {
    repository.putFile('scripts/requirements/fixtures.txt', 'numpy\n');
    expectOneSentence(
      run('fixtures.mjs'),
      /needs Python 3\.10 or newer and found none.*SPIQ_PYTHON/,
    );
    putProgram('python3', 'echo 3 8');
    expectOneSentence(run('fixtures.mjs'), /needs Python 3\.10 or newer and .*python3 is 3\.8/);
  });

  it('sends the commands that need a build to the set-up', () => {
    expectOneSentence(run('spiq.mjs', ['--help']), /not built yet .*npm run setup/);
  });

  it('lists what is out of date without doing it', () => {
    repository.putFile('package-lock.json', '{}');
    const result = run('setup.mjs', ['--dry-run']);
    expect(result.output).to.equal('stale: packages\nstale: addon\n');
    expect(result.status).to.equal(0);
  });

  it('refuses an unknown option', () => {
    const result = run('setup.mjs', ['--fast']);
    expect(result.status).to.equal(1);
    expect(result.text)
      .to.match(/--fast/)
      .and.match(/usage:/)
      .and.not.match(/\bat .*:\d+:\d+/);
  });

  it('refuses a Node.js that is too old', async () => {
    const { checkNode } = await importScript<Toolchain>('lib/toolchain.mjs');
    expect(() => checkNode('20.18.3')).to.throw(
      /needs Node.js 20\.19 or newer and this is 20\.18\.3/,
    );
    expect(() => checkNode('18.20.0')).to.throw(/newer/);
    checkNode('20.19.0');
    checkNode('24.0.0');
  });
});
