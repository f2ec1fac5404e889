import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeFileAtomically } from '../../ts/formats/atomic.js';
import { readNpzFile } from '../../ts/formats/npz/index.js';
import { expectError } from './helpers/expect-error.js';

describe('files', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'spiq-files-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('writes a file whole and leaves nothing beside it', () => {
    const path = join(directory, 'a.bin');
    writeFileSync(path, 'old');
    writeFileAtomically(path, Buffer.from('new content'));
    expect(readFileSync(path, 'utf8')).to.equal('new content');
    expect(readdirSync(directory)).to.deep.equal(['a.bin']);
  });

  it('removes its temporary file when the target cannot be replaced', () => {
    const target = join(directory, 'taken');
    mkdirSync(target);
    writeFileSync(join(target, 'inside'), '');
    expectError(() => writeFileAtomically(target, Buffer.from('x')), 'E_FILE', target);
    expect(readdirSync(directory)).to.deep.equal(['taken']);
  });

  it('reports a directory that is not there', () => {
    const path = join(directory, 'none', 'a.bin');
    expectError(() => writeFileAtomically(path, Buffer.from('x')), 'E_FILE', path);
  });

  it('reports a missing file and a directory as E_FILE with the path', () => {
    const missing = join(directory, 'missing.npz');
    expectError(() => readNpzFile(missing), 'E_FILE', missing);
    expectError(() => readNpzFile(directory), 'E_FILE', directory);
  });
});
