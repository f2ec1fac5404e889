import { expect } from 'chai';
import { importScript } from './repository.js';

interface ForeignNames {
  findForeignNames: (file: string, text: string) => string[];
}
interface NativeLinters {
  distinctComplaints: (outputs: string[], root: string) => string[];
}

describe('scripts: lint', () => {
  it('sees paths of a machine and hosts of registries', async () => {
    const { findForeignNames } = await importScript<ForeignNames>('lib/lint/foreign-names.mjs');
    // Put together here, for this file is looked at too.
    const found = [
      ['', 'home', 'ada', 'x'].join('/'),
      `see "${['', 'Users', 'ada'].join('/')}"`,
      `-I${['', 'home', 'ada'].join('/')}`,
      `file://${['', 'tmp', 'x'].join('/')}`,
      'https://registry.' + 'npmjs.org' + '/chai',
      'pypi' + '.org',
    ];
    for (const line of found)
      expect(findForeignNames('a.md', `x\n${line}`), line).to.have.length(1);
    expect(findForeignNames('a.md', `x\n${found[0]}`)[0]).to.match(/^a\.md:2: /);
  });

  it('passes relative paths, addresses and system programs', async () => {
    const { findForeignNames } = await importScript<ForeignNames>('lib/lint/foreign-names.mjs');
    for (const line of [
      './home/x',
      'https://example.com/home/x',
      '/usr/bin/env',
      'a/home/b',
      '~/home/x',
    ]) {
      expect(findForeignNames('a.md', line), line).to.deep.equal([]);
    }
  });

  it('shows each complaint of several runs once, with a path from the root', async () => {
    const { distinctComplaints } = await importScript<NativeLinters>('lib/lint/native-linters.mjs');
    const header = 'ROOT/native/a.h:1:2: error: bad [x]\n    1 | int a;\n      | ^';
    const source = 'ROOT/native/a.cc:3:4: error: worse [y]';
    const outputs = [
      `2 warnings generated.\n${header}\n${source}`,
      `Suppressed 9 warnings.\n${header}`,
    ];
    expect(distinctComplaints(outputs, 'ROOT')).to.deep.equal([
      'native/a.cc:3:4: error: worse [y]',
      'native/a.h:1:2: error: bad [x]\n    1 | int a;\n      | ^',
    ]);
  });
});
