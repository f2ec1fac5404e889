import path from 'node:path';
import { expect } from 'chai';
import { importScript } from './repository.js';

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}
interface Run extends Totals {
  skippedTitles: string[];
  perSuite: Record<string, number>;
}
interface Counts {
  native: number;
  mocha: Record<string, number>;
}
interface TotalsModule {
  readTotals(output: string): Totals | undefined;
  readNativeTotals(output: string): Totals & { skippedTitles: string[] };
  addTotals(runs: Totals[]): Totals;
  summarizeMocha(report: unknown, root: string): Run;
  checkCounts(listed: Counts, native: Totals, mocha: Run): string[];
  countsOf(native: Totals, mocha: Run): Counts;
  checkSkips(
    allowed: { test: string; reason: string }[],
    runs: (Totals & { skippedTitles: string[] })[],
  ): { unlisted: string[]; complaints: string[]; unused: string[] };
}

describe('scripts: totals of the test runners', () => {
  const native = { passed: 5, failed: 0, skipped: 0 };
  const mocha: Run = {
    passed: 3,
    failed: 1,
    skipped: 1,
    skippedTitles: ['Net needs a device'],
    perSuite: { 'test/net': 4, 'test/cli': 1 },
  };
  let totals: TotalsModule;

  before(async () => {
    totals = await importScript<TotalsModule>('lib/totals.mjs');
  });

  it('reads the last line of totals', () => {
    expect(
      totals.readTotals(
        '1 passed, 0 failed, 0 skipped\nx\nnative: 7 passed, 2 failed, 1 skipped\n',
      ),
    ).to.deep.equal({ passed: 7, failed: 2, skipped: 1 });
    expect(totals.readTotals('it said 7 passed, 2 failed, 1 skipped')).to.equal(undefined);
  });

  it('counts a native run that never came to its totals as failed', () => {
    expect(totals.readNativeTotals('ok graph\n')).to.include({ passed: 0, failed: 1 });
  });

  it('reads the names of skipped native cases', () => {
    const output = 'ok graph\nskipped kernels avx512\n1 passed, 0 failed, 1 skipped\n';
    expect(totals.readNativeTotals(output).skippedTitles).to.deep.equal(['kernels avx512']);
  });

  it('adds up', () => {
    expect(totals.addTotals([native, mocha])).to.deep.equal({ passed: 8, failed: 1, skipped: 1 });
  });

  it('sums mocha cases by source folder', () => {
    const file = (...parts: string[]) => path.join('root', 'dist', 'test', ...parts);
    const report = {
      stats: { passes: 2, failures: 0, pending: 1 },
      tests: [
        { title: 'a b', file: file('net', 'a.test.js'), state: 'passed' },
        { title: 'a c', file: file('net', 'deep', 'c.test.js'), state: 'pending' },
        { title: 'd', file: file('d.test.js'), state: 'passed' },
      ],
    };
    const summary = totals.summarizeMocha(report, 'root');
    expect(summary.perSuite).to.deep.equal({ 'test/net': 2, 'test/d.test.ts': 1 });
    expect(summary.skippedTitles).to.deep.equal(['a c']);
  });

  it('accepts the counts it writes', () => {
    expect(totals.checkCounts(totals.countsOf(native, mocha), native, mocha)).to.deep.equal([]);
  });

  it('complains of a suite with fewer cases, of one that vanished and of one not listed', () => {
    const listed = { native: 6, mocha: { 'test/net': 5, 'test/gone': 1 } };
    expect(totals.checkCounts(listed, native, mocha)).to.deep.equal([
      'native: expected at least 6 cases, found 5',
      'test/net: expected at least 5 cases, found 4',
      'test/gone: expected at least 1 cases, found 0',
      'test/cli: not listed in test/counts.json; run npm test -- --update-counts',
    ]);
  });

  const skipping = (...skippedTitles: string[]) => [
    { ...native, skipped: skippedTitles.length, skippedTitles },
  ];

  it('names skips that are not listed and complains of nameless ones and of entries without reason', () => {
    const unnamed = { ...native, skipped: 2, skippedTitles: [] };
    const found = totals.checkSkips([{ test: 'other', reason: '' }], [mocha, unnamed]);
    expect(found).to.deep.equal({
      unlisted: ['skipped without an entry in test/skips.json: Net needs a device'],
      complaints: [
        'test/skips.json gives no reason for: other',
        '2 skipped cases did not give their names',
      ],
      unused: ['other'],
    });
  });

  it('allows listed skips and reports entries nobody used', () => {
    const allowed = [
      { test: 'Net needs a device', reason: 'no device here' },
      { test: 'other', reason: 'none' },
    ];
    const found = totals.checkSkips(allowed, skipping('Net needs a device'));
    expect(found).to.deep.equal({ unlisted: [], complaints: [], unused: ['other'] });
  });

  it('matches a reason shown in the title, for a test and for a whole suite', () => {
    const allowed = [{ test: 'Page in a browser', reason: 'no Chromium' }];
    const unlisted = (title: string) => totals.checkSkips(allowed, skipping(title)).unlisted;
    expect(unlisted('Page in a browser [skipped: no Chromium]')).to.deep.equal([]);
    expect(unlisted('Page in a browser draws [skipped: no Chromium]')).to.deep.equal([]);
    expect(unlisted('Page in a browser [skipped: too slow]')).to.have.length(1);
    expect(unlisted('Page in a browsers dream [skipped: no Chromium]')).to.have.length(1);
    expect(unlisted('Page in a browser draws')).to.have.length(1);
  });
});
