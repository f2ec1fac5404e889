import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { importScript } from './repository.js';

interface Stamps {
  hashInputs(root: string, targets: string[], extra?: string[]): string;
  stampMatches(file: string, hash: string): boolean;
  writeStamp(file: string, hash: string): void;
}
interface Orphans {
  removeOrphans: (root: string) => string[];
}

describe('scripts: stamps', () => {
  let root: string;
  let stamps: Stamps;

  before(async () => {
    stamps = await importScript<Stamps>('lib/stamp.mjs');
  });
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'spiq-stamp-'));
    mkdirSync(path.join(root, 'native', 'base'), { recursive: true });
    writeFileSync(path.join(root, 'native', 'base', 'a.cc'), 'int a;');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const hash = () => stamps.hashInputs(root, ['native', 'absent.txt']);

  it('keeps its hash while nothing changes', () => {
    expect(hash()).to.equal(hash());
  });

  it('changes with a content, a name, a new file and an extra value', () => {
    const hashes = [hash()];
    writeFileSync(path.join(root, 'native', 'base', 'a.cc'), 'int b;');
    hashes.push(hash());
    renameSync(
      path.join(root, 'native', 'base', 'a.cc'),
      path.join(root, 'native', 'base', 'b.cc'),
    );
    hashes.push(hash());
    writeFileSync(path.join(root, 'native', 'c.cc'), '');
    hashes.push(hash());
    hashes.push(stamps.hashInputs(root, ['native', 'absent.txt'], ['clang++']));
    expect(new Set(hashes).size).to.equal(hashes.length);
  });

  it('matches only the hash it was written with', () => {
    const stamp = path.join(root, 'build', 'x.stamp');
    expect(stamps.stampMatches(stamp, 'one')).to.equal(false);
    stamps.writeStamp(stamp, 'one');
    expect(stamps.stampMatches(stamp, 'one')).to.equal(true);
    expect(stamps.stampMatches(stamp, 'two')).to.equal(false);
  });

  it('removes what was compiled from sources that are gone, and nothing else', async () => {
    const { removeOrphans } = await importScript<Orphans>('lib/orphans.mjs');
    for (const folder of ['test', 'dist/test'])
      mkdirSync(path.join(root, folder), { recursive: true });
    writeFileSync(path.join(root, 'test', 'kept.test.ts'), '');
    const files = [
      'kept.test.js',
      'gone.test.js',
      'gone.test.js.map',
      'gone.test.d.ts',
      'data.json',
    ];
    for (const file of files) writeFileSync(path.join(root, 'dist', 'test', file), '');
    expect(removeOrphans(root)).to.deep.equal([
      'dist/test/gone.test.d.ts',
      'dist/test/gone.test.js',
      'dist/test/gone.test.js.map',
    ]);
    const left = files.filter((file) => existsSync(path.join(root, 'dist', 'test', file)));
    expect(left).to.deep.equal(['kept.test.js', 'data.json']);
  });
});
