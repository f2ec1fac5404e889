import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { BareRepository } from './bare-repository.js';

describe('scripts: native tests on aarch64', () => {
  let repository: BareRepository;

  beforeEach(() => {
    repository = new BareRepository();
  });
  afterEach(() => repository.remove());

  const lastLine = (output: string) => output.trimEnd().split('\n').at(-1);

  it('skip where nothing is there, with the remedy', () => {
    const { status, output, text } = repository.run('neon.mjs');
    expect(status, text).to.equal(0);
    expect(output).to.match(
      /^The .* need aarch64-linux-gnu-g\+\+ and qemu-aarch64, .*apt-get install g\+\+-aarch64-linux-gnu qemu-user on Debian\.$/m,
    );
    expect(output).to.match(/^skipped: native tests on aarch64 \[skipped: no compiler .*\]$/m);
    expect(lastLine(output)).to.equal('neon: 0 passed, 0 failed, 1 skipped');
  });

  it('name only what is missing', () => {
    repository.putProgram('aarch64-linux-gnu-g++', 'exit 0');
    const { output } = repository.run('neon.mjs');
    expect(output).to.match(/ need qemu-aarch64, .*apt-get install qemu-user on/);
  });

  it('fail in continuous integration, unless the skip is listed with its reason', () => {
    const unlisted = repository.run('neon.mjs', [], { CI: 'true' });
    expect(unlisted.status).to.equal(1);
    expect(lastLine(unlisted.output)).to.equal('neon: 0 passed, 1 failed, 1 skipped');
    const reason = 'no compiler or no emulator for aarch64';
    repository.putFile(
      'test/skips.json',
      JSON.stringify([{ test: 'native tests on aarch64', reason }]),
    );
    const listed = repository.run('neon.mjs', [], { CI: 'true' });
    expect(listed.status).to.equal(0);
    expect(lastLine(listed.output)).to.equal('neon: 0 passed, 0 failed, 1 skipped');
  });

  describe('with programs that only say what they are asked', () => {
    const folder = () => path.join(repository.root, 'build', 'neon');
    beforeEach(() => {
      mkdirSync(folder(), { recursive: true });
      for (const name of ['c++', 'make', 'aarch64-linux-gnu-g++']) {
        repository.putProgram(name, 'exit 0');
      }
      repository.putProgram(
        'cmake',
        `echo "cmake version 3.25.1"\necho "$*" >> ${folder()}/core_tests`,
      );
    });

    it('are compiled by the toolchain file and started in the emulator', () => {
      repository.putProgram(
        'qemu-aarch64',
        'while read line; do echo "$line"; done < "$3"\n' +
          'echo "emulated $1 $2"\necho "2 passed, 0 failed, 0 skipped"',
      );
      const { status, output, text } = repository.run('neon.mjs');
      expect(status, text).to.equal(0);
      const toolchain = path.join(repository.root, 'cmake', 'aarch64.cmake');
      expect(output).to.contain(`-DCMAKE_TOOLCHAIN_FILE=${toolchain}`);
      expect(output).to.contain(`--build ${folder()}`);
      expect(output).to.contain('emulated -L /usr/aarch64-linux-gnu');
      expect(lastLine(output)).to.equal('neon: 2 passed, 0 failed, 0 skipped');
    });

    it('fail where a test does, where none runs and where the emulator gives up', () => {
      const failing: [body: string, totals: string][] = [
        ['echo "1 passed, 1 failed, 0 skipped"; exit 1', '1 passed, 1 failed, 0 skipped'],
        ['echo "0 passed, 0 failed, 0 skipped"', '0 passed, 1 failed, 0 skipped'],
        ['exit 132', '0 passed, 1 failed, 0 skipped'],
      ];
      for (const [body, totals] of failing) {
        repository.putProgram('qemu-aarch64', body);
        const { status, output } = repository.run('neon.mjs');
        expect(status).to.equal(1);
        expect(lastLine(output)).to.equal(`neon: ${totals}`);
      }
    });
  });
});
