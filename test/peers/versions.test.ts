import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { askPeer } from './python.js';

const file = new URL('../../../scripts/requirements/peers.txt', import.meta.url);

describe("the peers' Python", () => {
  it('loads the packages of scripts/requirements/peers.txt in the versions listed', () => {
    const listed = [...readFileSync(file, 'utf8').matchAll(/^([\w.-]+)==(\S+)$/gm)].map(
      ([, name = '', version = '']) => [name, version] as const,
    );
    expect(listed.map(([name]) => name)).to.include.members(['torch', 'snntorch', 'norse']);
    const installed = askPeer(
      'versions.py',
      listed.map(([name]) => name),
    ) as Record<string, string>;
    // Builds for an accelerator carry its name behind a plus sign.
    const plain = Object.entries(installed).map(([name, text]) => [name, text.split('+')[0]]);
    expect(Object.fromEntries(plain)).to.deep.equal(Object.fromEntries(listed));
  });
});
