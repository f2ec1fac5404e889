import { expect } from 'chai';
import fc from 'fast-check';
import { SpiqError } from '../../ts/errors.js';
import { parseConfig } from '../../ts/run/config.js';
import { parseCsv } from '../../ts/run/index.js';
import { expectError } from '../formats/helpers/expect-error.js';

const machine = { cpu: 'a', threads: 2, system: 'b', node: 'v20', spiq: '0.1.0' };
const sound = {
  format: 'spiq-run',
  version: 1,
  name: 'x',
  seed: 3,
  parameters: { deep: { list: [1, 2] } },
  columns: ['mood'],
  machine,
};
const parse = (change: object): unknown =>
  parseConfig(JSON.stringify({ ...sound, ...change }), 'config.json');

describe("a run's configuration", () => {
  it('is read as it was written', () => {
    const { name, seed, parameters, columns } = sound;
    expect(parse({})).to.deep.equal({ name, seed, parameters, columns, machine });
  });

  it('of a newer version is refused as such, whatever else it holds', () => {
    expectError(() => parse({ version: 2, seed: 'new' }), 'E_VERSION', 'at most 1', '2');
  });

  const wrong: [what: string, change: object][] = [
    ['format', { format: 'other' }],
    ['version', { version: 1.5 }],
    ['name', { name: '' }],
    ['seed', { seed: -1 }],
    ['parameters', { parameters: [1] }],
    ['columns', { columns: ['epoch'] }],
    ['threads', { machine: { ...machine, threads: 'two' } }],
    ['colour', { colour: 1 }],
    ['colour', { machine: { ...machine, colour: 1 } }],
  ];
  for (const [what, change] of wrong) {
    it(`with ${JSON.stringify(change)} is refused`, () => {
      expectError(() => parse(change), 'E_FORMAT', 'config.json', what);
    });
  }

  const onlyTyped = (read: () => unknown): void => {
    try {
      read();
    } catch (error) {
      expect(error).to.be.instanceOf(SpiqError);
      expect((error as SpiqError).code).to.be.oneOf(['E_FORMAT', 'E_VERSION']);
    }
  };

  it('cut, changed or made up gives typed errors or a configuration', () => {
    const text = JSON.stringify(sound);
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.nat(text.length),
        fc.string({ maxLength: 6 }),
        (a, b, put) => {
          onlyTyped(() => parseConfig(text.slice(0, a) + put + text.slice(b), 'x'));
        },
      ),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.json(), (any) => {
        onlyTyped(() => parseConfig(any, 'x'));
      }),
    );
  });

  it('beside wild CSV: typed errors or a table whose rows fit its names', () => {
    const wild = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r', ' ', '.') });
    fc.assert(
      fc.property(wild, fc.boolean(), (text, keepTorn) => {
        onlyTyped(() => {
          const { columns, rows } = parseCsv(text, 'x', { keepTorn });
          rows.forEach((row) => {
            expect(row.length).to.equal(columns.length);
          });
        });
      }),
      { numRuns: 5000 },
    );
  });
});
