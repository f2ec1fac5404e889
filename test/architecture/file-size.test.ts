import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { repositoryRoot } from '../scripts/repository.js';
import { listFiles } from './source-files.js';

const mostLines = 400;
const source = /\.(?:cc|h|cu|ts|mjs|js|py)$/;
const generated = /_pb\.ts$|\/gen\//;

/** Complaints about files longer than `mostLines`; generated code is nobody's reading. */
function findLongFiles(files: readonly { path: string; text: string }[]): string[] {
  return files
    .filter((file) => source.test(file.path) && !generated.test(file.path))
    .map((file) => ({ path: file.path, lines: file.text.split('\n').length }))
    .filter(({ lines }) => lines > mostLines)
    .map((file) => `${file.path} has ${file.lines} lines, more than ${mostLines}`);
}

describe('architecture: file sizes', () => {
  it(`finds no source file of more than ${mostLines} lines`, () => {
    const files = ['native', 'ts', 'scripts', 'bench', 'test']
      .flatMap((folder) => listFiles(repositoryRoot, folder))
      .filter((file) => source.test(file))
      .map((file) => ({ path: file, text: readFileSync(path.join(repositoryRoot, file), 'utf8') }));
    expect(files.length).to.be.greaterThan(40);
    expect(findLongFiles(files)).to.deep.equal([]);
  });

  it('sees a long file and passes generated code and data', () => {
    const text = 'x\n'.repeat(mostLines + 1);
    const paths = ['ts/a.ts', 'native/a.cc', 'ts/gen/a.ts', 'ts/a_pb.ts', 'test/a.json'];
    expect(findLongFiles(paths.map((file) => ({ path: file, text })))).to.have.length(2);
  });
});
