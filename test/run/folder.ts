import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../ts/run/index.js';

/** A folder for each case of a `describe`; call it there. */
export function freshFolders(): () => string {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spiq-run-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return () => folder;
}

/** A clock that the test sets. */
export function handClock(): { readonly clock: Clock; readonly set: (seconds: number) => void } {
  let now = 0;
  return {
    clock: () => now,
    set: (seconds) => {
      now = seconds;
    },
  };
}
