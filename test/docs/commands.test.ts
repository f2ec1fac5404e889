import { expect } from 'chai';
import { conversionMethods } from '../../ts/index.js';
import { complaintsAbout, readCommandLine } from './command-line.js';
import type { CommandLine } from './command-line.js';
import { allBlocks, readText, sectionOf } from './markdown.js';

interface Line {
  readonly at: string;
  readonly words: readonly string[];
}

/** Lines behind a prompt in blocks of shell; one that ends in a backslash goes on. */
function shellLines(): Line[] {
  return allBlocks('sh').flatMap(({ file, line, text }) =>
    text
      .replace(/\\\n\s*/g, '')
      .split('\n')
      .filter((command) => command.startsWith('$ '))
      .map((command) => ({
        at: `${file}:${line}`,
        words: command.slice(2).replace(/ #.*/, '').trim().split(/\s+/),
      })),
  );
}

describe('docs: commands', () => {
  const lines = shellLines();
  let commandLine: CommandLine;

  before(() => {
    commandLine = readCommandLine();
  });

  it('reads commands, options and choices from the help', () => {
    expect([...commandLine.keys()]).to.include.members(['convert', 'simulate', 'test', 'doctor']);
    const methods = [...conversionMethods, 'all'];
    expect(commandLine.get('convert')!.get('--method')).to.deep.equal(methods);
    expect([...commandLine.get('simulate')!.keys()]).to.include.members(['-T', '--steps', '--isa']);
  });

  it('finds only commands, options and choices that exist in the shown lines', () => {
    const shown = lines.flatMap(({ at, words }) => {
      const start = words.findIndex((word) => word === 'spiq');
      const behind = words.slice(start + 1);
      if (start < 0) return [];
      return complaintsAbout(behind, commandLine).map((complaint) => `${at}: ${complaint}`);
    });
    expect(lines.filter(({ words }) => words.includes('spiq')).length).to.be.greaterThan(8);
    expect(shown).to.deep.equal([]);
  });

  it('sees a wrong command, option and choice', () => {
    const wrong = [['forge'], ['convert', '--jsn'], ['simulate', '--encoding', 'morse']];
    for (const words of wrong) expect(complaintsAbout(words, commandLine)).to.have.length(1);
  });

  it('finds every shown npm script in package.json', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: object };
    const named = lines
      .filter(({ words }) => words[0] === 'npm')
      .map(({ words: [, first = '', second = ''] }) => (first === 'run' ? second : first))
      .filter((name) => !['ci', 'install', 'pack', 'link'].includes(name));
    expect(named).to.include.members(['start', 'test']);
    expect(Object.keys(scripts)).to.include.members(named);
  });

  it('has each command, with each of its own options, in docs/cli.md', () => {
    const text = readText('docs/cli.md');
    const missing = [...commandLine].flatMap(([name, options]) => {
      const section = sectionOf(text, name);
      if (section === undefined) return [`no section ${name}`];
      const everywhere = sectionOf(text, 'Options of several commands') ?? '';
      return [...options.keys()]
        .filter((flag) => flag.startsWith('--'))
        .filter((flag) => !`${section}${everywhere}`.includes(`\`${flag}`))
        .map((flag) => `${name} ${flag}`);
    });
    expect(missing).to.deep.equal([]);
  });
});
