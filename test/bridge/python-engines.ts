import { expect } from 'chai';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { pythonVariables } from '../../ts/wire/backends.js';
import { workerPath, type PythonProfile } from '../../ts/wire/python.js';
import { repositoryRoot } from '../scripts/repository.js';
import { pythonOf } from '../support/python.js';

export type EngineProfile = Exclude<PythonProfile, 'envpool'>;

/** The profile's Python, which a variable of its own may name; made at its first use. */
export async function enginePython(profile: EngineProfile): Promise<string> {
  const named = process.env[pythonVariables[profile]];
  return named === undefined || named === '' ? pythonOf(profile) : named;
}

/** Runs a script of test/bridge/python, which reads `request` and answers with its last line, JSON both. */
export async function askEngine(
  profile: EngineProfile,
  script: string,
  args: readonly string[],
  request: unknown = null,
): Promise<unknown> {
  const file = path.join(repositoryRoot, 'test', 'bridge', 'python', script);
  const child = spawn(await enginePython(profile), [file, ...args], {
    env: { ...process.env, PYTHONPATH: workerPath },
  });
  let [told, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdin.end(JSON.stringify(request));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (status !== 0) throw new Error(`${script} failed: ${said}`);
  return JSON.parse(told.trimEnd().split('\n').at(-1) ?? '');
}

/** A script that prints the outcome of each of its checks: 'ok', or where it failed. */
export async function expectAllOk(
  profile: EngineProfile,
  script: string,
  args: readonly string[],
  least: number,
): Promise<void> {
  const outcomes = (await askEngine(profile, script, args)) as Record<string, string>;
  const failed = Object.entries(outcomes).filter(([, outcome]) => outcome !== 'ok');
  expect(failed.map(([name, outcome]) => `${name}: ${outcome}`).join('\n')).to.equal('');
  expect(Object.keys(outcomes)).to.have.length.of.at.least(least);
}
