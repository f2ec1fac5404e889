import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BridgeBackendName } from '../../ts/bridge/backends.js';
import { workerBackends } from '../../ts/wire/backends.js';
import { enginePython } from './python-engines.js';

export interface EngineSuite {
  /** The Python that has the back end's packages. */
  readonly python: string;
  /** Where workers put what they make. */
  readonly folder: string;
  /** What is left of them; who removes a folder may do so a moment after the worker has ended. */
  left(): Promise<string[]>;
}

/** Where a variable names a Python that is taken, otherwise the managed one, which its first use installs. */
export async function pythonFor(backend: BridgeBackendName): Promise<string> {
  return enginePython(workerBackends[backend].profile);
}

export function engineSuite(backend: BridgeBackendName): EngineSuite {
  let [python, folder] = ['', ''];
  let temporary: string | undefined;
  before(async function () {
    this.timeout(900_000);
    python = await pythonFor(backend);
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-test-'));
    temporary = process.env.TMPDIR;
    process.env.TMPDIR = folder;
  });
  after(() => {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get python() {
      return python;
    },
    get folder() {
      return folder;
    },
    left: async () => {
      const found = (): string[] => readdirSync(folder).filter((name) => name.startsWith('spiq-'));
      for (let tries = 0; tries < 100 && found().length > 0; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      return found();
    },
  };
}
