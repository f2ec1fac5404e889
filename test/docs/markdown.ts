import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listFiles } from '../architecture/source-files.js';
import { repositoryRoot } from '../scripts/repository.js';

export interface Block {
  /** Path of the file from the root of the repository. */
  readonly file: string;
  readonly line: number;
  /** What stands behind the three backticks that open it. */
  readonly language: string;
  readonly text: string;
}

const folders = ['docs', 'examples', 'models', 'test'];
const topLevel = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];

/** Every Markdown file of the repository, by its path from the root. */
export function markdownFiles(): string[] {
  const inFolders = folders.flatMap((folder) => listFiles(repositoryRoot, folder));
  return [...topLevel, ...inFolders.filter((file) => file.endsWith('.md'))];
}

export function readText(file: string): string {
  return readFileSync(path.join(repositoryRoot, file), 'utf8');
}

/** The fenced blocks of a Markdown text. */
export function blocksOf(file: string, text: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; language: string; lines: string[] } | undefined;
  text.split('\n').forEach((content, index) => {
    const fence = /^ {0,3}```(.*)$/.exec(content);
    if (fence === null) open?.lines.push(content);
    else if (open === undefined) open = { line: index + 1, language: fence[1]!.trim(), lines: [] };
    else {
      const { line, language, lines } = open;
      blocks.push({ file, line, language, text: lines.map((part) => `${part}\n`).join('') });
      open = undefined;
    }
  });
  return blocks;
}

export function allBlocks(language: string): Block[] {
  return markdownFiles()
    .flatMap((file) => blocksOf(file, readText(file)))
    .filter((block) => block.language === language);
}

/** Headings of a Markdown text, without the code in it. */
export function headingsOf(text: string): string[] {
  const prose = text.replace(/^ {0,3}```[^]*?^ {0,3}```$/gm, '');
  return [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => heading!.trim());
}

/** The anchor that a heading gets where Markdown is shown as a page (GitHub's rule). */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** The text under the second-level heading `heading`, up to the next one. */
export function sectionOf(text: string, heading: string): string | undefined {
  return text
    .split(/^## /m)
    .find((section) => section.startsWith(`${heading}\n`))
    ?.slice(heading.length + 1);
}
