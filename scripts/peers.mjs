import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { SetupFailure, runScript } from './lib/failure.mjs';
import { findProgram } from './lib/find-program.mjs';
import { runMocha } from './lib/mocha-run.mjs';
import { repositoryRoot } from './lib/paths.mjs';
import { ensurePython } from './lib/python-env.mjs';
import { packageVersions } from './lib/python-packages.mjs';
import { setUp } from './lib/setup.mjs';
import { showTotals } from './lib/totals.mjs';

/** Which variable names the interpreter for scripts/requirements/PROFILE.txt. */
const variables = {
  peers: 'SPIQ_PEERS_PYTHON',
  keras: 'SPIQ_KERAS_PYTHON',
  envpool: 'SPIQ_ENVPOOL_PYTHON',
  frames: 'SPIQ_FRAMES_PYTHON',
};
const notes = path.join(repositoryRoot, 'build', 'logs', 'peers-notes.jsonl');

/**
 * Networks and weights out of other frameworks and into them, environments of EnvPool, and frames of games, against the
 * frameworks themselves. SPIQ_PEERS_PYTHON, SPIQ_KERAS_PYTHON, SPIQ_ENVPOOL_PYTHON and SPIQ_FRAMES_PYTHON name interpreters
 * that have them; otherwise .venv/peers, .venv/keras, .venv/envpool and .venv/frames are made. A run of all tests leaves
 * bench/results/peers-DATE.json, with what the tests noted (test/peers/notes.ts).
 */
await runScript(async (argv) => {
  await setUp(repositoryRoot);
  for (const [profile, variable] of Object.entries(variables)) {
    process.env[variable] = await pythonOf(profile, variable);
  }
  process.env.SPIQ_PEERS_NOTES = notes;
  rmSync(notes, { force: true });
  const arguments_ = argv.filter((argument) => argument !== '--');
  const run = await runMocha(
    repositoryRoot,
    ['--timeout', '600000', ...arguments_],
    ['dist/test/peers/**/*.test.js'],
  );
  if (arguments_.length === 0 && run.passed + run.failed > 0) await record(run);
  process.stdout.write(`${showTotals(run)}\n`);
  return run.failed === 0 && run.passed > 0 ? 0 : 1;
});

async function pythonOf(profile, variable) {
  const named = process.env[variable];
  if (!named) return ensurePython(repositoryRoot, profile);
  const program = findProgram(named, process.env);
  if (program !== undefined) return program;
  throw new SetupFailure(`${variable} names '${named}', which is no program.`);
}

function versionsOf([profile, variable]) {
  const file = path.join(repositoryRoot, 'scripts', 'requirements', `${profile}.txt`);
  return [profile, packageVersions(process.env[variable], readFileSync(file, 'utf8'))];
}

function readNotes() {
  if (!existsSync(notes)) return {};
  const lines = readFileSync(notes, 'utf8').trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => JSON.parse(line)));
}

async function record(run) {
  const built = (file) => import(pathToFileURL(path.join(repositoryRoot, 'dist', file)).href);
  const { toJson, today, writeResult } = await built('bench/results.js');
  const { describeMachine } = await built('bench/machine.js');
  const { passed, failed, skipped, tests } = run;
  const result = {
    date: today(),
    machine: describeMachine(),
    packages: Object.fromEntries(Object.entries(variables).map(versionsOf)),
    passed,
    failed,
    skipped,
    tests: Object.fromEntries(tests.map(({ title, state }) => [title, state])),
    notes: readNotes(),
  };
  writeResult(`peers-${result.date}.json`, toJson(result));
}
