import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import ts from 'typescript';
import { repositoryRoot } from '../scripts/repository.js';
import { gymPython } from '../support/python.js';
import { allBlocks } from './markdown.js';
import type { Block } from './markdown.js';

// Inside the package, so that `import … from 'spiq'` finds it by its own name.
const folder = path.join(repositoryRoot, 'build', 'docs-snippets');

function nameOf({ file, line }: Block): string {
  return `${file.replace(/[^a-z]/gi, '-')}-${line}`;
}

/** Compiles the blocks with the project's own settings and returns what the compiler complains of. */
function compile(blocks: readonly Block[]): string[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = blocks.map((block) => {
    const file = path.join(folder, `${nameOf(block)}.ts`);
    writeFileSync(file, block.text);
    return file;
  });
  const config = ts.getParsedCommandLineOfConfigFile(
    path.join(repositoryRoot, 'tsconfig.json'),
    { types: ['node'], incremental: false, declaration: false, rootDir: folder, outDir: folder },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const options = { ...config!.options };
  delete options.tsBuildInfoFile;
  const program = ts.createProgram(files, options);
  const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  return diagnostics.map(({ file, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ');
    return `${file === undefined ? '' : path.basename(file.fileName)}: ${message}`;
  });
}

describe('docs: programs in the pages', () => {
  const programs = allBlocks('ts').filter(({ text }) => text.startsWith('import '));

  before(async function () {
    // The compiler reads the types of Node.js and of spiq: seconds on a slow machine. The packages of a worker are fetched.
    this.timeout(300_000);
    await gymPython();
    expect(programs.length).to.be.greaterThan(5);
    expect(compile(programs)).to.deep.equal([]);
  });

  for (const program of programs) {
    it(`${program.file}, line ${program.line}, runs`, async () => {
      const file = path.join(folder, `${nameOf(program)}.js`);
      const { stderr } = await promisify(execFile)(process.execPath, [file], {
        cwd: repositoryRoot,
      });
      expect(stderr).to.equal('');
    });
  }

  it('are all programs where a page tells of the package', () => {
    const parts = allBlocks('ts').filter(({ file, text }) => {
      const page = ['README.md', 'docs/api.md', 'docs/simulation.md', 'docs/conversion.md'];
      return page.includes(file) && !text.startsWith('import ');
    });
    expect(parts.map(nameOf)).to.deep.equal([]);
  });
});
