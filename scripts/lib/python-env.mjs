import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { SetupFailure } from './failure.mjs';
import { findProgram } from './find-program.mjs';
import { withLock } from './lock.mjs';
import { runTool } from './run-tool.mjs';
import { perform } from './setup.mjs';
import { hashInputs, stampMatches, writeStamp } from './stamp.mjs';

const minimum = [3, 10];

/**
 * Makes .venv/<profile> from scripts/requirements/<profile>.txt, or anew when that file has changed, and
 * returns its Python. A comment `# download: SIZE` in the file tells the user what to expect.
 */
export async function ensurePython(root, profile, { quiet = false, env = process.env } = {}) {
  const requirements = `scripts/requirements/${profile}.txt`;
  if (!existsSync(path.join(root, requirements))) {
    throw new SetupFailure(
      `There is no Python profile '${profile}': ${requirements} does not exist.`,
    );
  }
  const folder = path.join(root, '.venv', profile);
  const python = path.join(
    folder,
    process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python',
  );
  const stamp = path.join(folder, 'requirements.stamp');
  const hash = hashInputs(root, [requirements], [root]);
  const current = () => existsSync(python) && stampMatches(stamp, hash);
  if (current()) return python;
  const base = findPython(env);
  const say = quiet ? () => undefined : (text) => process.stderr.write(text);
  const size = /^# download: (.+)$/m.exec(readFileSync(path.join(root, requirements), 'utf8'))?.[1];
  const step = {
    name: `Python ${profile}${size === undefined ? '' : ` (${size} to fetch)`}`,
    done: 'installed',
    async run() {
      rmSync(folder, { recursive: true, force: true });
      const tool = (command, args, what) =>
        runTool({ root, log: `python-${profile}`, command, args, env, what });
      await makeVenv(tool, base, folder);
      await tool(
        python,
        ['-m', 'pip', 'install', '--disable-pip-version-check', '-r', requirements],
        `pip install -r ${requirements}`,
      );
      writeStamp(stamp, hash);
    },
  };
  await withLock(
    path.join(root, '.venv', `${profile}.lock`),
    async () => {
      if (!current()) await perform(step, say);
    },
    (pid) => say(`spiq set-up · waiting for another set-up (process ${pid}) to end\n`),
  );
  return python;
}

async function makeVenv(tool, base, folder) {
  try {
    await tool(base, ['-m', 'venv', folder], 'python -m venv');
  } catch (error) {
    // Debian splits venv off from Python.
    if (!/ensurepip|No module named venv/.test(error.message)) throw error;
    throw new SetupFailure(
      `${base} cannot make virtual environments: install the package 'python3-venv'.`,
    );
  }
}

export function findPython(env = process.env) {
  const needed = `Python ${minimum.join('.')} or newer`;
  const found = [];
  for (const name of env.SPIQ_PYTHON ? [env.SPIQ_PYTHON] : ['python3', 'python']) {
    const program = findProgram(name, env);
    if (program === undefined) continue;
    const { stdout } = spawnSync(program, ['-c', 'import sys; print(*sys.version_info[:2])'], {
      encoding: 'utf8',
      env,
    });
    const [major = 0, minor = 0] = (stdout ?? '').trim().split(' ').map(Number);
    if (major === minimum[0] && minor >= minimum[1]) return program;
    found.push(`${program} is ${major}.${minor}`);
  }
  throw new SetupFailure(
    `This needs ${needed} and ${found.length === 0 ? 'found none on PATH' : found.join(', ')}: ` +
      "install the package 'python3' or set SPIQ_PYTHON to one.",
  );
}
