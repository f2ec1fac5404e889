import { readFileSync } from 'node:fs';
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

const requirements = path.join(repositoryRoot, 'scripts', 'requirements', 'peers.txt');

/**
 * Networks and weights out of other frameworks and into them, against the frameworks themselves. SPIQ_PEERS_PYTHON names
 * an interpreter that has them; otherwise .venv/peers is made. A run of all tests leaves bench/results/peers-DATE.json.
 */
await runScript(async (argv) => {
  await setUp(repositoryRoot);
  process.env.SPIQ_PEERS_PYTHON = await peersPython();
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

async function peersPython() {
  const named = process.env.SPIQ_PEERS_PYTHON;
  if (!named) return ensurePython(repositoryRoot, 'peers');
  const program = findProgram(named, process.env);
  if (program !== undefined) return program;
  throw new SetupFailure(`SPIQ_PEERS_PYTHON names '${named}', which is no program.`);
}

async function record(run) {
  const built = (file) => import(pathToFileURL(path.join(repositoryRoot, 'dist', file)).href);
  const { toJson, today, writeResult } = await built('bench/results.js');
  const { describeMachine } = await built('bench/machine.js');
  const { passed, failed, skipped, tests } = run;
  const result = {
    date: today(),
    machine: describeMachine(),
    packages: packageVersions(process.env.SPIQ_PEERS_PYTHON, readFileSync(requirements, 'utf8')),
    passed,
    failed,
    skipped,
    tests: Object.fromEntries(tests.map(({ title, state }) => [title, state])),
  };
  writeResult(`peers-${result.date}.json`, toJson(result));
}
