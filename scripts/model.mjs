import { runBuiltMain } from './lib/built-main.mjs';
import { runScript } from './lib/failure.mjs';
import { repositoryRoot } from './lib/paths.mjs';
import { setUp } from './lib/setup.mjs';

await runScript(async (argv) => {
  await setUp(repositoryRoot);
  return runBuiltMain(repositoryRoot, 'dist/bench/model.js', argv);
});
