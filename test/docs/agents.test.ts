import { expect } from 'chai';
import { classifierParameters } from '../../ts/agent/classifier-parameters.js';
import { dqnParameters } from '../../ts/agent/dqn-parameters.js';
import type { ParameterTable } from '../../ts/agent/parameters.js';
import { reinforceParameters } from '../../ts/agent/reinforce-parameters.js';
import { readText, sectionOf } from './markdown.js';

/** The rows of a table of parameters: name and default. */
function documented(section: string): Map<string, string> {
  const rows = section.matchAll(/^\| `(\w+)` +\| (?:`([^`]*)`)? *\|/gm);
  return new Map([...rows].map(([, name, initial = '']) => [name!, initial]));
}

function defaultOf(value: unknown): string {
  if (value === null) return 'none';
  return Array.isArray(value) ? value.join(',') : JSON.stringify(value).replaceAll('"', '');
}

describe('docs: agents', () => {
  const text = readText('docs/agents.md');
  const shared = documented(sectionOf(text, 'DQN')!);
  const cases: [string, ParameterTable][] = [
    ['DQN', dqnParameters],
    ['REINFORCE', reinforceParameters],
    ['Classifier', classifierParameters],
  ];

  for (const [title, table] of cases) {
    it(`has every parameter with its default: ${title}`, () => {
      const own = documented(sectionOf(text, title)!);
      const expected = Object.entries(table).map(([name, { initial }]) => [
        name,
        defaultOf(initial),
      ]);
      const shown = expected.map(([name]) => [name, own.get(name!) ?? shared.get(name!)]);
      expect(shown).to.deep.equal(expected);
      expect([...own.keys()].filter((name) => !Object.hasOwn(table, name))).to.deep.equal([]);
    });
  }
});
