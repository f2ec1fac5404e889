import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '../scripts/repository.js';

/** What `--help` says: the commands, and for each the options with the choices of those that have some. */
export type CommandLine = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

export function readCommandLine(): CommandLine {
  const help = runHelp([]);
  const listed = /^Commands:\n([^]*?)\n\n/m.exec(help)?.[1] ?? '';
  const names = [...listed.matchAll(/^ {2}(\w+)/gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'help');
  return new Map(names.map((name) => [name, optionsIn(runHelp([name]))]));
}

function runHelp(args: readonly string[]): string {
  const program = path.join(repositoryRoot, 'scripts', 'spiq.mjs');
  return execFileSync(process.execPath, [program, ...args, '--help'], { encoding: 'utf8' });
}

function optionsIn(help: string): Map<string, readonly string[]> {
  const text = /^Options:\n([^]*?)(?:\n\n|$(?![^]))/m.exec(help)?.[1] ?? '';
  const options = new Map<string, readonly string[]>();
  for (const entry of text.split(/\n {2}(?=-)/)) {
    const flags = entry.trim().split(/ {2,}/)[0]!;
    const listed = /\(choices:([^)]*)\)/.exec(entry.replace(/\s+/g, ' '))?.[1] ?? '';
    const [choices = ''] = listed.split('default:');
    const values = [...choices.matchAll(/"([^"]+)"/g)].map(([, choice]) => choice!);
    for (const flag of flags.match(/(?<![\w-])--?[\w-]+/g) ?? []) options.set(flag, values);
  }
  return options;
}

/** Complaints about `words`, what a shell line has behind `spiq`. */
export function complaintsAbout(words: readonly string[], commandLine: CommandLine): string[] {
  const [name = '', ...rest] = words;
  if (['--help', '--version'].includes(name)) return [];
  const options = commandLine.get(name);
  if (options === undefined) return [`no command ${name}`];
  return rest.flatMap((word, index) => {
    if (!/^--?[a-zA-Z]/.test(word)) return [];
    const choices = options.get(word);
    if (choices === undefined) return [`${name} has no option ${word}`];
    const value = rest[index + 1] ?? '';
    const known = choices.length === 0 || choices.includes(value);
    return known ? [] : [`${name} ${word} does not know ${value}`];
  });
}
