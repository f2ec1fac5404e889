import { expect } from 'chai';
import Mocha from 'mocha';
import { isAllowed, readAllowedSkips, skipUnless } from './skips.js';

interface Outcome {
  readonly pending: string[];
  readonly passed: string[];
  readonly failed: string[];
  printed: string;
}

/** Runs a suite of its own inside this one, and catches what it prints. */
async function runSuite(ci: boolean, define: (suite: Mocha.Suite) => void): Promise<Outcome> {
  const mocha = new Mocha({ reporter: Mocha.reporters.Base });
  const suite = Mocha.Suite.create(mocha.suite, 'inner');
  define(suite);
  const outcome: Outcome = { pending: [], passed: [], failed: [], printed: '' };
  const ciBefore = process.env.CI;
  const write = process.stdout.write.bind(process.stdout);
  process.env.CI = String(ci);
  process.stdout.write = (text: string) => {
    outcome.printed += text;
    return true;
  };
  try {
    await new Promise<void>((resolve) => {
      const runner = mocha.run(() => resolve());
      runner.on('pending', (test) => outcome.pending.push(test.title));
      runner.on('pass', (test) => outcome.passed.push(test.title));
      runner.on('fail', (_, error: Error) => outcome.failed.push(error.message));
    });
  } finally {
    process.stdout.write = write;
    if (ciBefore === undefined) delete process.env.CI;
    else process.env.CI = ciBefore;
  }
  return outcome;
}

function skippingTest(condition: boolean): Mocha.Test {
  return new Mocha.Test('needs a moon', function (this: Mocha.Context) {
    skipUnless(this, condition, 'no moon');
  });
}

describe('skipUnless', () => {
  it('changes nothing where the condition holds', async () => {
    const outcome = await runSuite(true, (suite) => suite.addTest(skippingTest(true)));
    expect(outcome).to.deep.equal({
      pending: [],
      passed: ['needs a moon'],
      failed: [],
      printed: '',
    });
  });

  it('skips a test and says why', async () => {
    const outcome = await runSuite(false, (suite) => suite.addTest(skippingTest(false)));
    expect(outcome).to.deep.equal({
      pending: ['needs a moon'],
      passed: [],
      failed: [],
      printed: 'will skip inner needs a moon: no moon\n',
    });
  });

  it('skips a whole suite from its hook and says why for each test', async () => {
    const outcome = await runSuite(false, (suite) => {
      suite.beforeAll(function () {
        skipUnless(this, false, 'no moon');
      });
      suite.addTest(new Mocha.Test('one', () => undefined));
      suite.addTest(new Mocha.Test('two', () => undefined));
    });
    expect(outcome).to.deep.equal({
      pending: ['one', 'two'],
      passed: [],
      failed: [],
      printed: 'will skip inner one: no moon\nwill skip inner two: no moon\n',
    });
  });

  it('fails instead under CI=true', async () => {
    const outcome = await runSuite(true, (suite) => suite.addTest(skippingTest(false)));
    expect(outcome.pending).to.deep.equal([]);
    expect(outcome.failed).to.deep.equal([
      "'inner needs a moon' may not be skipped under CI=true: no moon",
    ]);
  });

  it('allows what the list names, test and reason both', () => {
    const allowed = [{ test: 'a b', reason: 'r' }];
    expect(isAllowed({ test: 'a b', reason: 'r' }, allowed)).to.equal(true);
    expect(isAllowed({ test: 'a b', reason: 's' }, allowed)).to.equal(false);
    expect(isAllowed({ test: 'a', reason: 'r' }, allowed)).to.equal(false);
  });

  it('reads a list whose entries are complete', () => {
    const list = readAllowedSkips();
    expect(list).to.not.be.empty;
    for (const { test, reason } of list) {
      expect(test).to.be.a('string').that.is.not.empty;
      expect(reason).to.be.a('string').that.is.not.empty;
    }
  });
});
