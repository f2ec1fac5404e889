import { expect } from 'chai';
import { parseCsv } from '../../ts/run/index.js';
import { formatNumber, joinLine } from '../../ts/run/csv.js';
import { expectError } from '../formats/helpers/expect-error.js';

describe('CSV', () => {
  it('reads what others write: CRLF, quotes, byte order mark, blank lines, no last newline', () => {
    const table = parseCsv('\ufeffa,"b, c"\r\n1,"say ""x"""\r\n\r\n-2.5e3,None', 'x.csv');
    expect(table.columns).to.deep.equal(['a', 'b, c']);
    expect([...table.numbers('a')]).to.deep.equal([1, -2500]);
    expect(table.strings('b, c')).to.deep.equal(['say "x"', 'None']);
  });

  it('leaves a torn last line out on request', () => {
    const text = 'a,b\n1,2\n3,4';
    expect(parseCsv(text, 'x').length).to.equal(2);
    expect(parseCsv(text, 'x', { keepTorn: false }).length).to.equal(1);
  });

  it('reads nothing, nan and infinities as such', () => {
    const { numbers } = { numbers: [...parseCsv('a,b\n,1\nnan,1\n-inf,1\n', 'x').numbers('a')] };
    expect(numbers).to.deep.equal([NaN, NaN, -Infinity]);
  });

  it('says where it is wrong', () => {
    expectError(() => parseCsv('a,b\n1,2\n3\n', 'x.csv'), 'E_FORMAT', 'x.csv: line 3', '2 fields');
    expectError(() => parseCsv('a,a\n', 'x.csv'), 'E_FORMAT', 'line 1', "'a'");
    expectError(() => parseCsv('', 'x.csv'), 'E_FORMAT', 'line 1');
    expectError(() => parseCsv('a\n"x\n', 'x.csv'), 'E_FORMAT', 'line 2', 'quoted');
    const table = parseCsv('a\n1\nx\n', 'x.csv');
    expectError(() => table.numbers('a'), 'E_FORMAT', 'line 3: a', "'x'");
    expectError(() => table.strings('b'), 'E_ARGUMENT', "'b'", 'a');
  });

  it('reads back what it writes, to the last bit', () => {
    const values = [0.1 + 0.2, -0, 1e300, 5e-324, Infinity, -Infinity, NaN, 123456789.125];
    const text = `v\n${values.map(formatNumber).join('\n')}\n`;
    const back = [...parseCsv(text, 'x').numbers('v')];
    expect(back).to.deep.equal(values.map((value) => (value === 0 ? 0 : value)));
    const fields = ['a,b', 'say "x"', 'plain', ''];
    expect(parseCsv(`h,i,j,k\n${joinLine(fields)}\n`, 'x').rows).to.deep.equal([fields]);
  });
});
