import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { mismatch, phrase } from '../errors.js';
import { pythonVariables, type PythonProfile } from './backends.js';
import { throwIfCancelled } from './client.js';

export type { PythonProfile } from './backends.js';

export interface PythonChoice {
  /** Default: what the profile's variable names (SPIQ_PYTHON, SPIQ_PYTHON_NEST …), or the one that was made for it. */
  readonly python?: string;
  /** Default `gym`. */
  readonly profile?: PythonProfile;
  /** Makes the profile's Python where it is missing or out of date; progress goes to stderr. */
  readonly install?: boolean;
  readonly signal?: AbortSignal;
}

/** The folder that holds package.json, as seen from dist/ts/wire. */
const packageRoot = fileURLToPath(new URL('../../../', import.meta.url));
/** Where `python -m spiq_worker` finds the worker. */
export const workerPath = path.join(packageRoot, 'scripts');
const makingScript = path.join(packageRoot, 'scripts', 'worker-python.mjs');

/** The Python to start the worker with. */
export async function findWorkerPython(choice: PythonChoice = {}): Promise<string> {
  const { python, profile = 'gym', install = false, signal } = choice;
  const named = python ?? namedPython(profile);
  if (named !== undefined) return named;
  if (install) return makePython(profile, signal);
  const made = pythonThere(profile);
  if (made !== undefined) return made;
  const command = `node ${path.relative('', makingScript)} ${profile}`;
  const expected = `a Python with the packages of scripts/requirements/${profile}.txt: run \`${command}\`, set ${pythonVariables[profile]}, or permit it with \`install\``;
  throw mismatch('E_NO_PYTHON', 'worker process', expected, phrase('none'));
}

/** The profile's Python if there is one: what its variable names, or the one that was made. */
export function pythonThere(profile: PythonProfile): string | undefined {
  const named = namedPython(profile);
  if (named !== undefined) return named;
  const program = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
  const made = path.join(packageRoot, '.venv', profile, program);
  return existsSync(made) ? made : undefined;
}

function namedPython(profile: PythonProfile): string | undefined {
  const named = process.env[pythonVariables[profile]];
  return named === '' ? undefined : named;
}

/** Makes the profile's Python, or brings it up to date, and returns it; `say` gets what is told on the way. */
export async function makePython(
  profile: PythonProfile,
  signal?: AbortSignal,
  say: (text: string) => void = (text) => void process.stderr.write(text),
): Promise<string> {
  const child = spawn(process.execPath, [makingScript, profile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const stop = (): void => {
    child.kill('SIGTERM');
  };
  signal?.addEventListener('abort', stop, { once: true });
  let [told, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    say(text);
  });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    throwIfCancelled(signal);
    if (code === 0) return told.trim();
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  const reason = phrase(said.trim().split('\n').at(-1) ?? 'none');
  throw mismatch(
    'E_NO_PYTHON',
    'worker process',
    `that a Python for ${profile} can be made`,
    reason,
  );
}
