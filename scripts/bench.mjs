import process from 'node:process';
import { runBuiltMain } from './lib/built-main.mjs';
import { runScript } from './lib/failure.mjs';
import { repositoryRoot } from './lib/paths.mjs';
import { ensurePython } from './lib/python-env.mjs';
import { setUp } from './lib/setup.mjs';

// The peers' side needs torch, which the profile of the fixtures has.
await runScript(async (argv) => {
  await setUp(repositoryRoot);
  const alone = argv.includes('--no-peers') || argv.includes('--help');
  if (!alone) process.env.SPIQ_BENCH_PYTHON = await ensurePython(repositoryRoot, 'fixtures');
  return runBuiltMain(repositoryRoot, 'dist/bench/main.js', argv);
});
