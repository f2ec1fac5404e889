import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { repositoryRoot } from '../scripts/repository.js';
import { anchorOf, headingsOf, markdownFiles, readText } from './markdown.js';

interface Link {
  readonly file: string;
  readonly target: string;
}

function linksOf(file: string, text: string): Link[] {
  const prose = text.replace(/^ {0,3}```[^]*?^ {0,3}```$/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => ({ file, target: target! }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

function complaintAbout({ file, target }: Link): string[] {
  const [relative = '', anchor] = target.split('#');
  const found = relative === '' ? file : path.posix.join(path.posix.dirname(file), relative);
  const absolute = path.join(repositoryRoot, found);
  if (!existsSync(absolute)) return [`${file}: no file ${target}`];
  if (anchor === undefined || statSync(absolute).isDirectory()) return [];
  const anchors = headingsOf(readText(found)).map(anchorOf);
  return anchors.includes(anchor) ? [] : [`${file}: no heading ${target}`];
}

describe('docs: links', () => {
  const links = markdownFiles().flatMap((file) => linksOf(file, readText(file)));

  it('finds the links it is to judge', () => {
    expect(links.length).to.be.greaterThan(20);
  });

  it('finds a file, and a heading where one is named, behind every relative link', () => {
    expect(links.flatMap(complaintAbout)).to.deep.equal([]);
  });

  it('sees a link to nothing and a heading that is not there', () => {
    const links = linksOf('README.md', '[a](docs/nothing.md) [b](docs/errors.md#e_nothing)');
    expect(links.flatMap(complaintAbout)).to.have.length(2);
  });

  it('reaches every page of docs from its index', () => {
    const index = linksOf('docs/README.md', readText('docs/README.md'));
    const reached = index.map(({ target }) => path.posix.join('docs', target.split('#')[0]!));
    const pages = markdownFiles().filter((file) => /^docs\/[a-z-]+\.md$/.test(file));
    expect(reached).to.include.members(pages);
  });
});
