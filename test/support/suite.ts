import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gymPython } from './python.js';

/** What the tests of a suite share. */
interface GymSuite {
  /** The Python that plays environments. */
  readonly python: string;
  /** A folder that goes with the suite. */
  readonly folder: string;
}

export function gymSuite(): GymSuite {
  const suite = { python: '', folder: '' };
  before(async function () {
    // Its first use installs it.
    this.timeout(300_000);
    suite.python = await gymPython();
    suite.folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-test-'));
  });
  after(() => {
    rmSync(suite.folder, { recursive: true });
  });
  return suite;
}
