import { expect } from 'chai';
import { readText } from './markdown.js';

/** The names that ts/index.ts gives away, types included. */
function exportedNames(text: string): string[] {
  return [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names]) =>
    names!
      .split(',')
      .map((name) =>
        name
          .trim()
          .replace(/^type /, '')
          .replace(/^.* as /, ''),
      )
      .filter((name) => name !== ''),
  );
}

describe('docs: api', () => {
  const names = ['ts/index.ts', 'ts/bridge/index.ts', 'ts/report/index.ts'].flatMap((file) =>
    exportedNames(readText(file)),
  );

  it('reads the names that are exported', async () => {
    const module = (await import('../../ts/index.js')) as Record<string, unknown>;
    expect(Object.keys(module).length).to.be.greaterThan(20);
    expect(names).to.include.members(Object.keys(module));
    expect(exportedNames("export type { A, B as C } from './x.js';")).to.deep.equal(['A', 'C']);
  });

  it('names each of them in docs/api.md', () => {
    const text = readText('docs/api.md');
    const code = new Set([...text.matchAll(/`(\w+)[^`\n]*`/g)].map(([, name]) => name));
    expect(names.filter((name) => !code.has(name))).to.deep.equal([]);
  });
});
