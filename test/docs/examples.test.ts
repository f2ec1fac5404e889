import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { engineInfo } from '../../ts/index.js';
import { repositoryRoot } from '../scripts/repository.js';
import { blocksOf, readText, sectionOf } from './markdown.js';

async function runExample(name: string): Promise<string> {
  const program = path.join(repositoryRoot, 'dist', 'examples', `${name}.js`);
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    cwd: repositoryRoot,
  });
  return stdout;
}

describe('docs: examples', () => {
  const page = readText('examples/README.md');
  const names = readdirSync(path.join(repositoryRoot, 'examples'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length));

  it('shows the first example in the README as it is', () => {
    const shown = blocksOf('README.md', readText('README.md'));
    const programs = shown.filter(({ language }) => language === 'ts').map(({ text }) => text);
    expect(programs).to.deep.equal([readText('examples/convert-and-simulate.ts')]);
  });

  it('has a section for each example', () => {
    expect(names).to.have.length.greaterThan(2);
    for (const name of names) expect(sectionOf(page, name), name).to.be.a('string');
  });

  for (const name of names) {
    it(`${name} prints what its section says`, async () => {
      const [shown] = blocksOf('examples/README.md', sectionOf(page, name)!);
      const printed = await runExample(name);
      // These two are not on every machine; 'baseline' is.
      const known = (text: string) =>
        text.split('\n').filter((line) => !/^avx(?:2|512) /.test(line));
      expect(known(printed)).to.deep.equal(known(shown!.text));
    });
  }

  it('same-spikes tries every instruction set of this machine', async () => {
    const printed = await runExample('same-spikes');
    for (const isa of engineInfo().isas) expect(printed).to.match(new RegExp(`^${isa} `, 'm'));
  });
});
