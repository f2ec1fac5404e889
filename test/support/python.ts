import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { workerPath } from '../../ts/wire/python.js';
import { importScript, repositoryRoot } from '../scripts/repository.js';

interface PythonEnvironments {
  readonly ensurePython: (root: string, profile: string) => Promise<string>;
}

/** The Python of a profile, made at its first use. */
export async function pythonOf(profile: string): Promise<string> {
  const scripts = await importScript<PythonEnvironments>('lib/python-env.mjs');
  return scripts.ensurePython(repositoryRoot, profile);
}

/** The Python that plays environments. */
export async function gymPython(): Promise<string> {
  return pythonOf('gym');
}

/**
 * Runs test/<script> in that Python, which finds the worker's modules. The script reads `request` as JSON from its input;
 * the last line that it prints is its answer, as JSON too.
 */
export async function askGym(script: string, request: unknown): Promise<unknown> {
  const file = path.join(repositoryRoot, 'test', script);
  const { status, stdout, stderr, error } = spawnSync(await gymPython(), [file], {
    input: JSON.stringify(request),
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: workerPath },
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${script} failed: ${error?.message ?? stderr}`);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}
