import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../doctor.js';
import { pythonThere, workerPath, type PythonProfile } from '../wire/python.js';

const profiles = {
  nest: 'back ends nest, pynn-nest',
  brian2: 'back end brian2',
  spinnaker: 'back ends spinnaker, spinnaker-virtual',
} as const satisfies Partial<Record<PythonProfile, string>>;

type SimulatorProfile = keyof typeof profiles;

/** Milliseconds: a Python says its packages in a tenth of a second. */
const patience = 10_000;

const program = `
import importlib.metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
`;

/** Which simulators there are, and whether their versions are the tested ones. */
export async function diagnoseBackends(): Promise<Finding[]> {
  const names = Object.keys(profiles) as SimulatorProfile[];
  return Promise.all(names.map(diagnoseProfile));
}

async function diagnoseProfile(profile: SimulatorProfile): Promise<Finding> {
  const what = profiles[profile];
  const python = pythonThere(profile);
  if (python === undefined) {
    return { what, usable: false, detail: `not set up: spiq setup ${profile}` };
  }
  const tested = testedVersions(profile);
  let found: Readonly<Record<string, string>>;
  try {
    found = await versionsIn(python, Object.keys(tested));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { what, usable: false, detail: `${python}: ${reason}` };
  }
  const words = Object.entries(tested).map(([name, version]) => {
    const own = found[name];
    if (own === undefined) return `${name} is missing`;
    return own === version ? `${name} ${own}` : `${name} ${own} (tested with ${version})`;
  });
  const usable = Object.keys(tested).every((name) => found[name] !== undefined);
  return { what, usable, detail: words.join(', ') };
}

/** What the conformance tests ran with: the pinned packages. */
export function testedVersions(profile: PythonProfile): Readonly<Record<string, string>> {
  const text = readFileSync(path.join(workerPath, 'requirements', `${profile}.txt`), 'utf8');
  const pins = [...text.matchAll(/^([\w.-]+)==(?:\d+!)?(\S+)$/gm)];
  return Object.fromEntries(pins.map(([, name, version]) => [name!, version!]));
}

async function versionsIn(
  python: string,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const child = spawn(python, ['-c', program, ...names], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
    windowsHide: true,
  });
  let [told, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(said.trim().split('\n').at(-1) ?? `exit code ${code}`);
  const versions = JSON.parse(told) as Record<string, string>;
  // An epoch, as in 1!7.4.1, is no part of a version that people say.
  const plain = Object.entries(versions).map(([name, version]) => [
    name,
    version.replace(/^\d+!/, ''),
  ]);
  return Object.fromEntries(plain) as Record<string, string>;
}
