import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { askPeer } from './python.js';
import type { Variable } from './python.js';

const folder = new URL('../../../scripts/requirements/', import.meta.url);

const profiles: [profile: string, variable: Variable, members: string[]][] = [
  ['peers', 'SPIQ_PEERS_PYTHON', ['torch', 'snntorch', 'norse', 'stable-baselines3']],
  ['keras', 'SPIQ_KERAS_PYTHON', ['keras', 'tensorflow-cpu']],
  ['envpool', 'SPIQ_ENVPOOL_PYTHON', ['envpool', 'pyzmq']],
  ['frames', 'SPIQ_FRAMES_PYTHON', ['ale-py', 'opencv-python-headless', 'scikit-image']],
];

describe("the peers' Python", () => {
  for (const [profile, variable, members] of profiles) {
    it(`loads the packages of scripts/requirements/${profile}.txt in the versions listed`, () => {
      const text = readFileSync(new URL(`${profile}.txt`, folder), 'utf8');
      const listed = [...text.matchAll(/^([\w.-]+)==(\S+)$/gm)].map(
        ([, name = '', version = '']) => [name, version] as const,
      );
      const names = listed.map(([name]) => name);
      expect(names).to.include.members(members);
      const installed = askPeer('versions.py', names, variable) as Record<string, string>;
      // Builds for an accelerator carry its name behind a plus sign.
      const plain = Object.entries(installed).map(([name, version]) => [
        name,
        version.split('+')[0],
      ]);
      expect(Object.fromEntries(plain)).to.deep.equal(Object.fromEntries(listed));
    });
  }
});
